"""Drawing a spot check (抽查): stratified, from a seed alone, so that anybody may draw it again.

The method, in full: the population is sorted by id. Every stratum gets one; what is left of the
size is shared out in proportion to what each stratum still has, by the largest remainder, ties to
the stratum first in order. Within a stratum ids are ordered by the SHA-256 of ``seed|id`` and taken
from the front.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

AMOUNTS: Mapping[str, str] = {
    "large": "1000 万元以上",
    "middle": "100 万至 1000 万元",
    "small": "不足 100 万元",
    "unknown": "金额不详",
}
RISKS: Mapping[str, str] = {"high": "高风险", "middle": "中风险", "low": "低风险"}
_LARGE, _MIDDLE = Decimal(10_000_000), Decimal(1_000_000)
_HIGH, _MEDIUM = 80, 40


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stratum:
    """What is drawn from separately."""

    department: str
    amount: str
    risk: str

    @property
    def key(self) -> str:
        """As it stands in the digest of the population."""
        return f"{self.department}/{self.amount}/{self.risk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the population."""

    id: str
    stratum: Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of a stratum were drawn."""

    stratum: Stratum
    population: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was drawn."""

    drawn: tuple[Candidate, ...]
    """Stratum by stratum, each in the order of the draw."""
    shares: tuple[Share, ...]
    digest: str
    """Of the population: another where anything in it is another."""


def amount_class(budget: Decimal | None) -> str:
    """The class of a budget in 元."""
    if budget is None:
        return "unknown"
    if budget >= _LARGE:
        return "large"
    return "middle" if budget >= _MIDDLE else "small"


def risk_class(risk: int) -> str:
    """The class of a risk."""
    if risk >= _HIGH:
        return "high"
    return "middle" if risk >= _MEDIUM else "low"


def digest_of(population: Iterable[Candidate]) -> str:
    """SHA-256 over the sorted population, a line ``id|stratum`` for each."""
    lines = sorted(f"{one.id}|{one.stratum.key}" for one in population)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def draw(population: Sequence[Candidate], *, seed: str, size: int) -> Sample:
    """Draws a sample; with the same seed, size and population always the same.

    It is larger than ``size`` where there are more strata, and the whole population where that
    is smaller. Raises ValueError for ids that occur twice.
    """
    if len({one.id for one in population}) < len(population):
        raise ValueError("an id occurs twice in the population")
    strata: dict[Stratum, list[Candidate]] = {}
    for one in sorted(population, key=lambda one: one.id):
        strata.setdefault(one.stratum, []).append(one)
    ordered = {stratum: strata[stratum] for stratum in sorted(strata)}
    counts = _shared_out({stratum: len(found) for stratum, found in ordered.items()}, size)
    drawn: list[Candidate] = []
    for stratum, found in ordered.items():
        found.sort(key=lambda one: _lot(seed, one.id))
        drawn += found[: counts[stratum]]
    return Sample(
        drawn=tuple(drawn),
        shares=tuple(
            Share(stratum=stratum, population=len(found), drawn=counts[stratum])
            for stratum, found in ordered.items()
        ),
        digest=digest_of(population),
    )


def _lot(seed: str, identity: str) -> str:
    return hashlib.sha256(f"{seed}|{identity}".encode()).hexdigest()


def _shared_out(sizes: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    counts = dict.fromkeys(sizes, 1)
    rest = {stratum: count - 1 for stratum, count in sizes.items()}
    total = sum(rest.values())
    left = min(max(0, size - len(counts)), total)
    if not left:
        return counts
    due = {stratum: Fraction(left * count, total) for stratum, count in rest.items()}
    for stratum, share in due.items():
        counts[stratum] += int(share)
    over = left - sum(int(share) for share in due.values())
    by_remainder = sorted(due, key=lambda stratum: (-(due[stratum] % 1), stratum))
    for stratum in by_remainder[:over]:
        counts[stratum] += 1
    return counts


# ── what came of it ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One that was drawn; what was found where it has been checked."""

    department: str
    claimed: Decimal | None
    claimed_grade: str
    checked: Decimal | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentSummary:
    """How far a department's own figures lay above what was found."""

    department: str
    checked: int
    mean: Decimal
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a spot check came to so far."""

    drawn: int
    checked: int
    compared: int
    """Checked ones with a figure of their own to compare with."""
    mean: Decimal | None
    """Mean of claimed − checked: above zero is optimism."""
    changed: int
    """Checked ones whose grade is another."""
    departments: tuple[DepartmentSummary, ...]
    """The most optimistic first."""


def summarise(items: Sequence[Checked]) -> Summary:
    """The means over what has been checked, to two places."""
    checked = [one for one in items if one.checked is not None]
    compared = [one for one in checked if one.claimed is not None]
    by_department: dict[str, list[Checked]] = {}
    for one in compared:
        by_department.setdefault(one.department, []).append(one)
    departments = [
        DepartmentSummary(
            department=name, checked=len(found), mean=_mean(found), changed=_changed(found)
        )
        for name, found in by_department.items()
    ]
    departments.sort(key=lambda one: (-one.mean, one.department))
    return Summary(
        drawn=len(items),
        checked=len(checked),
        compared=len(compared),
        mean=_mean(compared) if compared else None,
        changed=_changed(checked),
        departments=tuple(departments),
    )


def _mean(found: Sequence[Checked]) -> Decimal:
    total = sum(
        (
            one.claimed - one.checked
            for one in found
            if one.claimed is not None and one.checked is not None
        ),
        Decimal(0),
    )
    return (total / len(found)).quantize(Decimal("0.01"))


def _changed(found: Sequence[Checked]) -> int:
    return sum(one.grade != one.claimed_grade for one in found if one.claimed_grade and one.grade)
