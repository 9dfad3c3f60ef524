"""Scores are rows of their own: a run, its narrow lines, the findings. Never changed."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from budgets.models.money import plausible_year
from budgets.models.scoping import Owned
from performance.models.papers import Evaluation


class RunKind(models.TextChoices):
    """Where the points of a run come from."""

    COMPUTED = "computed", "按规则"
    REVIEWED = "reviewed", "复核"


class ScoreRun(Owned):
    """One scoring of an evaluation by a rule set (评分); a later one stands beside it."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey(
        Evaluation, models.CASCADE, verbose_name="自评表", related_name="score_runs"
    )
    kind = models.CharField(
        "种类", max_length=12, choices=RunKind.choices, db_default=RunKind.COMPUTED
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    ruleset = models.CharField("规则集", max_length=60)
    ruleset_digest = models.CharField("规则集摘要", max_length=64)
    total = models.DecimalField("得分", max_digits=7, decimal_places=2)
    available = models.DecimalField("可评分值", max_digits=9, decimal_places=4)
    complete = models.BooleanField("全部已评")
    grade = models.CharField("等级", max_length=4, blank=True)
    cap = models.DecimalField("封顶", max_digits=7, decimal_places=2, null=True, blank=True)
    claimed_total = models.DecimalField(
        "自评总分", max_digits=7, decimal_places=2, null=True, blank=True
    )
    claimed_grade = models.CharField("自评等级", max_length=4, blank=True)
    lines_digest = models.CharField("明细摘要", max_length=64)
    actor = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="操作人", related_name="+"
    )
    scored_at = models.DateTimeField("评分时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "评分"
        constraints = (
            models.CheckConstraint(
                name="score_run_total_sound", condition=Q(total__gte=0, total__lte=10000)
            ),
            models.CheckConstraint(
                name="score_run_graded_when_complete", condition=Q(complete=True) | Q(grade="")
            ),
            models.CheckConstraint(
                name="score_run_kind_known", condition=Q(kind__in=RunKind.values)
            ),
            plausible_year("score_run"),
        )

    def __str__(self) -> str:
        return f"{self.evaluation} {self.total}"


class ScoreLine(models.Model):
    """The score of one line (评分明细): figures and codes; the words are made from them.

    Partitioned by fiscal year. Line 0 is budget execution, the others are indicators.
    """

    pk = models.CompositePrimaryKey("fiscal_year", "run_id", "seq")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    run_id = models.BigIntegerField("评分")
    seq = models.PositiveSmallIntegerField("序号")
    department_id = models.BigIntegerField("主管部门")
    indicator_id = models.BigIntegerField("指标", null=True)
    state = models.CharField("状态", max_length=16)
    points = models.DecimalField("分值", max_digits=16, decimal_places=4, null=True)
    claimed = models.DecimalField("自评得分", max_digits=16, decimal_places=4, null=True)
    awarded = models.DecimalField("得分", max_digits=9, decimal_places=2, null=True)
    ratio = models.DecimalField("完成比率", max_digits=7, decimal_places=6, null=True)
    reason = models.CharField("理由", max_length=40)
    notes = ArrayField(models.CharField(max_length=40), verbose_name="备注", default=list)

    class Meta:
        managed = False
        db_table = "performance_scoreline"
        verbose_name = verbose_name_plural = "评分明细"

    def __str__(self) -> str:
        return f"{self.run_id}/{self.seq}"


class FindingRow(models.Model):
    """What a check found on a scored evaluation (发现). Partitioned by fiscal year."""

    pk = models.CompositePrimaryKey("fiscal_year", "run_id", "seq")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    run_id = models.BigIntegerField("评分")
    seq = models.PositiveSmallIntegerField("序号")
    department_id = models.BigIntegerField("主管部门")
    code = models.CharField("编号", max_length=8)
    severity = models.CharField("严重程度", max_length=8)
    indicator = models.TextField("指标")
    message = models.TextField("内容")
    at = models.CharField("位置", max_length=40)
    field = models.CharField("栏", max_length=20, default="")
    aspect = models.CharField("方面", max_length=8, default="")
    basis = models.CharField("依据", max_length=200, default="")

    class Meta:
        managed = False
        db_table = "performance_finding"
        verbose_name = verbose_name_plural = "发现"

    def __str__(self) -> str:
        return f"{self.code} {self.message[:40]}"


class ReviewState(models.TextChoices):
    """Whether a review still goes on."""

    OPEN = "open", "复核中"
    CONFIRMED = "confirmed", "已确认"
    DROPPED = "dropped", "已作废"


class Review(Owned):
    """A second figure beside the claimed one (复核), with its grade and its reason."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="自评表", related_name="reviews"
    )
    reviewer = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="复核人", related_name="+"
    )
    run = models.ForeignKey(
        ScoreRun, models.PROTECT, verbose_name="评分", null=True, blank=True, related_name="+"
    )
    outcome = models.ForeignKey(
        ScoreRun, models.PROTECT, verbose_name="复核评分", null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        "状态", max_length=12, choices=ReviewState.choices, default=ReviewState.OPEN
    )
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    digest = models.CharField("所见内容的摘要", max_length=64, blank=True)
    total = models.DecimalField("复核得分", max_digits=7, decimal_places=2, null=True, blank=True)
    grade = models.CharField("复核等级", max_length=4, blank=True)
    opinion = models.TextField("意见", blank=True)
    notes = ArrayField(
        models.CharField(max_length=200), verbose_name="要点", default=list, blank=True
    )
    reviewed_at = models.DateTimeField("复核时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "复核"
        indexes = (models.Index(fields=["state", "evaluation"], name="review_by_state"),)
        constraints = (
            models.UniqueConstraint(fields=["id", "department"], name="review_of_department"),
            models.UniqueConstraint(
                fields=["evaluation"],
                name="review_one_open",
                condition=Q(state=ReviewState.OPEN),
            ),
            models.CheckConstraint(
                name="review_state_known", condition=Q(state__in=ReviewState.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.evaluation} 复核"


class ReviewLine(Owned):
    """A line whose points the reviewer set otherwise than the rule (复核调整), and why.

    Line 0 is budget execution, the others are the lines of the score run.
    """

    review = models.ForeignKey(Review, models.CASCADE, verbose_name="复核", related_name="lines")
    seq = models.PositiveSmallIntegerField("序号")
    points = models.DecimalField("复核得分", max_digits=9, decimal_places=2)
    reason_code = models.CharField("原因", max_length=40)
    reason = models.TextField("说明", max_length=30000)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "复核调整"
        constraints = (
            models.UniqueConstraint(fields=["review", "seq"], name="review_line_once"),
            models.CheckConstraint(
                name="review_line_points_sound", condition=Q(points__gte=0, points__lte=1000)
            ),
            models.CheckConstraint(
                name="review_line_reasoned", condition=~Q(reason_code="") & ~Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} {self.seq}"
