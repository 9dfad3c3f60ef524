"""Every registered check is raised by its papers, silent on their neighbours, and missed if gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from performance.examination.checks import UNREAD
from performance.examination.model import Stage
from performance.tables import Execution, Finding, Fund, FundSource, ParsedTable, Severity
from tests.examination.papers import (
    CHECKS,
    LIMITS,
    evaluation,
    funds,
    only,
    papers,
    run,
    spent,
    targets,
)
from tests.examination.quiet import QUIET
from tests.examination.raised import RAISED
from tests.examination.shapes import Quiet, Raised

NAMES = [check.name for check in CHECKS]


@pytest.fixture(scope="module")
def whole() -> list[list[Finding]]:
    """What all checks find on the whole collection."""
    return [run(raised.papers) for raised in RAISED]


@pytest.mark.parametrize("raised", RAISED, ids=lambda r: f"{r.check}：{r.piece[:12]}")
def test_raised(raised: Raised) -> None:
    (check,) = only(raised.check)
    found = run(raised.papers, [check])
    assert [(f.code, f.severity.value) for f in found] == [(check.code, raised.severity)]
    (finding,) = found
    assert raised.piece in finding.message
    assert finding.severity in check.severities
    assert finding.aspect == (check.aspect.value if check.aspect else None)
    assert finding.basis


@pytest.mark.parametrize("quiet", QUIET, ids=lambda q: q.check)
def test_quiet(quiet: Quiet) -> None:
    assert run(quiet.papers, only(quiet.check)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_check_can_be_taken_out_unnoticed(name: str, whole: list[list[Finding]]) -> None:
    rest = [check for check in CHECKS if check.name != name]
    assert len(rest) == len(CHECKS) - 1
    found = [run(raised.papers, rest) for raised in RAISED]
    different = [r for r, now, all_ in zip(RAISED, found, whole, strict=True) if now != all_]
    assert any(raised.check == name for raised in different)


@pytest.mark.parametrize("name", NAMES)
def test_each_check_has_both_sides_and_all_its_severities(name: str) -> None:
    (check,) = only(name)
    assert any(q.check == name for q in QUIET)
    assert {r.severity for r in RAISED if r.check == name} == {
        severity.value for severity in check.severities
    }


def test_names_are_unique_and_begin_with_their_codes() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(check.name.startswith(f"{check.code} ") for check in CHECKS)
    assert all((check.run is None) != (check.run_bundle is None) for check in CHECKS)


def test_every_code_of_the_rules_is_registered() -> None:
    codes = {check.code for check in CHECKS}
    assert codes == {
        *("P01", "W01", "W02", "W03", "T01", "T02", "T03", "T04", "T05", "T06", "C01", "C02"),
        *("C03", "M01", "M02", "D01", "O01", "A01", "U01", "S01", "S02", "S03", "E01", "E02"),
        *("E03", "R01", "R02", "Q01", "V01", "X02", "X03"),
    }


def test_severities_are_those_of_the_rules() -> None:
    block, error, notice = Severity.BLOCK, Severity.ERROR, Severity.NOTICE
    grave = {"S01", "S02", "E01", "E02", "C01", "M01", "T01", "T02", "T05", "U01", "A01", "R01"}
    found: dict[str, set[Severity]] = {}
    for check in CHECKS:
        found.setdefault(check.code, set()).update(check.severities)
    assert {code for code, kinds in found.items() if block in kinds} == {"S03", "W01", "E03", "P01"}
    assert {code for code, kinds in found.items() if error in kinds} == {
        *grave,
        *("W03", "X02", "T03", "T04"),
    }
    assert {code for code, kinds in found.items() if notice not in kinds} == {
        *("S03", "P01", "S02", "E02", "C01", "M01", "T01", "T02", "T05", "U01", "X02"),
    }


def test_no_article_is_invented() -> None:
    for check in CHECKS:
        assert not check.basis or check.basis.endswith(f"（{UNREAD}）")


def test_only_what_the_service_holds_is_asked_for_what_it_lacks() -> None:
    stages = {check.name: check.stages for check in CHECKS if check.stages != frozenset(Stage)}
    assert {name[:3] for name in stages} == {"P01", "V01"}
    assert not any(Stage.IMPORTED in found for found in stages.values())


def test_what_blocks_and_what_is_off_is_for_the_region_to_say() -> None:
    table = targets("成本|总金额|≥5元", "数量|甲|≥5家||50", "数量|乙|≥5家||45")
    strict = replace(LIMITS, blocking=frozenset({"C01"}), disabled=frozenset({"C02"}))
    usual = Counter((f.code, f.severity.value) for f in run(papers(table)))
    other = Counter((f.code, f.severity.value) for f in run(papers(table, limits=strict)))
    assert usual["C01", "error"] == other["C01", "block"] == 1
    off = replace(LIMITS, disabled=frozenset({"C01"}))
    assert not [f for f in run(papers(table, limits=off)) if f.code == "C01"]


def test_a_hint_never_blocks() -> None:
    limits = replace(LIMITS, blocking=frozenset({"C03"}))
    found = run(papers(targets("数量|总人次|≤5人"), limits=limits), only("C03 数量方向"))
    assert [f.severity for f in found] == [Severity.NOTICE]


def test_findings_point_to_the_cell() -> None:
    (finding,) = run(papers(targets("成本|总金额|≥5元")), only("C01 成本方向"))
    assert (finding.project, finding.indicator, finding.at, finding.field) == (
        "甲项目",
        "总金额",
        "L0001",
        "target",
    )


GAPS = (
    *("数量|甲|", "数量|甲||5家|10|9", "成本|甲|≥5元", "成本|甲|不适用", "满意度|甲|||10|9"),
    *("质量|甲率|80%-90%|不适用|10|", "时效|甲|2023年12月底前|2023年|10|10", "质量|甲|有||| 8"),
    *("成本|办公费|", "满意度|满意度|", "社会效益|满意度|", "社会效益|经费|", "数量|覆盖率|"),
    *("社会效益|甲|不低于上年||||||80%", "数量|甲|5家|||||||", "决策/|甲|规范", "/|甲||"),
)


@pytest.mark.parametrize("make", [targets, evaluation])
@pytest.mark.parametrize("stage", Stage)
def test_no_check_stumbles_over_gaps(make: Callable[..., ParsedTable], stage: Stage) -> None:
    bare = [make(row, project=f"项目{i}", project_code="1") for i, row in enumerate(GAPS)]
    whole = make(*GAPS, execution=Execution(), funds=(Fund(source=FundSource.TOTAL),))
    spending = [make(*GAPS, execution=spent(*money)) for money in (("0", "0"), (None, "1"))]
    empty = make(project="", unit=None, fiscal_year=None)
    given = papers(*bare, whole, *spending, empty, stage=stage, problems=[("T05", "", "")])
    assert all(finding.message for finding in run(given))


def test_few_numbers_without_units_are_told_one_by_one() -> None:
    (check,) = only("T02 缺计量单位")
    two = ("数量|甲设备|≥95", "质量|甲合格率|≥95")
    assert len(run(papers(targets(*two)), [check])) == 2
    three = (*two, "质量|乙合格率|≥95")
    assert len(run(papers(targets(*three)), [check])) == 1
    assert len(run(papers(targets(*three, "数量|丙|≥1家")), [check])) == 3


@pytest.mark.parametrize(("length", "count"), [(19, 0), (20, 1)])
def test_an_objective_is_somebodys_own_from_twenty_characters_on(length: int, count: int) -> None:
    text = "保障全市医保基金安全平稳运行并提高服务水平"[: length - 1] + "。"
    given = papers(targets(objective=f"{text}|{text}"))
    assert len(run(given, only("D01 目标重复"))) == count


def test_funds_that_differ_by_a_print_agree() -> None:
    (check,) = only("E03 资金合计")
    agree = funds(total="100.01", fiscal="90", other="10")
    differ = funds(total="100.02", fiscal="90", other="10")
    assert run(papers(targets(funds=agree)), [check]) == []
    assert len(run(papers(targets(funds=differ)), [check])) == 1


def test_a_table_without_faults() -> None:
    rows = (
        "数量|监督检查家数|≥50家|52家|20|20||检查记录",
        "质量|检查覆盖率|=100%|100%|15|15||检查记录",
        "时效|按时办结率|≥95%|96%|15|15||台账",
        "成本|检查经费|≤5万元|4.9万元|10|10||凭证",
        "社会效益|政策知晓率|≥90%|92%|20|20||抽样",
        "满意度|参保人员满意度|≥90%|93%|10|10||问卷调查",
    )
    table = evaluation(*rows, objective="检查 50 家", execution=spent("5", "4.9", awarded="9.80"))
    for stage in Stage:
        assert run(papers(table, stage=stage)) == []


def test_a_table_with_all_four_classes_is_judged_for_its_numbers() -> None:
    rows = (
        "质量|甲合格率|≥95%",
        "经济成本|乙费|≤5万元",
        "社会效益|丙|有效",
        "满意度|丁满意度|≥90%",
    )
    (found,) = run(papers(targets(*rows)), only("W03 指标齐全"))[:1]
    assert (found.severity, "数量" in found.message) == (Severity.ERROR, True)
