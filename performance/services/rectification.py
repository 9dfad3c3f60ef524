"""The ledger of what has to be mended (整改台账): raise, answer, close or return."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from budgets import audit
from budgets.access import roles_for
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import User
from budgets.services.notices import tell
from budgets.text import clean_text
from performance.access import rectification_visible_to
from performance.models import Evaluation, ItemState, RectificationItem
from performance.selectors.contents import indicators_of
from performance.selectors.procedure import contributors_of, holders
from performance.services.papers import hold, record
from performance.workflow import EDITABLE, Paper

RAISERS = ("finance_reviewer", "department_reviewer")


def raise_item(
    *,
    actor: User,
    evaluation: UUID,
    what: str,
    deadline: date,
    seq: int | None = None,
    origin: audit.Origin | None = None,
) -> RectificationItem:
    """Says what has to be mended until when, on a self-evaluation or one of its lines.

    Raises NotFound, NotAllowed (not a reviewer, own work), Conflict (not handed on) and Invalid.
    """
    with transaction.atomic():
        held = hold(actor, Paper.EVALUATION, evaluation)
        row = held.row
        assert isinstance(row, Evaluation)
        role = next((one for one in RAISERS if one in held.roles), None)
        if role is None:
            raise NotAllowed("只有财政或主管部门的审核人员可以提出整改")
        if actor.pk in contributors_of(held.paper, row.pk):
            raise NotAllowed("不能对自己填写或提交的表提出整改；请由其他人员办理")
        if held.state in EDITABLE:
            raise Conflict("自评表还没有提交，不能提出整改")
        said = clean_text(what, field="整改要求").strip()
        errors = {}
        if not said or len(said) > 30000:
            errors["what"] = "请写明整改要求"
        if seq is not None and not 0 <= seq <= len(indicators_of(row.table_id)):
            errors["seq"] = "没有这一行"
        if deadline.year < 2000 or deadline.year > 2100:
            errors["deadline"] = "请填写整改期限"
        if errors:
            raise Invalid(errors)
        record(actor, held, "raise_item", origin, line=seq, deadline=deadline.isoformat())
        item = RectificationItem.unscoped.create(
            evaluation=row,
            seq=seq,
            what=said,
            deadline=deadline,
            raised_by=actor,
            raised_as=role,
            department_id=row.department_id,
            unit_id=row.unit_id,
        )
        _tell(item, actor, "clerk", "item_raised", "有新的整改事项")
        return item


def answer_item(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    answer: str,
    origin: audit.Origin | None = None,
) -> RectificationItem:
    """The clerk says what was mended. Raises NotFound, NotAllowed, Conflict, StaleVersion, Invalid."""
    with transaction.atomic():
        item, roles = _held(actor, public_id, version, {"answer": answer})
        if "clerk" not in roles:
            raise NotAllowed("只有本单位的经办可以答复整改")
        if item.state not in {ItemState.OPEN, ItemState.RETURNED}:
            raise Conflict(f"事项在“{ItemState(item.state).label}”状态，不能答复")
        said = clean_text(answer, field="整改情况").strip()
        if not said or len(said) > 30000:
            raise Invalid({"answer": "请写明整改情况"})
        _record(actor, item, "answer_item", origin)
        _tell(item, actor, item.raised_as, "item_answered", "整改事项已答复，待销号")
        return _changed(
            item, state=ItemState.ANSWERED, answer=said, answered_by=actor, answered_at=Now()
        )


def close_item(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    words: str = "",
    origin: audit.Origin | None = None,
) -> RectificationItem:
    """Strikes an answered item off (销号). Raises NotFound, NotAllowed, Conflict, StaleVersion."""
    with transaction.atomic():
        item = _to_judge(actor, public_id, version, {"words": words})
        said = clean_text(words, field="意见").strip()
        _record(actor, item, "close_item", origin)
        _tell(item, actor, "clerk", "item_closed", "整改事项已销号")
        return _changed(item, state=ItemState.CLOSED, words=said, closed_by=actor, closed_at=Now())


def return_item(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    words: str,
    origin: audit.Origin | None = None,
) -> RectificationItem:
    """Hands an answered item back with words. Raises as ``close_item``, and Invalid without words."""
    with transaction.atomic():
        item = _to_judge(actor, public_id, version, {"words": words})
        said = clean_text(words, field="意见").strip()
        if not said or len(said) > 30000:
            raise Invalid({"words": "请写明退回的理由"})
        _record(actor, item, "return_item", origin)
        _tell(item, actor, "clerk", "item_returned", "整改事项已退回，请继续整改")
        return _changed(item, state=ItemState.RETURNED, words=said)


def _held(
    actor: User, public_id: UUID, version: int, mine: dict[str, object]
) -> tuple[RectificationItem, frozenset[str]]:
    """The item, locked, and what the actor is to its unit."""
    found = rectification_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("没有这个整改事项，或者不在您的可见范围内")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM performance_rectificationitem WHERE id = %s FOR NO KEY UPDATE",
            [found.pk],
        )
    item: RectificationItem = rectification_visible_to(actor).get(pk=found.pk)
    if version != item.lock_version:
        raise StaleVersion(
            "您打开之后，这个事项已经被别人办理；请对照后再办，您填写的内容没有丢失",
            base=version,
            current=item.lock_version,
            mine=mine,
        )
    return item, roles_for(actor, unit_id=item.unit_id, department_id=item.department_id)


def _to_judge(
    actor: User, public_id: UUID, version: int, mine: dict[str, object]
) -> RectificationItem:
    """An answered item that this actor's side raised and somebody else answered."""
    item, roles = _held(actor, public_id, version, mine)
    if item.raised_as not in roles:
        raise NotAllowed("只有提出整改的一方可以销号或退回")
    if item.answered_by_id == actor.pk or actor.pk in contributors_of(
        Paper.EVALUATION, item.evaluation_id
    ):
        raise NotAllowed("不能对自己答复的整改销号；请由其他人员办理")
    if item.state != ItemState.ANSWERED:
        raise Conflict(f"事项在“{ItemState(item.state).label}”状态，不能销号或退回")
    return item


def _record(actor: User, item: RectificationItem, verb: str, origin: audit.Origin | None) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        object_type="rectification_item",
        object_id=item.public_id,
        department_id=item.department_id,
        detail={"version": item.lock_version, "state": item.state},
        origin=origin,
    )


def _changed(item: RectificationItem, **columns: object) -> RectificationItem:
    done = RectificationItem.unscoped.filter(pk=item.pk, lock_version=item.lock_version).update(
        lock_version=F("lock_version") + 1, **columns
    )
    if done != 1:
        raise RuntimeError("a held item changed")
    item.refresh_from_db()
    return item


def _tell(item: RectificationItem, actor: User, role: str, kind: str, words: str) -> None:
    people = holders(
        role,
        unit_id=item.unit_id,
        department_id=item.department_id,
        region_id=item.department.region_id,
    )
    tell(
        [person for person in people if person.pk != actor.pk],
        kind=kind,
        object_type="rectification_item",
        object_id=item.public_id,
        text=f"{words}：{item.what[:120]}",
    )
