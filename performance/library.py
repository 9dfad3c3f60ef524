"""The indicator library (指标库) as plain figures: uses of indicators gathered under their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from performance.examination.names import bare_name, normal_form
from performance.values import Value, ValueKind

MOST_EXAMPLES = 50
"""Uses that an entry shows side by side, the newest."""
_LIGHT = frozenset("的之了及与和等数量次情况工作完成人员对象率度项个")
"""Signs that make no other indicator of a name when they are all that differs."""
Key = tuple[str, str]
"""Level 2 and the normal form of a name."""
Counted = TypeVar("Counted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An indicator of one target table, with what was achieved where that is known."""

    name: str
    level1: str
    level2: str
    target: Value | None
    actual: str = ""
    met: bool | None = None
    """Whether the target was reached by the scoring ratio; None: not judged."""
    project: str
    unit: str
    department: str
    region: str
    field: str
    """What the money is for: a function class, else the department."""
    year: int


@dataclass(slots=True)
class Gathered:
    """What the uses of one name come to."""

    names: Counter[str] = field(default_factory=Counter)
    level1: Counter[str] = field(default_factory=Counter)
    measures: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Comparator and unit."""
    targets: Counter[str] = field(default_factory=Counter)
    values: dict[tuple[str, str], Counter[Decimal]] = field(default_factory=dict)
    texts: dict[tuple[str, str, Decimal], str] = field(default_factory=dict)
    uses: int = 0
    judged: int = 0
    reached: int = 0
    departments: set[str] = field(default_factory=set)
    fields: Counter[str] = field(default_factory=Counter)
    regions: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    examples: list[Use] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    """Normal forms of other names that were merged into this one."""

    def add(self, use: Use) -> None:
        """Counts one use."""
        self.names[use.name] += 1
        self.level1[use.level1] += 1
        self.uses += 1
        if use.met is not None:
            self.judged += 1
            self.reached += use.met
        self.departments.add(use.department)
        self.fields[use.field] += 1
        self.regions.add(use.region)
        self.years.add(use.year)
        self.examples.append(use)
        if len(self.examples) > 2 * MOST_EXAMPLES:
            self._newest()
        if use.target is not None:
            self._target(use.target)

    def _target(self, target: Value) -> None:
        self.targets[target.text] += 1
        measure = (target.comparator.value if target.comparator else "", target.unit or "")
        if target.kind is ValueKind.QUANTITATIVE and isinstance(target.value, Decimal):
            self.measures[measure] += 1
            self.values.setdefault(measure, Counter())[target.value] += 1
            self.texts.setdefault((*measure, target.value), target.text)

    def _newest(self) -> None:
        self.examples.sort(key=lambda use: (-use.year, use.department, use.unit, use.project))
        del self.examples[MOST_EXAMPLES:]

    def take(self, other: Gathered, alias: str) -> None:
        """Merges what another name came to."""
        for mine, theirs in (
            (self.names, other.names),
            (self.level1, other.level1),
            (self.measures, other.measures),
            (self.targets, other.targets),
            (self.fields, other.fields),
        ):
            mine.update(theirs)  # type: ignore[arg-type]
        for measure, counted in other.values.items():
            self.values.setdefault(measure, Counter()).update(counted)
        self.texts = {**other.texts, **self.texts}
        self.uses += other.uses
        self.judged += other.judged
        self.reached += other.reached
        self.departments |= other.departments
        self.regions |= other.regions
        self.years |= other.years
        self.examples += other.examples
        self._newest()
        self.aliases |= other.aliases | {alias}

    @property
    def summary(self) -> Summary:
        """The usual name, measure and target, and the range of targets in that measure."""
        comparator, unit = _most(self.measures) or ("", "")
        counted = self.values.get((comparator, unit), Counter())
        ordered = sorted(counted.elements())
        numbers = (ordered[0], ordered[(len(ordered) - 1) // 2], ordered[-1]) if ordered else ()
        texts = tuple(self.texts[comparator, unit, number] for number in numbers)
        usual = _most(counted)
        target = _most(self.targets) or ""
        if usual is not None and 2 * len(ordered) >= self.targets.total():
            target = self.texts[comparator, unit, usual]
        self._newest()
        return Summary(
            name=_most(self.names) or "",
            level1=_most(self.level1) or "",
            comparator=comparator,
            unit=unit,
            target=target,
            numbers=numbers,
            texts=texts,
            uses=self.uses,
            judged=self.judged,
            reached=self.reached,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An entry in short."""

    name: str
    level1: str
    comparator: str
    unit: str
    target: str
    """The usual target as it is written: what a clerk may take over."""
    numbers: tuple[Decimal, ...]
    """Lowest, median and highest of the usual measure, in the base unit; empty without figures."""
    texts: tuple[str, ...]
    """The same as written."""
    uses: int
    judged: int
    reached: int


def _most(counted: Counter[Counted]) -> Counted | None:
    """What was counted most; of several the shortest, then what sorts first."""
    if not counted:
        return None
    return min(counted, key=lambda item: (-counted[item], len(str(item)), str(item)))


def key_of(name: str, level2: str) -> Key:
    """Under what an indicator is gathered: level 2 and the normal form of its name."""
    return level2, form_of(name)


def form_of(name: str) -> str:
    """A name without white space, marks and a unit in brackets behind it."""
    return normal_form(bare_name(name))[:300]


def gathered(uses: Iterable[Use]) -> dict[Key, Gathered]:
    """Uses by key; names of which nothing is left are passed over."""
    found: dict[Key, Gathered] = {}
    for use in uses:
        key = key_of(use.name, use.level2)
        if key[1]:
            found.setdefault(key, Gathered()).add(use)
    return found


def is_same(one: str, other: str) -> bool:
    """Whether two similar normal forms name one indicator: only light signs differ."""
    mine, theirs = Counter(one), Counter(other)
    differing = (mine - theirs) + (theirs - mine)
    return all(sign in _LIGHT for sign in differing)


def merged(found: dict[Key, Gathered], pairs: Iterable[tuple[Key, Key]]) -> dict[Key, Key]:
    """Merges near-duplicates into the name used most; returns where each merged key went.

    ``pairs`` are keys that are similar; of these only those are merged that ``is_same`` and whose
    usual measures agree. Changes ``found``.
    """
    went: dict[Key, Key] = {}
    for one, other in sorted(pairs):
        first, second = _end(one, went), _end(other, went)
        if first == second or not is_same(one[1], other[1]):
            continue
        if not _agree(found[first], found[second]):
            continue
        keep, drop = sorted((first, second), key=lambda key: _rank(key, found))
        found[keep].take(found.pop(drop), drop[1])
        went[drop] = keep
    return went


def _rank(key: Key, found: Mapping[Key, Gathered]) -> tuple[int, int, Key]:
    return -found[key].uses, len(key[1]), key


def _end(key: Key, went: Mapping[Key, Key]) -> Key:
    while key in went:
        key = went[key]
    return key


def _agree(one: Gathered, other: Gathered) -> bool:
    mine, theirs = _most(one.measures), _most(other.measures)
    return mine is None or theirs is None or mine == theirs
