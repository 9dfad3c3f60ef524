"""The columns of a written value, and what must hold of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

_LONG = 30000


class ValueColumns(models.Model):
    """The columns of one written value: the text beside what it was read as."""

    text = models.TextField("原文", max_length=_LONG, blank=True)
    kind = models.CharField("类型", max_length=16, blank=True)
    comparator = models.CharField("比较符", max_length=8, blank=True)
    number = models.DecimalField("数值", max_digits=28, decimal_places=10, null=True, blank=True)
    number_upper = models.DecimalField(
        "上限", max_digits=28, decimal_places=10, null=True, blank=True
    )
    day = models.DateField("日期", null=True, blank=True)
    day_upper = models.DateField("最后一天", null=True, blank=True)
    measure_unit = models.CharField("计量单位", max_length=40, blank=True)
    approximate = models.BooleanField("约数", default=False)
    inferred = ArrayField(
        models.CharField(max_length=40), verbose_name="推断", default=list, blank=True
    )
    value_problems = ArrayField(
        models.CharField(max_length=40), verbose_name="问题", default=list, blank=True
    )

    class Meta:
        abstract = True


VALUE_KINDS = ["quantitative", "qualitative", "date", "range", "yes_no", "bound", "not_applicable"]
_COMPARATORS = ["", "≥", ">", "≤", "<", "=", "range"]


def sound_value(table: str) -> list[models.CheckConstraint]:
    """Constraints of the value columns: the figures that a kind must have, and no NaN."""
    no_figure = Q(number__isnull=True, day__isnull=True)
    return [
        models.CheckConstraint(
            name=f"{table}_kind_has_its_figures",
            condition=(
                Q(kind__in=["", "qualitative", "yes_no", "not_applicable"]) & no_figure
                | Q(kind__in=["quantitative", "bound"], number__isnull=False, day__isnull=True)
                | Q(kind="range", number__isnull=False, number_upper__gte=models.F("number"))
                | Q(kind="date", day__isnull=False, number__isnull=True)
            ),
        ),
        models.CheckConstraint(
            name=f"{table}_comparator_known", condition=Q(comparator__in=_COMPARATORS)
        ),
        models.CheckConstraint(
            name=f"{table}_number_sound",
            condition=(Q(number__isnull=True) | Q(number__gte="-1e18", number__lte="1e18"))
            & (
                Q(number_upper__isnull=True)
                | Q(number_upper__gte="-1e18", number_upper__lte="1e18")
            ),
        ),
        models.CheckConstraint(
            name=f"{table}_days_in_order",
            condition=Q(day_upper__isnull=True) | Q(day_upper__gte=models.F("day")),
        ),
    ]
