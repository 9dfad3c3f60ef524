"""The papers: documents, target tables with their objectives and indicators, evaluations, actuals."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from budgets.models.money import money, plausible_year, sound_money
from budgets.models.scoping import Owned
from performance.models.values import VALUE_KINDS, ValueColumns, sound_value
from performance.reports.overview import GOOD, POOR, SPENT, UNSPENT
from performance.workflow import STATE_LABELS, State

_LONG = 30000


class Status(models.TextChoices):
    """Where a paper stands in the procedure (状态): the states of ``workflow.py`` with their words."""

    DRAFT = State.DRAFT.value, STATE_LABELS[State.DRAFT]
    SUBMITTED = State.SUBMITTED.value, STATE_LABELS[State.SUBMITTED]
    UNIT_CHECKED = State.UNIT_CHECKED.value, STATE_LABELS[State.UNIT_CHECKED]
    DEPARTMENT_REVIEWED = State.DEPARTMENT_REVIEWED.value, STATE_LABELS[State.DEPARTMENT_REVIEWED]
    APPROVED = State.APPROVED.value, STATE_LABELS[State.APPROVED]
    CONFIRMED = State.CONFIRMED.value, STATE_LABELS[State.CONFIRMED]
    PUBLISHED = State.PUBLISHED.value, STATE_LABELS[State.PUBLISHED]
    RETURNED = State.RETURNED.value, STATE_LABELS[State.RETURNED]
    WITHDRAWN = State.WITHDRAWN.value, STATE_LABELS[State.WITHDRAWN]
    SUPERSEDED = State.SUPERSEDED.value, STATE_LABELS[State.SUPERSEDED]
    CLOSED = State.CLOSED.value, STATE_LABELS[State.CLOSED]


class ScopeChoice(models.TextChoices):
    """What a table is about (对象)."""

    PROJECT = "project", "项目"
    DEPARTMENT = "department", "部门整体"
    POLICY = "policy", "政策"


class Document(Owned):
    """A file a unit uploaded or published (文件); its bytes are kept once, under their SHA-256."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64, null=True, blank=True)  # noqa: DJ001 - not asked for
    format = models.CharField("格式", max_length=8)
    name = models.CharField("文件名", max_length=255)
    size = models.PositiveBigIntegerField("大小")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    imported_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="导入人", related_name="+"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "文件"
        constraints = (
            models.UniqueConstraint(fields=["unit", "sha256"], name="document_once"),
            models.UniqueConstraint(fields=["id", "department"], name="document_of_department"),
            models.CheckConstraint(
                name="document_sha256_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            plausible_year("document"),
        )

    def __str__(self) -> str:
        return self.name


class ImportRun(Owned):
    """One reading of a document (导入): what was found and what could not be placed."""

    document = models.ForeignKey(Document, models.CASCADE, verbose_name="文件", related_name="runs")
    problems = models.JSONField("问题", default=list)
    findings = models.JSONField("发现", default=list)
    table_count = models.PositiveIntegerField("表数")
    indicator_count = models.PositiveIntegerField("指标数")
    actor = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="操作人", related_name="+"
    )
    finished_at = models.DateTimeField("完成时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "导入"

    def __str__(self) -> str:
        return f"{self.document} {self.finished_at:%Y-%m-%d %H:%M}"


class TargetTable(Owned):
    """A performance target table (绩效目标表) of a project in a year, in one of its revisions.

    A self-evaluation that comes without its target table brings its indicators in one of these,
    with ``from_evaluation`` set.
    """

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "budgets.Project", models.PROTECT, verbose_name="项目", related_name="target_tables"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    scope = models.CharField(
        "对象", max_length=12, choices=ScopeChoice.choices, default=ScopeChoice.PROJECT
    )
    revision = models.PositiveSmallIntegerField("版本", default=1)
    status = models.CharField("状态", max_length=24, choices=Status.choices, default=Status.DRAFT)
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    from_evaluation = models.BooleanField("随自评表导入", default=False)
    task = models.ForeignKey(
        "performance.Task",
        models.PROTECT,
        verbose_name="任务",
        null=True,
        blank=True,
        related_name="+",
    )
    adjusts = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="被调整的版本",
        null=True,
        blank=True,
        related_name="adjustments",
    )
    adjustment_reason = models.CharField("调整原因", max_length=40, blank=True)
    adjustment_words = models.TextField("调整说明", max_length=_LONG, blank=True)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        verbose_name="文件",
        null=True,
        blank=True,
        related_name="target_tables",
    )
    at = models.CharField("位置", max_length=40, blank=True)
    supervisor_text = models.CharField("主管部门（原文）", max_length=200, blank=True)
    unit_text = models.CharField("实施单位（原文）", max_length=200, blank=True)
    goal_points = models.DecimalField(
        "指标总分", max_digits=7, decimal_places=2, null=True, blank=True
    )
    inferred = ArrayField(
        models.CharField(max_length=40), verbose_name="推断", default=list, blank=True
    )

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "绩效目标表"
        indexes = (models.Index(fields=["status", "task", "id"], name="target_table_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=["project", "fiscal_year", "from_evaluation", "revision"],
                name="target_table_once",
            ),
            models.UniqueConstraint(fields=["id", "department"], name="target_table_of_department"),
            models.CheckConstraint(
                name="target_table_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="target_table_scope_known", condition=Q(scope__in=ScopeChoice.values)
            ),
            plausible_year("target_table"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year}"


class Objective(Owned):
    """An overall objective (总体目标): words, not numbers."""

    table = models.ForeignKey(
        TargetTable, models.CASCADE, verbose_name="绩效目标表", related_name="objectives"
    )
    seq = models.PositiveSmallIntegerField("序号")
    text = models.TextField("预期目标", max_length=_LONG)
    completed = models.TextField("实际完成情况", max_length=_LONG, blank=True)
    share = models.DecimalField("权重", max_digits=7, decimal_places=6, null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "总体目标"
        constraints = (
            models.UniqueConstraint(fields=["table", "seq"], name="objective_once"),
            models.CheckConstraint(
                name="objective_share_is_share",
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
            ),
        )

    def __str__(self) -> str:
        return self.text[:40]


class Indicator(Owned, ValueColumns):
    """A level-3 indicator (三级指标) with its target value; levels 1 and 2 are labels on it."""

    table = models.ForeignKey(
        TargetTable, models.CASCADE, verbose_name="绩效目标表", related_name="indicators"
    )
    seq = models.PositiveSmallIntegerField("序号")
    level1 = models.CharField("一级指标", max_length=60, blank=True)
    level2 = models.CharField("二级指标", max_length=60, blank=True)
    level1_text = models.CharField("一级指标（原文）", max_length=120, blank=True)
    level2_text = models.CharField("二级指标（原文）", max_length=120, blank=True)
    name = models.CharField("三级指标", max_length=500)
    goal = models.CharField("目标", max_length=200, blank=True)
    definition = models.TextField("指标解释", max_length=_LONG, blank=True)
    points = models.DecimalField("分值", max_digits=16, decimal_places=4, null=True, blank=True)
    basis = models.TextField("指标值依据", max_length=_LONG, blank=True)
    prior_actual = models.TextField("上年完成值", max_length=_LONG, blank=True)
    scoring_rule = models.TextField("赋分规则", max_length=_LONG, blank=True)
    evidence = models.TextField("佐证资料", max_length=_LONG, blank=True)
    row_inferred = ArrayField(
        models.CharField(max_length=40), verbose_name="行的推断", default=list, blank=True
    )
    at = models.CharField("位置", max_length=40, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "绩效指标"
        constraints = (
            models.UniqueConstraint(fields=["table", "seq"], name="indicator_once"),
            models.UniqueConstraint(fields=["id", "department"], name="indicator_of_department"),
            models.CheckConstraint(name="indicator_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="indicator_kind_known",
                condition=Q(kind__in=["", *[k for k in VALUE_KINDS if k != "bound"]]),
            ),
            models.CheckConstraint(
                name="indicator_points_sound",
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=1000),
            ),
            *sound_value("indicator"),
        )

    def __str__(self) -> str:
        return self.name


class EvaluationKind(models.TextChoices):
    """Who evaluates (评价类型)."""

    SELF = "self", "单位自评"
    DEPARTMENT = "department", "部门评价"
    FINANCE = "finance", "财政评价"


IN_A_CORNER = Q(budget_used__gt=0) & (
    Q(executed__gte=F("budget_used") * SPENT, total_claimed__lt=POOR)
    | Q(executed__lt=F("budget_used") * UNSPENT, total_claimed__gte=GOOD)
)
"""Self-evaluations that ``Dot.corner`` puts into a corner: they have an index of their own."""


class Evaluation(Owned):
    """A self-evaluation (绩效自评表) of a project in a year: actuals, execution, the claimed total."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "budgets.Project", models.PROTECT, verbose_name="项目", related_name="evaluations"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField(
        "评价类型", max_length=12, choices=EvaluationKind.choices, default=EvaluationKind.SELF
    )
    status = models.CharField("状态", max_length=24, choices=Status.choices, default=Status.DRAFT)
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    table = models.ForeignKey(
        TargetTable, models.PROTECT, verbose_name="绩效目标表", related_name="evaluations"
    )
    task = models.ForeignKey(
        "performance.Task",
        models.PROTECT,
        verbose_name="任务",
        null=True,
        blank=True,
        related_name="+",
    )
    ruleset = models.CharField("规则集", max_length=60)
    ruleset_digest = models.CharField("规则集摘要", max_length=64)
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        verbose_name="文件",
        null=True,
        blank=True,
        related_name="evaluations",
    )
    at = models.CharField("位置", max_length=40, blank=True)
    has_execution = models.BooleanField("有预算执行", default=False)
    budget = money("预算数（表内）")
    budget_used = money("预算数（采用）")
    executed = money("执行数")
    rate_claimed = models.DecimalField(
        "自报执行率", max_digits=12, decimal_places=6, null=True, blank=True
    )
    execution_points = models.DecimalField(
        "执行分值", max_digits=7, decimal_places=2, null=True, blank=True
    )
    execution_claimed = models.DecimalField(
        "执行自评得分", max_digits=7, decimal_places=2, null=True, blank=True
    )
    execution_at = models.CharField("执行行位置", max_length=40, blank=True)
    finished = models.BooleanField("项目已完成", null=True, blank=True)
    execution_inferred = ArrayField(
        models.CharField(max_length=40), verbose_name="推断", default=list, blank=True
    )
    total_claimed = models.DecimalField(
        "自评总分", max_digits=7, decimal_places=2, null=True, blank=True
    )
    deviation_reason = models.TextField("偏差原因", max_length=_LONG, blank=True)
    improvement = models.TextField("改进措施", max_length=_LONG, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "绩效自评表"
        indexes = (
            models.Index(fields=["status", "task", "id"], name="evaluation_by_state"),
            models.Index(
                fields=["fiscal_year", "id"], name="evaluation_in_a_corner", condition=IN_A_CORNER
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["project", "fiscal_year", "kind"], name="evaluation_once"
            ),
            models.UniqueConstraint(fields=["id", "department"], name="evaluation_of_department"),
            models.CheckConstraint(
                name="evaluation_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="evaluation_kind_known", condition=Q(kind__in=EvaluationKind.values)
            ),
            sound_money("evaluation", "budget", "budget_used", "executed"),
            models.CheckConstraint(
                name="evaluation_points_sound",
                condition=(
                    Q(execution_points__isnull=True)
                    | Q(execution_points__gte=0, execution_points__lte=1000)
                )
                & (
                    Q(total_claimed__isnull=True)
                    | Q(total_claimed__gte=-1000, total_claimed__lte=10000)
                ),
            ),
            plausible_year("evaluation"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year} 自评"


class ActualState(models.TextChoices):
    """Zero, missing and not applicable are three things (状态)."""

    PRESENT = "present", "已填"
    MISSING = "missing", "未填"
    NOT_APPLICABLE = "not_applicable", "不适用"


class Actual(Owned, ValueColumns):
    """What was achieved on one indicator (实际完成值), and the points the unit gave itself."""

    evaluation = models.ForeignKey(
        Evaluation, models.CASCADE, verbose_name="自评表", related_name="actuals"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="指标", related_name="actuals"
    )
    state = models.CharField("填报状态", max_length=16, choices=ActualState.choices)
    claimed = models.DecimalField(
        "自评得分", max_digits=16, decimal_places=4, null=True, blank=True
    )
    deviation = models.TextField("偏差原因", max_length=_LONG, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "实际完成值"
        constraints = (
            models.UniqueConstraint(fields=["evaluation", "indicator"], name="actual_once"),
            models.CheckConstraint(
                name="actual_state_agrees",
                condition=(
                    Q(
                        state=ActualState.PRESENT,
                        kind__in=[k for k in VALUE_KINDS if k != "not_applicable"],
                    )
                    | Q(state=ActualState.MISSING, kind="")
                    | Q(state=ActualState.NOT_APPLICABLE, kind="not_applicable")
                ),
            ),
            models.CheckConstraint(
                name="actual_claim_sound",
                condition=Q(claimed__isnull=True) | Q(claimed__gte=-1000, claimed__lte=10000),
            ),
            *sound_value("actual"),
        )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.text}"


class Evidence(Owned):
    """A claim that a document supports an actual (佐证资料)."""

    actual = models.ForeignKey(
        Actual, models.CASCADE, verbose_name="实际完成值", related_name="evidence_items"
    )
    document = models.ForeignKey(Document, models.PROTECT, verbose_name="文件", related_name="+")
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "佐证资料"

    def __str__(self) -> str:
        return self.note
