"""The procedure's own rows: tasks, steps, snapshots, and the monitoring that tasks ask for."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from budgets.models.money import money, plausible_year, sound_money
from budgets.models.scoping import Owned
from performance.models.papers import Indicator, Status, TargetTable
from performance.models.values import VALUE_KINDS, ValueColumns, sound_value
from performance.workflow import Paper

_LONG = 30000


class PaperKind(models.TextChoices):
    """What goes through the procedure (表)."""

    TARGET_TABLE = Paper.TARGET_TABLE.value, "绩效目标表"
    MONITORING = Paper.MONITORING.value, "绩效运行监控表"
    EVALUATION = Paper.EVALUATION.value, "绩效自评表"


class Task(models.Model):
    """What the finance bureau asks of units (任务): which paper, of which year, until when."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(
        "budgets.Region", models.PROTECT, verbose_name="地区", related_name="+"
    )
    paper = models.CharField("表", max_length=20, choices=PaperKind.choices)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("监控截至月份", null=True, blank=True)
    title = models.CharField("名称", max_length=120)
    form = models.CharField("表式", max_length=60, blank=True)
    ruleset = models.CharField("规则集", max_length=60, blank=True)
    ruleset_digest = models.CharField("规则集摘要", max_length=64, blank=True)
    deadline = models.DateTimeField("截止时间")
    issued_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="下达人", related_name="+"
    )
    issued_at = models.DateTimeField("下达时间", auto_now_add=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    lock_version = models.PositiveIntegerField("修改次数", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        constraints = (
            models.UniqueConstraint(
                fields=["issued_by", "paper", "fiscal_year", "title"], name="task_once"
            ),
            models.CheckConstraint(
                name="task_paper_known", condition=Q(paper__in=PaperKind.values)
            ),
            models.CheckConstraint(
                name="task_month_of_monitoring",
                condition=Q(paper="monitoring", month__gte=1, month__lte=12)
                | (~Q(paper="monitoring") & Q(month__isnull=True)),
            ),
            plausible_year("task"),
        )

    def __str__(self) -> str:
        return self.title


class TaskUnit(Owned):
    """A unit that a task is for (任务单位), and when it first handed its papers on."""

    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="units")
    first_submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "任务单位"
        constraints = (models.UniqueConstraint(fields=["task", "unit"], name="task_unit_once"),)

    def __str__(self) -> str:
        return f"{self.task} {self.unit}"


class TaskDeadline(models.Model):
    """That a task's deadline was moved (截止时间变更), by whom and why. Never rewritten."""

    task = models.ForeignKey(Task, models.PROTECT, verbose_name="任务", related_name="deadlines")
    was = models.DateTimeField("原截止时间")
    became = models.DateTimeField("新截止时间")
    reason = models.CharField("原因", max_length=200)
    moved_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="修改人", related_name="+"
    )
    moved_at = models.DateTimeField("修改时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "截止时间变更"
        constraints = (
            models.CheckConstraint(name="task_deadline_moved", condition=~Q(was=F("became"))),
            models.CheckConstraint(name="task_deadline_reasoned", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.was} → {self.became}"


class Monitoring(Owned):
    """A monitoring table (绩效运行监控表): how far a project is in the middle of its year."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        "budgets.Project", models.PROTECT, verbose_name="项目", related_name="monitorings"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("截至月份")
    table = models.ForeignKey(
        TargetTable, models.PROTECT, verbose_name="绩效目标表", related_name="monitorings"
    )
    task = models.ForeignKey(Task, models.PROTECT, verbose_name="任务", related_name="+")
    status = models.CharField("状态", max_length=24, choices=Status.choices, default=Status.DRAFT)
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    adjusted = money("全年预算数")
    executed = money("已执行数")
    cause = models.TextField("偏差原因", max_length=_LONG, blank=True)
    measures = models.TextField("纠偏措施", max_length=_LONG, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "绩效运行监控表"
        indexes = (models.Index(fields=["status", "task", "id"], name="monitoring_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=["project", "fiscal_year", "month"], name="monitoring_once"
            ),
            models.UniqueConstraint(fields=["id", "department"], name="monitoring_of_department"),
            models.CheckConstraint(
                name="monitoring_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="monitoring_month_real", condition=Q(month__gte=1, month__lte=12)
            ),
            sound_money("monitoring", "adjusted", "executed"),
            plausible_year("monitoring"),
        )

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year}-{self.month:02d} 监控"


class MonitoringLine(Owned, ValueColumns):
    """How far one indicator is (监控值), with a forecast for the year."""

    monitoring = models.ForeignKey(
        Monitoring, models.CASCADE, verbose_name="监控表", related_name="lines"
    )
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="指标", related_name="+")
    forecast = models.CharField("全年预计完成", max_length=200, blank=True)
    cause = models.TextField("偏差原因", max_length=_LONG, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "监控值"
        constraints = (
            models.UniqueConstraint(
                fields=["monitoring", "indicator"], name="monitoring_line_once"
            ),
            models.CheckConstraint(
                name="monitoring_line_kind_known", condition=Q(kind__in=["", *VALUE_KINDS])
            ),
            *sound_value("monitoring_line"),
        )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.text}"


class SnapshotKind(models.TextChoices):
    """Why a content was kept."""

    SAVED = "saved", "保存"
    SUBMITTED = "submitted", "提交"


class Snapshot(Owned):
    """A paper's whole content at one version (快照): what was submitted is never changed.

    Contents of drafts are kept so that a stale save can be compared with what it began from;
    they go when the paper is submitted.
    """

    paper = models.CharField("表", max_length=20, choices=PaperKind.choices)
    paper_id = models.BigIntegerField("表编号")
    lock_version = models.PositiveIntegerField("修改次数")
    kind = models.CharField("类别", max_length=12, choices=SnapshotKind.choices)
    digest = models.CharField("摘要", max_length=64)
    sm3 = models.CharField("SM3", max_length=64, null=True, blank=True)  # noqa: DJ001 - not asked for
    canonical = models.TextField("内容")
    actor = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="操作人", related_name="+"
    )
    taken_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "快照"
        constraints = (
            models.UniqueConstraint(
                fields=["paper", "paper_id", "lock_version", "kind"], name="snapshot_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.paper} {self.paper_id} v{self.lock_version}"


class Step(Owned):
    """One move of one paper (办理记录). Writing one is the only way to move a paper.

    The database checks it against its own copy of the table of moves and sets the paper's state.
    """

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    paper = models.CharField("表", max_length=20, choices=PaperKind.choices)
    paper_id = models.BigIntegerField("表编号")
    verb = models.CharField("动作", max_length=24)
    source = models.CharField("原状态", max_length=24, choices=Status.choices)
    target = models.CharField("新状态", max_length=24, choices=Status.choices)
    role = models.CharField("身份", max_length=24)
    actor = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="办理人", related_name="+"
    )
    digest = models.CharField("所见内容的摘要", max_length=64, blank=True)
    reason_code = models.CharField("原因", max_length=40, blank=True)
    reason = models.TextField("说明", max_length=_LONG, blank=True)
    cells = models.JSONField("有疑问的格", default=list)
    late = models.BooleanField("逾期", default=False)
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "办理记录"
        indexes = (models.Index(fields=["paper", "paper_id", "id"], name="step_of_paper"),)

    def __str__(self) -> str:
        return f"{self.paper} {self.paper_id}: {self.source} → {self.target}"
