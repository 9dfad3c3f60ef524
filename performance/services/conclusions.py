"""The bureau's conclusion on targets: 优, 良, 中, 差 by aspect and overall, beside the computed one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from budgets import audit
from budgets.errors import Conflict, Invalid, NotAllowed, StaleVersion
from budgets.models import User
from budgets.text import clean_text
from performance.examination.limits import GRADES
from performance.examination.model import Aspect
from performance.models import Examination
from performance.selectors.checkups import examination_of
from performance.selectors.examinations import examine_paper
from performance.selectors.procedure import contributors_of
from performance.services.examinations import keep
from performance.services.moves import refuse_unseen
from performance.services.papers import Held, hold, record
from performance.workflow import Paper, State, writable_fields

_LONG = 30000


def conclude_targets(
    *,
    actor: User,
    public_id: UUID,
    version: int,
    digest: str,
    aspects: Mapping[str, str],
    overall: str,
    words: str = "",
    origin: audit.Origin | None = None,
) -> Examination:
    """Writes the bureau's conclusion on a target table that waits for it, beside the computed one.

    ``digest`` is that of the content seen, ``version`` that of the examination. Where a grade
    differs from the computed one, ``words`` say why. Raises NotFound, NotAllowed (not the role,
    own work), Conflict (another state), Missing and SeenOther (the content), StaleVersion
    (another reviewer concluded meanwhile) and Invalid.
    """
    with transaction.atomic():
        held = _held(actor, public_id)
        refuse_unseen(held, digest)
        kept = examination_of(held.paper, held.row.pk)
        found = None
        if kept is None or kept.digest != digest:  # handed on before examinations were kept
            found = examine_paper(held.row)
        current = kept.lock_version if kept is not None else 0
        if version != current:
            raise StaleVersion(
                "您打开之后，审核结论已经被别人修改；请对照后再保存，您填写的内容没有丢失",
                base=version,
                current=current,
                mine={"aspects": dict(aspects), "overall": overall, "words": words},
            )
        computed: dict[str, str] = {}
        if found is not None and found.conclusion is not None:
            computed = {one.value: grade for one, grade in found.conclusion.aspects.items()}
            computed["overall"] = found.conclusion.overall
        elif kept is not None:
            computed = {**kept.aspects, "overall": kept.overall}
        said = clean_text(words, field="说明").strip()
        _refuse_unfit(aspects, overall, said, computed)
        record(actor, held, "conclude_targets", origin, digest=digest, overall=overall)
        if found is not None:
            kept = keep(held.row, found, digest)
        assert kept is not None
        kept.own_aspects = {aspect.value: aspects[aspect.value] for aspect in Aspect}
        kept.own_overall, kept.own_words = overall, said
        kept.concluded_by, kept.concluded_at = actor, Now()
        kept.lock_version += 1
        kept.save(
            update_fields=[
                "own_aspects",
                "own_overall",
                "own_words",
                "concluded_by",
                "concluded_at",
                "lock_version",
            ]
        )
        return kept


def _held(actor: User, public_id: UUID) -> Held:
    """The target table, locked, if this actor may conclude on it now."""
    held = hold(actor, Paper.TARGET_TABLE, public_id)
    if "finance_reviewer" not in held.roles:
        raise NotAllowed("只有财政审核人员可以作审核结论")
    if held.state is not State.DEPARTMENT_REVIEWED:
        raise Conflict("绩效目标表不在待财政审核状态，不能作审核结论")
    if "conclusion" not in writable_fields(held.paper, held.state, held.roles):
        raise NotAllowed("您的身份不能作审核结论")
    if actor.pk in contributors_of(held.paper, held.row.pk):
        raise NotAllowed("不能审核自己填写或提交的表；请由其他人员办理")
    return held


def _refuse_unfit(
    aspects: Mapping[str, str], overall: str, words: str, computed: Mapping[str, str]
) -> None:
    known = [aspect.value for aspect in Aspect]
    errors = {
        f"aspects.{aspect}": "应为优、良、中、差之一"
        for aspect in known
        if aspects.get(aspect) not in GRADES
    }
    errors |= {f"aspects.{name}": "没有这个方面" for name in aspects if name not in known}
    if overall not in GRADES:
        errors["overall"] = "应为优、良、中、差之一"
    if len(words) > _LONG:
        errors["words"] = "说明太长"
    differs = any(aspects.get(name) != computed.get(name) for name in known)
    if not words and (differs or overall != computed.get("overall")):
        errors["words"] = "结论与系统算出的不同，请写明理由"
    if errors:
        raise Invalid(errors)
