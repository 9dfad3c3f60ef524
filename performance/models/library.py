"""The indicator library: what published target tables use, gathered under their names."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


def _figure(words: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(words, max_digits=28, decimal_places=10, null=True, blank=True)


class LibraryEntry(models.Model):
    """An indicator of the library (指标库条目): region-wide, made of published tables alone.

    Gathered anew as a whole; no department owns it and nothing unpublished stands in it.
    """

    level1 = models.CharField("一级指标", max_length=60, blank=True)
    level2 = models.CharField("二级指标", max_length=60, blank=True)
    name = models.CharField("三级指标", max_length=500)
    normal = models.CharField("名称的规范形", max_length=300)
    aliases = ArrayField(
        models.CharField(max_length=300), verbose_name="并入的名称", default=list, blank=True
    )
    comparator = models.CharField("常用比较符", max_length=8, blank=True)
    measure_unit = models.CharField("常用计量单位", max_length=40, blank=True)
    target = models.TextField("常用指标值", blank=True)
    lowest, median, highest = _figure("最低"), _figure("中位"), _figure("最高")
    range_texts = ArrayField(
        models.TextField(), verbose_name="最低、中位、最高（原文）", default=list, blank=True
    )
    uses = models.PositiveIntegerField("使用次数")
    judged = models.PositiveIntegerField("有完成情况的次数")
    reached = models.PositiveIntegerField("达标次数")
    departments = models.PositiveIntegerField("部门数")
    fields = ArrayField(models.CharField(max_length=200), verbose_name="领域", default=list)
    regions = ArrayField(models.CharField(max_length=60), verbose_name="地区", default=list)
    first_year = models.PositiveSmallIntegerField("最早年度")
    last_year = models.PositiveSmallIntegerField("最近年度")
    examples = models.JSONField("并列对照", default=list)
    gathered_at = models.DateTimeField("归集时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标库条目"
        constraints = (
            models.UniqueConstraint(fields=["level2", "normal"], name="library_entry_once"),
            models.CheckConstraint(
                name="library_entry_counts_sound",
                condition=models.Q(uses__gte=models.F("judged"), judged__gte=models.F("reached")),
            ),
        )
        indexes = (
            GinIndex(fields=["normal"], name="library_normal_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["fields"], name="library_fields"),
            models.Index(fields=["-uses", "level2", "normal"], name="library_most_used"),
        )

    def __str__(self) -> str:
        return self.name
