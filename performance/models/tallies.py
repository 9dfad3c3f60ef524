"""How many papers stand where, department by department: sums kept so that nobody counts them all."""

from __future__ import annotations

from django.db import models

from budgets.models.money import plausible_year
from performance.models.papers import Status
from performance.models.procedure import PaperKind


class Tally(models.Model):
    """Papers of a department that are alike in all that a count asks (计数).

    Worked out from the papers; a department in which something changed since then has a mark.
    """

    department = models.ForeignKey(
        "budgets.Department",
        models.DO_NOTHING,
        verbose_name="主管部门",
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    paper = models.CharField("表", max_length=20, choices=PaperKind.choices)
    status = models.CharField("状态", max_length=24, choices=Status.choices)
    imported = models.BooleanField("来自文件")
    """Brought in as a published document: nobody's private draft."""
    claimed_grade = models.CharField("自评等级", max_length=4, blank=True)
    computed_grade = models.CharField("按规则的等级", max_length=4, blank=True)
    count = models.PositiveIntegerField("张数")

    class Meta:
        verbose_name = verbose_name_plural = "计数"
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "department", "fiscal_year", "paper", "status", "imported", "claimed_grade",
                    "computed_grade",
                ),
                name="tally_once",
            ),
            models.CheckConstraint(name="tally_of_some", condition=models.Q(count__gt=0)),
            plausible_year("tally"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.department_id}/{self.fiscal_year}/{self.paper}/{self.status}: {self.count}"


class TallyMark(models.Model):
    """Something that is counted changed in a department (待重新计数); written by the database alone.

    A row for each change instead of a counter: writers never wait for one another.
    """

    department = models.ForeignKey(
        "budgets.Department",
        models.DO_NOTHING,
        verbose_name="主管部门",
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = "待重新计数"

    def __str__(self) -> str:
        return str(self.department_id)
