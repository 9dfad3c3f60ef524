"""Spot checks of self-evaluations: what was drawn, from what, and what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from budgets.models.scoping import Owned
from performance.models.papers import Evaluation
from performance.models.procedure import Task

_LONG = 30000


class SpotCheck(models.Model):
    """A sample drawn from a task's self-evaluations (抽查): seed, size and the population's digest.

    Whoever has the same population draws the same sample from them again.
    """

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, models.PROTECT, verbose_name="任务", related_name="+")
    seed = models.CharField("种子", max_length=64)
    size = models.PositiveIntegerField("拟抽数")
    population = models.PositiveIntegerField("总体数")
    population_digest = models.CharField("总体的摘要", max_length=64)
    strata = models.JSONField("分层", default=list)
    drawn_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="抽取人", related_name="+"
    )
    drawn_at = models.DateTimeField("抽取时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        constraints = (
            models.CheckConstraint(
                name="spot_check_digest_hex",
                condition=Q(population_digest__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(name="spot_check_seeded", condition=~Q(seed="")),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.seed}"


class SpotCheckItem(Owned):
    """One self-evaluation that was drawn (抽查项), its own figures then, and what was found."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    spot_check = models.ForeignKey(
        SpotCheck, models.PROTECT, verbose_name="抽查", related_name="items"
    )
    seq = models.PositiveIntegerField("序号")
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="自评表", related_name="+"
    )
    amount_class = models.CharField("金额类别", max_length=8)
    risk_class = models.CharField("风险类别", max_length=8)
    claimed = models.DecimalField("自评总分", max_digits=7, decimal_places=2, null=True, blank=True)
    claimed_grade = models.CharField("自评等级", max_length=4, blank=True)
    points = models.DecimalField("抽查得分", max_digits=7, decimal_places=2, null=True, blank=True)
    grade = models.CharField("抽查等级", max_length=4, blank=True)
    words = models.TextField("情况", max_length=_LONG, blank=True)
    checked_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="抽查人",
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField("抽查时间", null=True, blank=True)
    lock_version = models.PositiveIntegerField("修改次数", default=1)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "抽查项"
        constraints = (
            models.UniqueConstraint(
                fields=["spot_check", "evaluation"], name="spot_check_item_once"
            ),
            models.CheckConstraint(
                name="spot_check_item_whole",
                condition=Q(points=None, checked_by=None, checked_at=None, words="")
                | (
                    Q(points__gte=0, points__lte=1000, checked_by__isnull=False)
                    & Q(checked_at__isnull=False)
                    & ~Q(words="")
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.spot_check}/{self.seq}"
