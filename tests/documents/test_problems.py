"""Problems: what they show, and what they must never show."""

from __future__ import annotations

import pytest

from performance.documents.problems import MESSAGES, RAW_LENGTH, mask, problem
from tests.documents.forms import HEAD, document, target_table


@pytest.mark.parametrize(
    "phone",
    [
        "13800000000",
        "１３８００００００００",
        "138 0000 0000",
        "138-0000-0000",
        "010-60000000",
        "01060000000",
        "（010）60000000",
        "0335-3650000",
    ],
)
def test_telephones_are_masked(phone: str) -> None:
    shown = mask([], []).text(f"联系 {phone}。")
    assert shown == "联系 ***。"


@pytest.mark.parametrize("figure", ["≥6670104元", "20230412173637", "2101504"])
def test_figures_are_no_telephones(figure: str) -> None:
    assert mask([], []).text(figure) == figure


def test_names_are_masked_wherever_raw_text_shows_them() -> None:
    read = document(
        "项目支出绩效目标表",
        "项目名称\t甲项目\t项目负责人\t张三",
        "审核意见\t张三已核，13800000000\t同意",
        HEAD,
        "产出指标\t数量指标\t人数\t≥1人\t张三填报",
        "负责人:\t张三\t经办人:\t李四\t联系电话:\t13800000000",
    )
    shown = [*(p.raw for p in read.problems), *(p.message for p in read.problems)]
    assert len(read.problems) == 2
    assert not any("张三" in text or "138" in text for text in shown)
    assert read.problems[0].raw == "审核意见 | **已核，*** | 同意"


def test_names_of_a_form_without_indicators_are_masked_too() -> None:
    read = document("项目名称\t甲\t负责人\t张三", HEAD, *target_table("以上由张三填报\t\t\t"))
    assert len(read.problems) >= 2
    assert not any("张三" in p.raw + p.message for p in read.problems)


def test_the_name_of_an_indicator_stays_as_it_is() -> None:
    shown = mask(["慰问"], ["慰问人数"])
    found = shown.problem(
        problem("cell_unplaced", "L0001", subject="慰问人数", raw="慰问", detail="慰问")
    )
    assert found.message.startswith("指标“慰问人数”")
    assert found.message.endswith("“**”")
    assert found.raw == "**"


def test_words_of_one_letter_or_of_a_sentence_are_no_names() -> None:
    assert mask(["无", "业务科室负责人员名单见所附的另外一张表"], []).names is None


def test_raw_is_cut_and_numbers_on_the_cut_do_not_leak() -> None:
    long = "字" * (RAW_LENGTH - 5) + "13800000000" * 1
    found = mask([], []).problem(problem("row_unplaced", "L0001", raw=long))
    assert len(found.raw) == RAW_LENGTH - 2
    assert "138" not in found.raw
    assert len(mask([], []).text("字" * 5000)) == RAW_LENGTH


def test_every_message_is_a_sentence_that_names_its_indicator() -> None:
    for code, words in MESSAGES.items():
        found = problem(code, "L0001", subject="人数", detail="指标值", taken="“5”")
        assert "{" not in found.message
        assert found.message
        if "{subject}" in words:
            assert "指标“人数”" in found.message
    assert "（another）" in problem("another", "L0001", detail="指标值").message
