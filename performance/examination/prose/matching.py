"""Which known facts a figure of a text can be held against."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from performance.documents.labels import squeeze
from performance.examination.prose import words
from performance.examination.prose.facts import Fact, FactKind, total_name
from performance.examination.prose.figures import same
from performance.examination.prose.model import Figure, FigureKind, Role
from performance.examination.prose.names import name_core, same_name
from performance.examination.prose.subjects import label_core
from performance.values import Comparator

_SCOPED = re.compile(
    r"^(?:一般公共预算(?:财政拨款)?|财政拨款)(?=支出|收入|收支|收、支|基本支出|项目支出)"
)
_LABEL_TAIL = re.compile(r"(?:预算数?|决算数?|金额|总额|安排|合计|经费支出)$")
_GENERIC = {
    "其他支出", "其他收入", "本年收入", "本年支出", "上年结转", "项目", "收入", "支出", "合计", "小计", "预算数", "决算数", "单位资金", "其他资金",
    "一般公共预算", "政府性基金预算", "财政拨款", "金额", "事业收入", "上年结转结余", "年末结转和结余", "其他",
}  # fmt: skip
_SETTLED = {"支出决算", "支出决算数", "决算", "决算数"}
"""What the final accounts say of the item named before."""
_UNLIKE = {"政府采购", "资产"}
_ONE_PROJECT = re.compile(r"项目名称|资金分配|项目[:：]")
_ALIASES = {
    "名": "人",
    "位": "人",
    "所": "家",
    "间": "家",
    "人次": "人次",
    "台(套)": "台",
    "部": "台",
}
_BUDGET = re.compile(r"预算|安排|资金|经费")
_EXECUTED = re.compile(r"执行|决算|支出|使用|拨付")
_PROJECT_TAIL = re.compile(
    r"(?:预算)?(?:项目)?(?:资金|经费)?(?:(?:年初|全年|调整后?)?预算数?|执行数|支出数?|资金)?$"
)
_FUNDS = re.compile(r"一般公共预算|政府性基金预算|国有资本经营预算|部门预算")
_BY_OBJECT = re.compile(r"基本支出|经济|三公|明细|运行经费")
"""Tables by kind of expense: a project has travel expenses of its own, too."""
_BASIC = re.compile(r"基本支出|机关运行|公用经费|人员经费|三公")
_SHORTEST_NAME = 4
_OF = "项目:"
_SHORTEST_PROJECT = 5
_UPWARD = {Comparator.AT_LEAST, Comparator.MORE_THAN}
_DOWNWARD = {Comparator.AT_MOST, Comparator.LESS_THAN}


@dataclass(frozen=True, slots=True)
class Match:
    """What a figure was held against: the fact that agrees, or the nearest that does not."""

    fact: Fact
    agrees: bool


@dataclass(frozen=True, slots=True)
class _Indicator:
    fact: Fact
    cores: tuple[str, ...]


class FactBook:
    """Facts, sorted by what they are found by."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self._labels: dict[str, list[Fact]] = defaultdict(list)
        self._columns: dict[str, list[Fact]] = defaultdict(list)
        self._totals: dict[str, list[Fact]] = defaultdict(list)
        self._projects: dict[str, list[Fact]] = defaultdict(list)
        self._indicators: dict[tuple[str, FigureKind, str], list[_Indicator]] = defaultdict(list)
        """By project, and all together by the last sign of a name: equal names end alike."""
        for fact in self.facts:
            self._sort(fact)

    def _sort(self, fact: Fact) -> None:
        if fact.what is FactKind.PRINTED:
            self._labels[fact.subject].append(fact)
        elif fact.what is FactKind.TOTAL:
            self._totals[fact.subject].append(fact)
        elif fact.what in (FactKind.TARGET, FactKind.ACTUAL):
            cores = tuple({name_core(n) for n in (fact.subject, fact.definition) if n})
            unit, indicator = unit_of(fact.unit), _Indicator(fact, cores)
            self._indicators[_OF + fact.project, fact.kind, unit].append(indicator)
            for last in {core[-1:] for core in cores}:
                self._indicators[last, fact.kind, unit].append(indicator)
        else:
            self._projects[project_core(fact.subject)].append(fact)
        if fact.column:
            self._columns[fact.column].append(fact)

    @property
    def projects(self) -> list[str]:
        """Cores of the names of all projects with a budget or an execution."""
        return list(self._projects)

    def named(self, name: str) -> list[Fact]:
        """The facts that a name means whole: a row, a total, a column's total."""
        scoped = _SCOPED.match(name)
        bare = name[scoped.end() :] if scoped else name
        core = label_core(bare)
        found = list(self._labels.get(core, ()))
        for tail in ("", "总额", "合计", "总计"):
            found.extend(self._totals.get(core.removesuffix(tail), ()))
        if (total := total_name(core)) is not None:
            found.extend(self._totals.get(total, ()))
        return found

    def project(self, name: str) -> list[Fact]:
        """The budget and execution facts of a project."""
        return list(self._projects.get(project_core(name), ()))

    def match(self, figure: Figure, *, heading: str = "", project: str = "") -> Match | None:
        """The fact that a figure agrees with, the nearest it disagrees with, or None.

        None wherever the text does not say enough: no subject, another year, a change, an
        approximate figure that no fact bears out.
        """
        if figure.role is not Role.VALUE or not figure.subject or figure.in_reasons:
            return None
        if words.PRIOR.search(figure.clause):
            return None
        for candidates, decisive in (
            (self._as_total(figure, heading), not self._is_any_total(figure)),
            (self._as_label(figure), self._may_raise_label(figure, heading)),
            (self._as_project(figure), True),
            (self.as_indicator(figure, project), True),
        ):
            facts = [f for f in candidates if _same_year(figure, f) and _same_stage(figure, f)]
            found = self._judge(figure, facts) if facts else None
            if found is not None:
                return found if found.agrees or decisive else None
        return None

    def _is_any_total(self, figure: Figure) -> bool:
        """Whether a subject that names part of the money is a total of some part of it.

        Tables of one part of the money are printed with and without what was carried over.
        """
        if not words.scope_of(figure.subject):
            return False
        return any(agrees(figure, fact) for facts in self._totals.values() for fact in facts)

    def _may_raise_label(self, figure: Figure, heading: str) -> bool:
        """Whether a row's name says enough that another figure is a mistake."""
        core = label_core(figure.subject)
        if core in _GENERIC or words.scope_of(heading) in _UNLIKE or _ONE_PROJECT.search(heading):
            return False
        facts = self._as_label(figure)
        if facts and all(_BY_OBJECT.search(fact.source) for fact in facts):
            return _BASIC.search(f"{heading}{figure.lead}") is not None
        scope = words.scope_of(f"{heading}{figure.clause}")
        return any(fact.scope == scope for fact in facts)

    def _judge(self, figure: Figure, facts: list[Fact]) -> Match | None:
        for fact in facts:
            if agrees(figure, fact):
                return Match(fact, agrees=True)
        deciding = [fact for fact in facts if fact.decisive]
        if not deciding or figure.approximate or self._in_column(figure, deciding[0]):
            return None
        if len({f.project for f in deciding}) > 1 and len({f.value for f in deciding}) > 1:
            return None  # several projects count such a thing: the text may mean all or another
        spent = "支出" in figure.subject
        nearest = min(
            deciding,
            key=lambda fact: (abs(fact.value - figure.value), spent and "收入" in fact.source),
        )
        return Match(nearest, agrees=False)

    def _in_column(self, figure: Figure, fact: Fact) -> bool:
        """Whether the figure stands in a column of that name, in a row of its own."""
        return any(
            agrees(figure, other)
            for other in self._columns.get(label_core(figure.subject), ())
            if fact.scope or not other.scope
        )

    def _as_total(self, figure: Figure, heading: str) -> list[Fact]:
        if figure.kind is not FigureKind.AMOUNT:
            return []
        core = label_core(figure.subject)
        scoped = _SCOPED.match(core)
        scope = words.scope_of(core) if scoped else words.scope_of(f"{heading}{figure.clause}")
        bare = core[scoped.end() :] if scoped else core
        if scoped and bare in ("支出", "收入"):
            bare += "合计"
        name = total_name(bare) or (bare if bare in self._totals else None)
        if name is None:
            return []
        names: tuple[str, ...] = (name, "收支总计")
        if name == "收支总计":
            names = ("收入总计", "支出总计", "收支总计")
        if name in ("基本支出", "项目支出"):
            names = (name,)
        found = [fact for one in names for fact in self._totals.get(one, ())]
        if not scoped and scope and name in ("基本支出", "项目支出"):
            return found if any(fact.scope == scope for fact in found) else []
        return [fact for fact in found if fact.scope == scope]

    def _as_label(self, figure: Figure) -> list[Fact]:
        if figure.kind is not FigureKind.AMOUNT or figure.unit != "元":
            return []
        core = label_core(figure.subject)
        if core in _SETTLED and figure.topic:
            core = label_core(figure.topic)
        if core.endswith("支出支出"):
            core = core.removesuffix("支出")
        for name in (core, _LABEL_TAIL.sub("", core)):
            if name in self._labels:
                return self._labels[name]
        return []

    def _as_project(self, figure: Figure) -> list[Fact]:
        if figure.kind is not FigureKind.AMOUNT or figure.unit != "元":
            return []
        name = project_core(figure.subject)
        facts = self._projects.get(name)
        if facts is None:
            name = _PROJECT_TAIL.sub("", name)
            facts = self._projects.get(name, [])
        if len(name) < _SHORTEST_PROJECT:
            return []
        rest = label_core(figure.subject)[len(name) :]
        amounts = [fact for fact in facts if fact.what is not FactKind.RATE]
        if "执行" in rest or "支出" in rest:
            return [fact for fact in amounts if fact.what is FactKind.EXECUTED]
        return amounts

    def as_indicator(self, figure: Figure, project: str = "") -> list[Fact]:
        """The targets and actuals of indicators that the figure's subject names."""
        core = name_core(figure.subject)
        if not project and len(core) < _SHORTEST_NAME:
            return []
        where = _OF + project if project else core[-1:]
        return [
            one.fact
            for one in self._indicators.get((where, figure.kind, unit_of(figure.unit)), ())
            if any(
                same_name(core, other, figure.kind, same_project=bool(project))
                for other in one.cores
            )
            and not _opposite(figure.comparator, one.fact.comparator)
        ]


def unit_of(unit: str) -> str:
    """A counting unit under the name it is compared by: 名 is 人."""
    return _ALIASES.get(unit, unit)


def project_core(name: str) -> str:
    """A project's name as it is compared: no year in front, no 项目 behind."""
    core = re.sub(r"^20\d\d年度?", "", label_core(squeeze(name)))
    return core.removesuffix("预算项目").removesuffix("项目") or core


def agrees(figure: Figure, fact: Fact) -> bool:
    """Whether a figure is the fact in the coarser print, or a bound that the fact keeps."""
    if figure.kind is not fact.kind or unit_of(figure.unit) != unit_of(fact.unit):
        return False
    if same(figure.value, figure.step, fact.value, fact.step):
        return True
    if fact.what is FactKind.TARGET:
        return False
    if figure.comparator in _UPWARD:
        return fact.value >= figure.value
    return figure.comparator in _DOWNWARD and fact.value <= figure.value


def _opposite(one: Comparator | None, other: Comparator | None) -> bool:
    return (one in _UPWARD and other in _DOWNWARD) or (one in _DOWNWARD and other in _UPWARD)


def _same_year(figure: Figure, fact: Fact) -> bool:
    return figure.year is None or fact.year is None or figure.year == fact.year


def _same_stage(figure: Figure, fact: Fact) -> bool:
    """Whether both are of the budget, or both of the final accounts, as far as they say."""
    said = _FUNDS.sub("", figure.clause)
    title, column = _FUNDS.sub("", fact.source), _FUNDS.sub("", fact.column)
    if "决算" in title and "预算" not in column:
        return "预算" not in said or "决算" in said
    if "预算" in title and "决算" not in title:
        return "决算" not in said
    return True
