"""Proofreading a draft: every figure agrees, disagrees with a named one, or is not found."""

from __future__ import annotations

from decimal import Decimal

from performance.examination.prose import Fact, FactKind, FigureKind, facts_of
from performance.examination.prose.proof import Proofed, Status, proof
from performance.examination.prose.proof_json import proofs_json
from performance.tables import ParsedDocument
from tests.documents.forms import CLAIMED, document

AGREES, DISAGREES, NOT_FOUND = Status.AGREES, Status.DISAGREES, Status.NOT_FOUND


def _reference() -> ParsedDocument:
    return document(
        "部门支出决算表",
        "单位：万元",
        "科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出",
        "\t合计\t98.60\t74.05\t24.55",
        "214\t交通运输支出\t80.30\t55.75\t24.55",
        "项目支出绩效自评表",
        "（2024年度）",
        "项目名称\t渡口维护",
        "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        "\t年度资金总额\t30\t24.55\t10\t81.83%\t8.18",
        CLAIMED,
        "产出指标\t数量指标\t维护渡口数量\t≥9个\t10个\t60\t60\t",
        "满意度指标\t服务对象满意度指标\t乘客满意度\t≥90%\t93.5%\t30\t30\t",
    )


def _statuses(found: list[Proofed]) -> list[tuple[str, Status]]:
    return [(p.figure.written, p.status) for p in found]


DRAFT = """一、支出情况
全年支出合计98.60万元，其中：基本支出74.05万元，占75.1%；
项目支出25.45万元，占24.9%。交通运输支出８０．３万元，比上年增加6万元。

渡口维护项目：全年预算数为30万元，执行数为24.55万元，完成预算的88%。
共维护渡口数量10个，乘客满意度达到95%，受理建议14条。
"""


def test_every_figure_of_a_draft() -> None:
    found = proof(DRAFT, _reference())
    assert _statuses(found) == [
        ("98.60万元", AGREES),
        ("74.05万元", AGREES),
        ("75.1%", AGREES),
        ("25.45万元", DISAGREES),
        ("24.9%", DISAGREES),
        ("８０．３万元", AGREES),
        ("6万元", NOT_FOUND),
        ("30万元", AGREES),
        ("24.55万元", AGREES),
        ("88%", DISAGREES),
        ("10个", AGREES),
        ("95%", DISAGREES),
        ("14条", NOT_FOUND),
    ]
    assert all(DRAFT[p.figure.start : p.figure.end] == p.figure.written for p in found)
    assert [p.at for p in found] == [*["L0002"] * 3, *["L0003"] * 4, *["L0005"] * 3, *["L0006"] * 3]


def test_a_disagreement_names_both_figures_and_both_places() -> None:
    wrong = {
        p.figure.written: p.message for p in proof(DRAFT, _reference()) if p.status is DISAGREES
    }
    assert "25.45万元（L0003）" in wrong["25.45万元"]
    assert "24.55 万元（L0004）" in wrong["25.45万元"]
    assert "81.83%" in wrong["88%"] and "执行率" in wrong["88%"]
    assert "93.5%（L0013）" in wrong["95%"]


def test_a_right_total_over_a_wrong_list_agrees_and_says_so() -> None:
    (total, *_) = proof(DRAFT, _reference())
    assert "一致；但" in total.message and "99.5 万元" in total.message


def test_a_plain_list_of_facts_will_do() -> None:
    fact = Fact(
        subject="路灯养护费",
        what=FactKind.PRINTED,
        kind=FigureKind.AMOUNT,
        value=Decimal(51000),
        step=Decimal(1000),
        unit="元",
        source="养护台账",
    )
    (good, bad) = proof("路灯养护费5.1万元。路灯养护费5.2万元。", [fact])
    assert (good.status, good.fact) == (AGREES, fact)
    assert bad.status is DISAGREES
    assert "养护台账" in bad.message
    assert [p.status for p in proof("路灯养护费5.2万元。", [])] == [NOT_FOUND]


def test_nothing_but_headings_and_words() -> None:
    assert proof("一、总体情况\n本年工作平稳有序。\n", _reference()) == []
    assert proof("", []) == []


def test_facts_hold_tables_indicators_and_projects() -> None:
    facts = facts_of(_reference())
    kinds = {(f.what, f.subject) for f in facts}
    assert (FactKind.TOTAL, "支出总计") in kinds
    assert (FactKind.PRINTED, "交通运输支出") in kinds
    assert (FactKind.ACTUAL, "乘客满意度") in kinds
    assert (FactKind.RATE, "渡口维护") in kinds
    assert all(f.source and f.at for f in facts)
    targets = [f for f in facts if f.what is FactKind.TARGET]
    assert targets and not any(f.decisive for f in targets)  # beside an actual


def test_the_json_of_a_draft() -> None:
    shown = proofs_json(proof(DRAFT, _reference()))
    assert shown["counts"] == {"agrees": 7, "disagrees": 4, "not_found": 2}
    first = shown["figures"][0]
    assert (first["text"], first["value"], first["unit"]) == ("98.60万元", "986000", "元")
    assert first["fact"]["source"] == "“部门支出决算表”"
    assert shown["figures"][-1]["fact"] is None
