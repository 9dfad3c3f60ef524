"""Documents and papers as a whole: which tables are examined, what blocks, what is not judged."""

from __future__ import annotations

from performance.appraisal import appraise, examine, examine_document, examine_together
from performance.examination.model import Stage
from performance.rulebook import load
from performance.scoring import score
from performance.tables import ExpenditureLine, Finding, Severity
from tests.documents.forms import document, self_evaluation, target_table
from tests.examination.papers import evaluation, indicator, spent, targets, wan
from tests.examination.shapes import FOUR

RULES = load("mof-2020-10")
COSTLY = "产出指标\t成本指标\t救助总金额\t≥100万元"


def _codes(found: list[Finding] | tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in found}


def test_target_tables_of_a_document_are_examined() -> None:
    found = appraise(document(*target_table(COSTLY)), RULES)
    assert found.sheets == ()
    assert "C01" in _codes(found.findings)


def test_nothing_blocks_on_a_publication() -> None:
    rows = [f"产出指标\t数量指标\t事项{i}\t≥1件\t1件\t50\t60\t" for i in range(2)]
    found = appraise(document(*self_evaluation(*rows)), RULES).findings
    assert "S03" in _codes(found)
    assert all(finding.severity is not Severity.BLOCK for finding in found)


def test_in_the_service_it_blocks() -> None:
    table = targets("数量|甲|≥5家||60", "数量|乙|≥5家||35")
    found = examine(table, None, RULES, stage=Stage.SUBMISSION)
    assert [f.code for f in found if f.severity is Severity.BLOCK] == ["W01"]


def test_a_table_of_its_own_is_judged_by_the_set_its_sheet_names() -> None:
    table = evaluation("数量|甲|≥3家|2家|80|80")
    found = examine(table, score(table, load("hubei-2020")))
    assert any("鄂财绩发" in finding.basis for finding in found if finding.code == "S01")
    assert "C01" in _codes(examine(targets("成本|总额|≥5元"), None))


def test_sums_of_a_table_that_lost_a_cell_are_not_judged() -> None:
    rows = [
        "产出指标\t数量指标\t甲\t≥1件\t1件\t50\t50\t",
        "产出指标\t数量指标\t乙\t≥1件\t1件\t30\t30\t",
    ]
    funds = ["项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分"]
    money = "\t年度资金总额\t1\t1\t1\t10\t100%\t10"
    lines = self_evaluation(*rows)
    lines[3:3] = [*funds, money]
    assert "W01" in _codes(appraise(document(*lines), RULES).findings)
    read = document(*lines, "产出指标\t数量指标\t丙\t≥1件\t1件\t5\t5\t无\t多余")
    assert {problem.code for problem in read.problems} >= {"cell_unplaced"}
    assert [i.points for i in read.tables[0].indicators] == [50, 30, 5]
    assert "W01" not in _codes(appraise(read, RULES).findings)


def test_a_document_stores_what_its_scores_do_not() -> None:
    lines = [
        *self_evaluation("产出指标\t数量指标\t甲\t≥3件\t2件\t90\t90\t"),
        "",
        *target_table(COSTLY),
    ]
    read = document(*lines)
    whole, rest = appraise(read, RULES).findings, examine_document(read, RULES)
    assert {"S01", "C01"} <= _codes(whole)
    assert "S01" not in _codes(rest)
    assert "C01" in _codes(rest)


def test_a_placeholder_that_the_reader_met_is_a_finding() -> None:
    found = appraise(
        document(*target_table("产出指标\t数量指标\t甲\t暂无", COSTLY)), RULES
    ).findings
    (finding,) = [f for f in found if f.code == "T05"]
    assert (finding.indicator, finding.field) == ("甲", "target")


def test_papers_of_a_year_are_held_against_each_other() -> None:
    plan, result = targets(*FOUR), evaluation(*FOUR[:3], "社会效益|政策知晓率|≥80%")
    found = examine_together([(plan, None), (result, score(result, RULES))], RULES)
    assert [(f.code, f.indicator) for f in found] == [("X02", "政策知晓率")]
    assert examine_together([], RULES) == []


def test_self_evaluations_are_held_against_the_final_accounts() -> None:
    tables = [
        evaluation("数量|甲|≥1家|1家|90|90", project=name, execution=spent("60", executed))
        for name, executed in (("甲项目", "50"), ("乙项目", "30"))
    ]
    scored = [(table, score(table, RULES)) for table in tables]
    agreed, less, more = (
        [ExpenditureLine(table="支出决算表", code="", name="合计", project=wan(amount))]
        for amount in ("80", "70", "90")
    )
    assert "X02" not in _codes(examine_together(scored, RULES, expenditure=agreed))
    assert "X02" in _codes(examine_together(scored, RULES, expenditure=less))
    assert "X02" not in _codes(examine_together(scored, RULES, expenditure=more))
    covered = examine_together(scored, RULES, expenditure=more, all_projects=True)
    (finding,) = [f for f in covered if f.code == "X02"]
    assert "80 万元" in finding.message
    assert "90 万元" in finding.message


def test_huge_tables_are_examined() -> None:
    rows = tuple(indicator(f"数量|事项{i}|≥{i + 1}件", f"L{i}") for i in range(3000))
    assert "W03" in _codes(examine(targets(indicators=rows), None, RULES))
