"""Claims, execution and bounds on self-evaluations as they are read from a form."""

from __future__ import annotations

import pytest

from performance.appraisal import appraise
from performance.rulebook import load
from performance.tables import Finding, Severity
from tests.documents.forms import document, self_evaluation

CODES = {"S01", "S03", "E01", "E02", "A01"}
"""The checks this file is about; the small tables here have other faults too."""
FUNDS = "项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分"


def _findings(*rows: str, funds: str = "", ruleset: str = "mof-2020-10") -> list[Finding]:
    lines = self_evaluation(*rows)
    if funds:
        lines[3:3] = [FUNDS, f"\t年度资金总额\t{funds}"]
    found = appraise(document(*lines), load(ruleset)).findings
    return [finding for finding in found if finding.code in CODES]


def _codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(f.code, f.severity.value) for f in found]


def test_a_table_without_faults() -> None:
    rows = ["产出指标\t数量指标\t培训人数\t≥100人\t90人\t10\t9.00\t报名不足"]
    assert _findings(*rows, funds="300\t287\t171\t10\t59.58%\t5.96") == []


def test_s01_a_claim_above_the_rule() -> None:
    (found,) = _findings("产出指标\t数量指标\t培训人数\t≥100人\t60人\t20\t20\t")
    assert (found.code, found.severity) == ("S01", Severity.ERROR)
    assert (found.project, found.indicator, found.at) == ("甲项目", "培训人数", "L0005")
    for figure in ("培训人数", "20 分", "12.00 分", "60", "100"):
        assert figure in found.message


def test_s01_a_claim_below_the_rule() -> None:
    (found,) = _findings("产出指标\t数量指标\t培训人数\t≥100人\t100人\t20\t15\t")
    assert (found.code, found.severity) == ("S01", Severity.ERROR)


@pytest.mark.parametrize("claim", ["13", "13.3"])
def test_s01_only_rounded_is_a_hint(claim: str) -> None:
    (found,) = _findings(f"产出指标\t数量指标\t培训人数\t≥90人\t60人\t20\t{claim}\t人数不足")
    assert (found.code, found.severity) == ("S01", Severity.NOTICE)


def test_s01_not_on_words_or_lines_that_are_not_scored() -> None:
    assert _findings("效益指标\t社会效益指标\t负担\t有效减轻\t达成预期指标\t10\t10\t") == []
    assert _findings("产出指标\t数量指标\t培训人数\t≥90人\t\t20\t20\t") == []


def test_s03_more_than_there_is_to_earn() -> None:
    found = _findings("产出指标\t数量指标\t培训人数\t≥90人\t95人\t10\t12\t")
    assert ("S03", "error") in _codes(found)
    (over,) = [f for f in found if f.code == "S03"]
    assert "12 分" in over.message
    assert "10 分" in over.message


def test_s03_on_execution() -> None:
    found = _findings(
        "产出指标\t数量指标\t培训人数\t≥90人\t95人\t10\t10\t", funds="100\t100\t100\t10\t100%\t11"
    )
    (over,) = [f for f in found if f.code == "S03"]
    assert over.indicator is None
    assert "预算执行" in over.message


def test_e01_execution_claimed_too_high_and_only_rounded() -> None:
    row = "产出指标\t数量指标\t培训人数\t≥90人\t95人\t10\t10\t"
    (wrong,) = _findings(row, funds="300\t287\t171\t10\t59.58%\t10")
    assert (wrong.code, wrong.severity, wrong.indicator) == ("E01", Severity.ERROR, None)
    (rounded,) = _findings(row, funds="300\t287\t171\t10\t59.58%\t6")
    assert (rounded.code, rounded.severity) == ("E01", Severity.NOTICE)


def test_e02_spent_without_a_budget() -> None:
    row = "产出指标\t数量指标\t培训人数\t≥90人\t95人\t10\t10\t"
    found = _findings(row, funds="0\t0\t60.65\t10\t\t9")
    (odd,) = [f for f in found if f.code == "E02"]
    assert odd.severity is Severity.ERROR
    assert "60.65" in odd.message
    assert "E02" not in dict(_codes(_findings(row, funds="10\t10\t9\t10\t90%\t9")))


def test_a01_the_target_copied_as_actual() -> None:
    (found,) = _findings("产出指标\t数量指标\t参保人数\t≥90万人\t≥ 90万人\t10\t10\t")
    assert (found.code, found.severity, found.indicator) == ("A01", Severity.ERROR, "参保人数")
    assert "照抄了目标值" in found.message


def test_a01_an_equal_plain_number_is_a_measurement() -> None:
    assert _findings("产出指标\t质量指标\t安全事故\t0次\t0次\t10\t10\t") == []


def test_a01_repeated_words_are_one_hint_a_table() -> None:
    found = _findings(
        "产出指标\t质量指标\t监管有效性\t全覆盖\t全 覆盖\t10\t10\t",
        "产出指标\t时效指标\t拨付及时性\t按时拨付\t按时拨付\t10\t10\t",
        "产出指标\t时效指标\t办结及时性\t按时办结\t已办结\t10\t10\t",
    )
    (hint,) = [f for f in found if f.code == "A01"]
    assert hint.severity is Severity.NOTICE
    assert hint.message.startswith("2 个定性指标")


def test_what_would_block_a_submission_is_an_error_on_a_publication() -> None:
    found = _findings("产出指标\t数量指标\t培训人数\t≥90人\t95人\t10\t12\t")
    assert all(f.severity is not Severity.BLOCK for f in found)


def test_every_ruleset_scores_any_table() -> None:
    rows = ["决策\t立项\t规范性\t规范\t规范\t3\t3\t", "产出指标\t数量指标\t人数\t≥1人\t1人\t7\t7\t"]
    for ruleset in ("hubei-2020", "mof-2021-101", "xinjiang-2023", "capped-by-execution"):
        _findings(*rows, funds="1\t1\t1\t10\t100%\t10", ruleset=ruleset)
