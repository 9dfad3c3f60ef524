"""The rule lab on the published final accounts of 2022 (湖北) and on small tables worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from performance.documents import read
from performance.lab import LabReport, ProjectChange, compare, with_settings
from performance.lab.compare import reweighted
from performance.rulebook import RulebookError, UnknownRuleset, load
from performance.scoring import RuleSet, score
from performance.tables import Execution, ParsedIndicator, ParsedTable, TableKind
from performance.values import ValueContext, parse_actual, parse_target
from tests.samples.build import HERE

D = Decimal
OTHERS = ("mof-2020-10", "mof-2021-101", "capped-by-execution")
SAMPLE = HERE / "hubei-final-accounts-2022.txt"

WORKED = {
    # 80 of 80 goal points throughout: every indicator is met, so 90 of 90 under both national sets.
    # 73 / 73: execution is full. Over-achievement 37 ÷ 25 = 1.48 ≥ 1.30 takes 2 under the cap set.
    "基本医疗（含生育）业务经办管理": {
        "base": (D("80") + D("20"), "优"),
        "mof-2020-10": (D("90") + D("10"), "优", D("0"), D("0"), D("0")),
        "mof-2021-101": (D("90") + D("10"), "优", D("0"), D("0"), D("0")),
        "capped-by-execution": (D("100") - D("2"), "优", D("0"), D("-2"), D("0")),
    },
    # 102.17 ÷ 170.96 = 0.59762…: of 20 → 11.95, of 10 → 5.98, below 0.60 → 0; cap 69.
    "医疗保险业务信息化": {
        "base": (D("80") + D("11.95"), "优"),
        "mof-2020-10": (
            D("90") + D("5.98"),
            "优",
            D("10") - D("11.95") + D("5.98"),
            D("0"),
            D("0"),
        ),
        "mof-2021-101": (D("90"), "优", D("10") - D("11.95") + D("5.98"), D("-5.98"), D("0")),
        "capped-by-execution": (D("69"), "中", D("0"), D("0"), D("69") - D("91.95")),
    },
    # 14.77 ÷ 60 = 0.24616…: of 20 → 4.92, of 10 → 2.46, below 0.60 → 0; cap 59.
    "基金监管专项": {
        "base": (D("80") + D("4.92"), "良"),
        "mof-2020-10": (D("90") + D("2.46"), "优", D("10") - D("4.92") + D("2.46"), D("0"), D("0")),
        "mof-2021-101": (D("90"), "优", D("10") - D("4.92") + D("2.46"), D("-2.46"), D("0")),
        "capped-by-execution": (D("59"), "差", D("0"), D("0"), D("59") - D("84.92")),
    },
    # printed 0, 60.65 in the text: 60.65 ÷ 60.65 is full.
    "医疗保障与服务能力提升": {
        "base": (D("80") + D("20"), "优"),
        "mof-2020-10": (D("100"), "优", D("0"), D("0"), D("0")),
        "mof-2021-101": (D("100"), "优", D("0"), D("0"), D("0")),
        "capped-by-execution": (D("100"), "优", D("0"), D("0"), D("0")),
    },
}
"""By project: total and grade under hubei-2020; under each other set total, grade, and what of the
difference comes from weights, rules, cap."""
MEANS = {
    "mof-2020-10": (D("4.03") + D("7.54")) / 4,  # 2.8925
    "mof-2021-101": (D("-1.95") + D("5.08")) / 4,  # 0.7825
    "capped-by-execution": (D("-2") - D("22.95") - D("25.92")) / 4,  # -12.7175
}
MOVES = {
    "mof-2020-10": {("优", "优"): 3, ("良", "优"): 1},
    "mof-2021-101": {("优", "优"): 3, ("良", "优"): 1},
    "capped-by-execution": {("优", "优"): 2, ("优", "中"): 1, ("良", "差"): 1},
}


def _tables(path: Path) -> list[ParsedTable]:
    document = read(path.read_bytes(), path.name)
    return [table for table in document.tables if table.kind is TableKind.SELF_EVALUATION]


def _holds(report: LabReport) -> None:
    assert report.count == len(WORKED) == 4
    assert [one.rules.id for one in report.contenders] == list(OTHERS)
    for contender in report.contenders:
        identity = contender.rules.id
        for found in contender.projects:
            worked = WORKED[found.project]
            assert (found.base_total, found.base_grade) == worked["base"]
            assert (
                found.other_total,
                found.other_grade,
                found.by_weights,
                found.by_rules,
                found.by_cap,
            ) == worked[identity], (identity, found.project)
        mean = MEANS[identity].quantize(D("0.01"), "ROUND_HALF_UP")
        assert contender.mean == mean
        moves = {
            (before, after): count
            for before, counts in contender.rows
            for after, count in zip(contender.grades, counts, strict=True)
            if count
        }
        assert moves == MOVES[identity]
        assert contender.changed == sum(n for (a, b), n in moves.items() if a != b)
    _explained(report)


def _explained(report: LabReport) -> None:
    national, bands, capped = (
        {one.project: one for one in contender.projects} for contender in report.contenders
    )
    assert any("等级：84.92 分“良” → 92.46 分“优”" in w for w in national["基金监管专项"].why)
    assert any("合计按新规则集折算，+10.00 分" in w for w in national["基金监管专项"].why)
    why = bands["医疗保险业务信息化"].why
    assert any("20 分中得 11.95 分 → 10 分中得 0.00 分" in w and "59.76%" in w for w in why)
    assert "执行率偏低，总分封顶 69.00 分" in capped["医疗保险业务信息化"].why
    assert any("扣 2 分" in w for w in capped["基本医疗（含生育）业务经办管理"].why)
    assert capped["医疗保障与服务能力提升"].why == ()
    assert capped["医疗保障与服务能力提升"].lines == ()
    first = report.contenders[2].by_change
    assert [one.project for one in first[:2]] == ["基金监管专项", "医疗保险业务信息化"]
    for contender in report.contenders:
        for one in contender.projects:
            assert one.by_weights + one.by_rules + one.by_cap == one.difference
            assert sum((line.by_weights for line in one.lines), D(0)) == one.by_weights
            assert sum((line.by_rules for line in one.lines), D(0)) == one.by_rules


def _others() -> list[RuleSet]:
    return [load(identity) for identity in OTHERS]


def test_the_sample_of_hubei_as_worked_by_hand() -> None:
    _holds(compare(_tables(SAMPLE), load("hubei-2020"), _others()))


@pytest.mark.seeds
def test_the_final_accounts_of_hubei_as_worked_by_hand(seeds_dir: Path) -> None:
    path = seeds_dir / "seeds" / "003_b3d5e7f0c80101b4.txt"
    _holds(compare(_tables(path), load("hubei-2020"), _others()))


# ── small tables ────────────────────────────────────────────────────────────────────────────────


def _line(target: str, actual: str, points: str, claimed: str | None = None) -> ParsedIndicator:
    context = ValueContext(name="示例", level1="产出指标", level2="质量指标", fiscal_year=2022)
    wanted = parse_target(target, context)
    return ParsedIndicator(
        name=f"示例{target}",
        at="L0001",
        level1=context.level1,
        level2=context.level2,
        target=wanted,
        actual=parse_actual(actual, wanted, context),
        points=D(points),
        awarded=D(claimed) if claimed else None,
    )


def _table(*lines: ParsedIndicator, executed: str | None = "100") -> ParsedTable:
    return ParsedTable(
        kind=TableKind.SELF_EVALUATION,
        at="L0001",
        project="示例项目",
        fiscal_year=2022,
        indicators=lines,
        goal_points=D(80),
        execution=Execution(
            budget=D(100),
            budget_used=D(100),
            executed=D(executed) if executed else None,
            points=D(20),
            at="L0002",
        ),
    )


def _one(table: ParsedTable, base: str, other: RuleSet) -> ProjectChange:
    return compare([table], load(base), [other]).contenders[0].projects[0]


def test_weights_and_rules_are_told_apart() -> None:
    # ≥90 with 60: 40 × 60/90 = 26.67. At 45 points: 30.00, above the floor (0.6667 − 0.60)/0.40
    # × 45 = 7.50. ≥100 with 100: 40 → 45. Execution 20 → 10, full both times.
    table = _table(_line("≥90%", "60%", "40"), _line("≥100%", "100%", "40"))
    found = _one(table, "hubei-2020", load("mof-2021-101"))
    assert found.base_total == D("86.67")
    assert found.other_total == D("62.50")
    assert found.by_weights == (D("30") - D("26.67")) + D("5") - D("10")
    assert found.by_rules == D("7.50") - D("30")
    assert (found.base_grade, found.other_grade) == ("良", "中")
    assert found.lines[0].other_points == D("45")
    assert "及格" in found.lines[0].other_words or "60%" in found.lines[0].other_words


def test_scaled_weights_are_the_goal_points_together() -> None:
    # 7 × 9/8 … 7.875, 6.75, 8.4375 …: cents are handed out so that the sum is 90.00.
    table = _table(*(_line("≥1个", "1个", p) for p in ("7", "6", "7.5", "13", "11", "35.5")))
    scaled = reweighted(table, load("hubei-2020"), load("mof-2020-10"))
    points = [line.points for line in scaled.indicators]
    assert sum(p for p in points if p is not None) == D("90.00")
    assert points == [D("7.88"), D("6.75"), D("8.44"), D("14.62"), D("12.37"), D("39.94")]
    assert score(scaled, load("mof-2020-10")).total == D("100.00")


def test_a_claim_keeps_its_share() -> None:
    # 部分达成 with 24 of 40 claimed: a share of 0.60, the lowest of the tier under both sets.
    table = _table(_line("有效提升", "部分达成", "40", "24"), _line("≥1个", "1个", "40"))
    found = _one(table, "hubei-2020", load("mof-2020-10"))
    assert found.base_total == D("24") + D("40") + D("20")
    assert found.other_total == D("27") + D("45") + D("10")
    assert found.by_rules == 0


def test_without_execution_there_is_no_grade_and_no_mean() -> None:
    table = _table(_line("≥1个", "1个", "80"), executed=None)
    report = compare([table], load("hubei-2020"), [load("mof-2020-10")])
    found = report.contenders[0].projects[0]
    assert (found.base_grade, found.other_grade, found.complete) == ("不定", "不定", False)
    assert report.contenders[0].mean is None
    assert not found.changes_grade


def test_the_same_rules_change_nothing() -> None:
    for table in _tables(SAMPLE):
        found = _one(table, "hubei-2020", load("hubei-2020"))
        assert (found.difference, found.lines, found.why) == (0, (), ())


def test_a_form_without_goal_points_is_scaled_by_its_own_sum() -> None:
    table = replace(_table(_line("≥1个", "1个", "90")), goal_points=None)
    found = _one(table, "hubei-2020", load("mof-2020-10"))
    assert found.other_total == D("100.00")


# ── changed thresholds ──────────────────────────────────────────────────────────────────────────


def test_changed_grades_move_a_paper_and_say_so() -> None:
    other, label = with_settings("hubei-2020", {"grades": "优:95,良:80,中:60,差:0"})
    assert other.id == "hubei-2020-changed"
    assert other.digest != load("hubei-2020").digest
    report = compare(_tables(SAMPLE), load("hubei-2020"), [other], {other.digest: label})
    contender = report.contenders[0]
    assert contender.label == "hubei-2020（改：等级界限 优:95,良:80,中:60,差:0）"
    assert contender.changed == 1
    assert contender.by_change[0].project == "医疗保险业务信息化"
    assert (
        contender.by_change[0]
        .why[-1]
        .endswith("等级界限不同：优 90、良 80、中 60、差 0 → 优 95、良 80、中 60、差 0")
    )


def test_changed_caps_floor_and_execution() -> None:
    other, _ = with_settings(
        "hubei-2020",
        {
            "caps": "0.60:70",
            "execution.method": "bands",
            "execution.bands": "0.50:0.50,0:0",
            "floor": "0.50",
            "quantitative": "above_floor",
            "deduct_at": "1.30",
            "deduct_points": "3",
        },
    )
    found = {p.project: p for p in compare(_tables(SAMPLE), load("hubei-2020"), [other])
             .contenders[0].projects}  # fmt: skip
    # 59.76 % → half of 20; 80 + 10 = 90, capped at 70.
    assert found["医疗保险业务信息化"].other_total == D("70")
    assert found["医疗保险业务信息化"].by_rules == D("10") - D("11.95")
    assert found["医疗保险业务信息化"].by_cap == D("-20")
    # 37 of 25: minus 3; full execution reaches no higher band than the half.
    assert found["基本医疗（含生育）业务经办管理"].other_total == D("80") - D("3") + D("10")


def test_the_child_of_a_parent_may_be_changed() -> None:
    other, _ = with_settings("mof-2021-101", {"floor": "0.50"})
    assert (other.floor, other.execution_bands) == (D("0.50"), load("mof-2021-101").execution_bands)
    assert load("mof-2021-101").floor == D("0.60")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"tiers": "x"}, "不能改“tiers”"),
        ({"id": "x"}, "不能改“id”"),
        ({"execution": "x"}, "不能改“execution”"),
        ({"floor": ""}, "floor 的值应在 1 到 200 字之间"),
        ({"floor": "1" * 201}, "floor 的值应在 1 到 200 字之间"),
        ({"floor": "六成"}, "floor 的数字 '六成' 应写成加引号的十进制数"),
        ({"floor": "1.01"}, "及格门槛 1.01 应在 0 到 1 之间"),
        ({"floor": "-0.1"}, "及格门槛 -0.1 应在 0 到 1 之间"),
        ({"execution.method": "none"}, "method 应为 ratio、bands 之一"),
        ({"execution.method": "bands"}, "execution.method 为 bands，却没有 bands"),
        ({"quantitative": "above_floor"}, "quantitative 为 above_floor，却没有 floor"),
        ({"grades": "优90"}, "应写成 下限:比例 的列表"),
        ({"grades": "none"}, "grades 不能为空"),
        ({"grades": "优:90,优:80"}, "等级应各不相同"),
        ({"grades": "优:90,良:90"}, "两个等级的下限相同"),
        ({"grades": "良:80,优:90"}, "等级应从高到低写"),
        ({"grades": "优:NaN"}, "应写成加引号的十进制数"),
        ({"deduct_at": "1.30"}, "deduct_at 和 deduct_points 要么都写，要么都不写"),
        ({"caps": "0.8:120"}, "封顶的总分 120 应在 0 到 100 之间"),
    ],
)
def test_changes_that_make_no_rule_set_are_refused(settings: dict[str, str], words: str) -> None:
    with pytest.raises(RulebookError) as refused:
        with_settings("hubei-2020", settings)
    assert words in str(refused.value)


def test_an_unknown_rule_set_is_refused() -> None:
    with pytest.raises(UnknownRuleset):
        with_settings("../hubei-2020", {"floor": "0.5"})
