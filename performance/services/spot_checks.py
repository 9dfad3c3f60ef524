"""Spot checks: draw a sample, write down what was found."""

from __future__ import annotations

import re
import secrets
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed, NotFound, StaleVersion
from budgets.models import User
from budgets.text import clean_text
from performance.access import tasks_visible_to
from performance.examination.sampling import draw
from performance.models import SpotCheck, SpotCheckItem
from performance.rulebook import load
from performance.scoring import grade_of
from performance.selectors.procedure import contributors_of
from performance.selectors.queue import decides_queue
from performance.selectors.spot_checks import (
    MOST_ITEMS,
    items_visible_to,
    papers_of,
    population_of,
    reviews_unit,
)
from performance.services.reviews import finer_than_hundredths
from performance.workflow import Paper

_SEED = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_FULL = Decimal(100)


def draw_spot_check(
    *,
    actor: User,
    task: UUID,
    size: int,
    seed: str = "",
    origin: audit.Origin | None = None,
) -> SpotCheck:
    """Draws a sample of a task's self-evaluations that have come to the bureau.

    ``seed`` may be agreed on beforehand; without one it is made. Raises NotAllowed, NotFound,
    Invalid, Conflict (nothing to draw from).
    """
    with transaction.atomic():
        if not decides_queue(actor):
            raise NotAllowed("只有财政审核人员可以抽查")
        found = tasks_visible_to(actor).filter(public_id=task).first()
        if found is None:
            raise NotFound("没有这个任务，或者不在您的可见范围内")
        fields = {}
        if found.paper != Paper.EVALUATION.value:
            fields["task"] = "只抽查绩效自评的任务"
        if not 1 <= size <= MOST_ITEMS:
            fields["size"] = f"抽取数应在 1 到 {MOST_ITEMS} 之间"
        if seed and not _SEED.fullmatch(seed):
            fields["seed"] = "种子应为 1 到 64 个字母、数字或 _ . : -"
        if fields:
            raise Invalid(fields)
        population = population_of(actor, found)
        if not population:
            raise Conflict("这个任务还没有送到财政部门的自评表，无从抽取")
        seed = seed or secrets.token_hex(8)
        sample = draw(population, seed=seed, size=size)
        if len(sample.drawn) > MOST_ITEMS:
            raise Conflict(f"分层太多，每层一个就超过 {MOST_ITEMS} 个；请按业务股室分别抽取")
        check = SpotCheck(
            task=found,
            seed=seed,
            size=size,
            population=len(population),
            population_digest=sample.digest,
            strata=[
                {
                    "department": share.stratum.department,
                    "amount": share.stratum.amount,
                    "risk": share.stratum.risk,
                    "population": share.population,
                    "drawn": share.drawn,
                }
                for share in sample.shares
            ],
            drawn_by=actor,
        )
        audit.record(
            actor=actor,
            verb="draw_spot_check",
            object_type="spot_check",
            object_id=check.public_id,
            department_id=audit.OFFICE_CHAIN,
            detail={
                "task": str(found.public_id),
                "seed": seed,
                "size": size,
                "population": len(population),
                "population_digest": sample.digest,
                "drawn": len(sample.drawn),
            },
            origin=origin,
        )
        check.save(force_insert=True)
        papers = papers_of(actor, found, sample.drawn)
        SpotCheckItem.unscoped.bulk_create(
            SpotCheckItem(
                spot_check=check,
                seq=seq,
                evaluation=papers[one.id],
                amount_class=one.stratum.amount,
                risk_class=one.stratum.risk,
                claimed=papers[one.id].total_claimed,
                claimed_grade=_grade(papers[one.id].total_claimed, papers[one.id].ruleset),
                department_id=papers[one.id].department_id,
                unit_id=papers[one.id].unit_id,
            )
            for seq, one in enumerate(sample.drawn, start=1)
        )
        return check


def _grade(points: Decimal | None, ruleset: str) -> str:
    return (grade_of(points, load(ruleset)) or "") if points is not None else ""


def record_outcome(
    *,
    actor: User,
    item: UUID,
    version: int,
    points: Decimal,
    words: str,
    origin: audit.Origin | None = None,
) -> SpotCheckItem:
    """Writes down the points found on one that was drawn, and how they came about.

    Raises NotFound, NotAllowed (no finance reviewer of the unit, own work), StaleVersion, Invalid.
    """
    with transaction.atomic():
        seen = items_visible_to(actor).filter(public_id=item).values_list("pk", flat=True).first()
        if seen is None:
            raise NotFound("没有这个抽查项，或者不在您的可见范围内")
        held = (
            SpotCheckItem.unscoped.select_for_update(no_key=True, of=("self",))
            .select_related("evaluation")
            .get(pk=seen)
        )
        if not reviews_unit(actor, held):
            raise NotAllowed("只有财政审核人员可以填写抽查情况")
        if actor.pk in contributors_of(Paper.EVALUATION, held.evaluation_id):
            raise NotAllowed("不能抽查自己填写或提交的表；请由其他人员办理")
        if held.lock_version != version:
            raise StaleVersion(
                "您打开之后，抽查情况已经被别人填写；请核对后再填",
                base=version,
                current=held.lock_version,
                mine={"points": str(points), "words": words},
            )
        said = clean_text(words, field="情况").strip()
        fields = {}
        if not points.is_finite() or not 0 <= points <= _FULL or finer_than_hundredths(points):
            fields["points"] = f"应为 0 到 {_FULL} 的分数，最多两位小数"
        if not said or len(said) > 30000:
            fields["words"] = "请写明抽查的情况"
        if fields:
            raise Invalid(fields)
        grade = _grade(points, held.evaluation.ruleset)
        audit.record(
            actor=actor,
            verb="record_outcome",
            object_type="spot_check_item",
            object_id=held.public_id,
            department_id=held.department_id,
            detail={"version": version, "points": points, "grade": grade},
            origin=origin,
        )
        SpotCheckItem.unscoped.filter(pk=held.pk).update(
            points=points,
            grade=grade,
            words=said,
            checked_by=actor,
            checked_at=Now(),
            lock_version=F("lock_version") + 1,
        )
        held.refresh_from_db()
        return held
