"""What comes of a review: the unit's word on it, and what has to be mended."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from budgets.models.scoping import Owned
from performance.models.papers import Document, Evaluation
from performance.models.scores import Review


class Feedback(Owned):
    """A reviewed sheet that was sent to the unit (复核意见反馈), with the day until which it may object."""

    review = models.OneToOneField(
        Review, models.PROTECT, verbose_name="复核", related_name="feedback"
    )
    digest = models.CharField("所发内容的摘要", max_length=64)
    deadline = models.DateTimeField("答复期限")
    sent_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="发出人", related_name="+"
    )
    sent_at = models.DateTimeField("发出时间", auto_now_add=True)
    finished_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="答复人",
        null=True,
        blank=True,
        related_name="+",
    )
    finished_at = models.DateTimeField("答复完毕时间", null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "复核反馈"
        constraints = (
            models.UniqueConstraint(fields=["id", "department"], name="feedback_of_department"),
            models.CheckConstraint(
                name="feedback_finished_by_somebody",
                condition=Q(finished_by=None, finished_at=None)
                | Q(finished_by__isnull=False, finished_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} 反馈"


class Decision(models.TextChoices):
    """What became of an objection."""

    UPHELD = "upheld", "采纳"
    DISMISSED = "dismissed", "不采纳"


class FeedbackAnswer(Owned):
    """The unit's word on one line of the reviewed sheet (申诉), and the reviewer's decision on it."""

    feedback = models.ForeignKey(
        Feedback, models.PROTECT, verbose_name="复核反馈", related_name="answers"
    )
    seq = models.PositiveSmallIntegerField("序号")
    objects_to = models.BooleanField("申诉")
    words = models.TextField("单位意见", max_length=30000, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="佐证", null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="答复人", related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", auto_now_add=True)
    decision = models.CharField("决定", max_length=12, choices=Decision.choices, blank=True)
    decision_words = models.TextField("决定的理由", max_length=30000, blank=True)
    decided_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="决定人",
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "复核答复"
        constraints = (
            models.UniqueConstraint(fields=["feedback", "seq"], name="feedback_answer_once"),
            models.CheckConstraint(
                name="feedback_objection_worded", condition=Q(objects_to=False) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="feedback_decided_whole",
                condition=Q(decision="", decision_words="", decided_by=None, decided_at=None)
                | (
                    Q(decision__in=Decision.values, objects_to=True, decided_by__isnull=False)
                    & Q(decided_at__isnull=False)
                    & ~Q(decision_words="")
                ),
            ),
            models.CheckConstraint(
                name="feedback_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("answered_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.feedback} {self.seq}"


class ItemState(models.TextChoices):
    """How far a matter is mended."""

    OPEN = "open", "待整改"
    ANSWERED = "answered", "已答复，待销号"
    RETURNED = "returned", "退回，继续整改"
    CLOSED = "closed", "已销号"


class RectificationItem(Owned):
    """Something that has to be mended after a self-evaluation (整改事项)."""

    public_id = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, verbose_name="自评表", related_name="rectification_items"
    )
    seq = models.PositiveSmallIntegerField("指标序号", null=True, blank=True)
    what = models.TextField("整改要求", max_length=30000)
    deadline = models.DateField("整改期限")
    state = models.CharField(
        "状态", max_length=12, choices=ItemState.choices, default=ItemState.OPEN
    )
    lock_version = models.PositiveIntegerField("修改次数", default=1)
    raised_by = models.ForeignKey(
        "budgets.User", models.PROTECT, verbose_name="提出人", related_name="+"
    )
    raised_as = models.CharField("提出人身份", max_length=40)
    raised_at = models.DateTimeField("提出时间", auto_now_add=True)
    answer = models.TextField("整改情况", max_length=30000, blank=True)
    answered_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="答复人",
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    words = models.TextField("销号或退回的意见", max_length=30000, blank=True)
    closed_by = models.ForeignKey(
        "budgets.User",
        models.PROTECT,
        verbose_name="销号人",
        null=True,
        blank=True,
        related_name="+",
    )
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "整改事项"
        constraints = (
            models.CheckConstraint(
                name="rectification_state_known", condition=Q(state__in=ItemState.values)
            ),
            models.CheckConstraint(name="rectification_worded", condition=~Q(what="")),
            models.CheckConstraint(
                name="rectification_answered_whole",
                condition=Q(state=ItemState.OPEN)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="rectification_closed_whole",
                condition=Q(
                    state=ItemState.CLOSED, closed_by__isnull=False, closed_at__isnull=False
                )
                | (~Q(state=ItemState.CLOSED) & Q(closed_by=None, closed_at=None)),
            ),
            models.CheckConstraint(
                name="rectification_closed_by_another",
                condition=Q(closed_by=None) | ~Q(closed_by=F("answered_by")),
            ),
        )
        indexes = (
            models.Index(fields=["department", "state", "deadline"], name="rectification_ledger"),
        )

    def __str__(self) -> str:
        return self.what[:40]
