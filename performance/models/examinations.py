"""What the examination of a paper found, and what a reviewer concluded from it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from budgets.models.money import plausible_year
from budgets.models.scoping import Owned
from performance.models.procedure import PaperKind, Task

_LONG = 30000
GRADE_CHOICES = (("优", "优"), ("良", "良"), ("中", "中"), ("差", "差"))
_GRADED = ("", *(grade for grade, _ in GRADE_CHOICES))


class Examination(Owned):
    """The newest examination of a paper (审核): what was found when it was last handed on.

    One row for each paper. ``digest`` is that of the content examined, the same as its
    snapshot's. Of a target table it also holds the conclusion worked out from the findings, and
    beside it the reviewer's own; handing the table on again begins both anew.
    """

    paper = models.CharField("表", max_length=20, choices=PaperKind.choices)
    paper_id = models.BigIntegerField("表编号")
    digest = models.CharField("所审内容的摘要", max_length=64)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    task = models.ForeignKey(
        Task, models.PROTECT, verbose_name="任务", null=True, blank=True, related_name="+"
    )
    stage = models.CharField("环节", max_length=12)
    limits = models.CharField("审核界限", max_length=60)
    ruleset = models.CharField("规则集", max_length=60)
    findings = models.JSONField("发现", default=list)
    codes = ArrayField(
        models.CharField(max_length=8), verbose_name="编号", default=list, blank=True
    )
    blocks = models.PositiveSmallIntegerField("阻断", default=0)
    errors = models.PositiveSmallIntegerField("错误", default=0)
    notices = models.PositiveSmallIntegerField("提示", default=0)
    aspects = models.JSONField("各方面结论", default=dict, blank=True)
    overall = models.CharField("总体结论", max_length=2, blank=True, choices=GRADE_CHOICES)
    own_aspects = models.JSONField("审核人的各方面结论", default=dict, blank=True)
    own_overall = models.CharField(
        "审核人的总体结论", max_length=2, blank=True, choices=GRADE_CHOICES
    )
    own_words = models.TextField("审核人的说明", max_length=_LONG, blank=True)
    concluded_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="结论人",
        null=True,
        blank=True,
        related_name="+",
    )
    concluded_at = models.DateTimeField("结论时间", null=True, blank=True)
    risk = models.PositiveSmallIntegerField("风险", default=0)
    reasons = models.JSONField("风险的原因", default=list, blank=True)
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    examined_at = models.DateTimeField("审核时间")

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "审核"
        indexes = (
            GinIndex(fields=["codes"], name="examination_codes"),
            models.Index(fields=["task", "-risk", "id"], name="examination_queue"),
            models.Index(fields=["-risk", "id"], name="examination_by_risk"),
            models.Index(fields=["unit", "fiscal_year", "paper"], name="examination_of_unit"),
        )
        constraints = (
            models.UniqueConstraint(fields=["paper", "paper_id"], name="examination_once"),
            models.UniqueConstraint(fields=["id", "department"], name="examination_of_department"),
            models.CheckConstraint(
                name="examination_paper_known", condition=Q(paper__in=PaperKind.values)
            ),
            models.CheckConstraint(
                name="examination_digest_hex", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="examination_grades_known",
                condition=Q(overall__in=_GRADED, own_overall__in=_GRADED),
            ),
            models.CheckConstraint(
                name="examination_conclusion_whole",
                condition=Q(own_overall="", concluded_by=None, concluded_at=None)
                | (~Q(own_overall="") & Q(concluded_by__isnull=False, concluded_at__isnull=False)),
            ),
            plausible_year("examination"),
        )

    def __str__(self) -> str:
        return f"{self.paper} {self.paper_id}：{self.blocks}/{self.errors}/{self.notices}"
