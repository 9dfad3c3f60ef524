"""Each reason of a risk with a table that has it and a neighbour that just has not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from performance.appraisal import appraise, examine
from performance.documents import read
from performance.examination.limits import Thresholds
from performance.examination.loader import DataError
from performance.examination.risk import _REASONS, Circumstances, Medians, Risk, assess
from performance.examination.weights import COUNTED, LABELS, risk_limits
from performance.rulebook import load
from performance.scoring import score
from performance.tables import Finding, ParsedTable, Severity, TableKind
from tests.examination.papers import LIMITS, evaluation, spent, targets

RULES = load("mof-2020-10")
_TWO = ("数量|甲|≥10次|{}|40|{}", "质量|乙|≥90%|{}|50|{}")


def _risk(table: ParsedTable, *, limits: Thresholds = LIMITS, **more: Any) -> Risk:
    sheet = score(table, RULES) if table.kind is TableKind.SELF_EVALUATION else None
    found = examine(table, sheet, RULES, limits=limits)
    return assess(table, sheet, found, limits, Circumstances(**more))


def _own(*cells: str, executed: str = "100", total: str | None = None) -> ParsedTable:
    """Two indicators of 40 and 50 points and execution of 10, of a budget of 100."""
    rows = (_TWO[0].format(*cells[:2]), _TWO[1].format(*cells[2:4]))
    more = {"total_claimed": Decimal(total)} if total is not None else {}
    return evaluation(*rows, execution=spent("100", executed, awarded="10"), **more)


_GOOD = ("10次", "39", "92%", "50")
_WORDS = (
    "社会效益|满意的程度|明显提高|明显提高|10|10",
    "社会效益|知晓的程度|明显提高|有所提高|10|10",
)
_NUMBERS = ("数量|甲|≥10次|≥10次|10|10", "数量|乙|≥5次|5次|10|9", "数量|丙|≥6次|7次|10|9")
_PRIOR = "质量|合格率|≥80%||10||||{}"
_COST = "成本|单位成本|{}5万元||10"

CASES: list[tuple[str, ParsedTable, dict[str, Any], ParsedTable, dict[str, Any], str]] = [
    (
        "claimed_over",
        _own("8次", "40", "92%", "50", total="100"),
        {},
        _own("9次", "40", "92%", "50", total="100"),
        {},
        "自评 100 分，按规则得 92 分，高出 8 分",
    ),
    (
        "points_over_execution",
        _own(*_GOOD, executed="78"),
        {},
        _own(*_GOOD, executed="79"),
        {},
        "指标得分率 98.89%，预算执行率只有 78%",
    ),
    (
        "all_full",
        _own("10次", "40", "92%", "50"),
        {},
        _own(*_GOOD),
        {},
        "2 个指标全部自评满分，共 90 分",
    ),
    (
        "copied",
        evaluation(*_NUMBERS[:2], "数量|丙|≥6次|≥6次|10|9"),
        {},
        evaluation(*_NUMBERS),
        {},
        "3 个指标中 2 个的实际完成值照抄目标值",
    ),
    (
        "below_prior",
        targets(_PRIOR.format("81%")),
        {},
        targets(_PRIOR.format("80%")),
        {},
        "1 个指标的目标值低于上年完成值",
    ),
    (
        "far_over",
        _own("13次", "40", "92%", "50"),
        {},
        _own("12次", "40", "92%", "50"),
        {},
        "如“甲”目标 ≥10次，实际 13次（130%）",
    ),
    (
        "unsupported",
        evaluation(*_WORDS),
        {"evidence": (True, False)},
        evaluation(*_WORDS),
        {"evidence": (True, True)},
        "1 个定性指标得 10 分，没有佐证资料",
    ),
    ("late", _own(*_GOOD), {"late": True}, _own(*_GOOD), {"late": False}, "过了任务的截止时间"),
    (
        "points_unlike",
        _own(*_GOOD),
        {"medians": Medians(count=5, points=Decimal("0.85"))},
        _own(*_GOOD),
        {"medians": Medians(count=4, points=Decimal("0.85"))},
        "同一任务 5 个项目的中位数是 85%",
    ),
    (
        "execution_unlike",
        _own(*_GOOD, executed="60"),
        {"medians": Medians(count=5, rate=Decimal("0.9"))},
        _own(*_GOOD, executed="60"),
        {"medians": Medians(count=5, rate=Decimal("0.89"))},
        "预算执行率 60%，同一任务 5 个项目的中位数是 90%",
    ),
    (
        "cost_direction",
        targets(_COST.format("≥")),
        {},
        targets(_COST.format("≤")),
        {},
        "1 个成本指标的方向写反了",
    ),
    (
        "no_budget",
        evaluation(*_NUMBERS, execution=spent("0", "3")),
        {},
        evaluation(*_NUMBERS, execution=spent("1", "1")),
        {},
        "预算数为 0 万元，执行 3 万元",
    ),
    (
        "unspent",
        _own(*_GOOD, executed="79.9"),
        {},
        _own(*_GOOD, executed="80"),
        {},
        "预算 100 万元，执行 79.9 万元，20.1% 没有用",
    ),
]


@pytest.mark.parametrize(
    ("code", "table", "more", "near", "near_more", "words"), CASES, ids=[case[0] for case in CASES]
)
def test_a_reason_and_its_neighbour(
    code: str,
    table: ParsedTable,
    more: dict[str, Any],
    near: ParsedTable,
    near_more: dict[str, Any],
    words: str,
) -> None:
    found = {reason.code: reason for reason in _risk(table, **more).reasons}
    assert words in found[code].text
    assert found[code].weight == LIMITS.risk.weights[code]
    assert found[code].label == LABELS[code]
    assert code not in {reason.code for reason in _risk(near, **near_more).reasons}


def test_every_reason_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(_REASONS)
    assert set(_REASONS) | set(COUNTED) == set(LABELS)


@pytest.mark.parametrize("severity", list(Severity))
def test_findings_weigh_by_severity_up_to_a_number(severity: Severity) -> None:
    table = targets("数量|甲|10次||10")
    each, most = LIMITS.risk.weights[severity.value], LIMITS.risk.most_counted[severity.value]
    for count in (0, 1, most, most + 1):
        found = [Finding(code="T01", severity=severity, message="")] * count
        risk = assess(table, None, found, LIMITS)
        assert risk.score == each * min(count, most)
        assert [reason.text.split("处")[0] for reason in risk.reasons] == (
            [f"审核发现 {count} "] if count else []
        )


def test_the_score_is_the_sum_heaviest_first() -> None:
    risk = _risk(_own("8次", "40", "92%", "50", executed="60", total="100"), late=True)
    weights = [reason.weight for reason in risk.reasons]
    assert risk.score == sum(weights)
    assert weights == sorted(weights, reverse=True)
    assert len(weights) > 4


def test_lines_that_could_not_be_scored_are_left_out_of_the_difference() -> None:
    table = _own("", "40", "92%", "50", total="100")
    assert "claimed_over" not in {reason.code for reason in _risk(table).reasons}
    table = _own("", "40", "60%", "50", total="100")
    found = next(r for r in _risk(table).reasons if r.code == "claimed_over")
    assert "（可评的 2 行）" in found.text


def test_a_reason_without_weight_is_not_given() -> None:
    light = replace(LIMITS.risk, weights={**LIMITS.risk.weights, "late": 0})
    risk = _risk(_own(*_GOOD), limits=replace(LIMITS, risk=light), late=True)
    assert "late" not in {reason.code for reason in risk.reasons}


def test_a_paper_without_anything_has_no_risk() -> None:
    assert assess(targets("数量|甲|≥10次||10"), None, [], LIMITS) == Risk(score=0, reasons=())


# ── the data ────────────────────────────────────────────────────────────────────────────────────


def _written() -> dict[str, Any]:
    from performance.examination.limits import FOLDER
    from performance.examination.loader import load as load_yaml

    return dict(load_yaml(FOLDER / "default.yaml")["risk"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"claimed_gap": 5}, "加引号"),
        ({"copied_least": "3"}, "整数"),
        ({"weights": {"late": 1}}, "缺少"),
        ({"weights": {**dict.fromkeys(LABELS, 1), "lat": 1}}, "不认识的键 lat"),
        ({"most_counted": {"block": 1, "error": -1, "notice": 1}}, "整数"),
        ({"gap": "1"}, "不认识的键 gap"),
        ({"weights": []}, "应为键值"),
    ],
)
def test_weights_that_do_not_load(change: dict[str, Any], message: str) -> None:
    assert risk_limits(_written()) == LIMITS.risk
    with pytest.raises(DataError, match=message):
        risk_limits({**_written(), **change})


# ── whole documents ─────────────────────────────────────────────────────────────────────────────


def _ranked(path: Path) -> list[tuple[int, str]]:
    document = read(path.read_bytes(), path.name)
    appraisal = appraise(document, RULES)
    tables = [t for t in document.tables if t.kind is TableKind.SELF_EVALUATION]
    ranked = []
    for table, sheet in zip(tables, appraisal.sheets, strict=True):
        own = [one for one in appraisal.findings if one.project == table.project]
        ranked.append((assess(table, sheet, own, LIMITS).score, table.project))
    return sorted(ranked, reverse=True)


@pytest.mark.seeds
def test_the_project_that_spent_little_stands_first(seeds_dir: Path) -> None:
    ranked = _ranked(seeds_dir / "seeds" / "003_b3d5e7f0c80101b4.txt")
    assert len(ranked) == 4
    assert ranked[0][1] == "基金监管专项"
    assert ranked[0][0] > ranked[1][0]


def test_the_sample_that_spent_little_stands_first() -> None:
    ranked = _ranked(Path("tests/samples/hubei-final-accounts-2022.txt"))
    assert len(ranked) > 1
    assert ranked[0][1] == "基金监管专项"
    assert ranked[0][0] > ranked[1][0]
