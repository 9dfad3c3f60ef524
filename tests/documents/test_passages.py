"""Running text put together from lines and cells, and amounts of tables that are no forms."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from performance.documents.passages import passages_of_text
from tests.documents.forms import HEAD, document

LONG = "二〇二三年全镇共完成道路养护三十公里，路面修补和绿化养护"


def test_a_paragraph_goes_on_in_the_next_line() -> None:
    read = document(
        "一、支出情况", LONG, "共支出120万元，", "比上年减少3万元。", "另有一句，共5人。"
    )
    first, second = read.passages
    assert first.text == f"{LONG}共支出120万元，比上年减少3万元。"
    assert first.heading == "一、支出情况"
    assert (first.at, first.place(first.text.index("120"))) == ("L0002", "L0003")
    assert first.place(first.text.index("比上年")) == "L0004"
    assert (second.at, second.place(0)) == ("L0005", "L0005")


def test_headings_lists_and_labels_begin_anew() -> None:
    read = document(
        "二、收入情况", "（一）总体", f"{LONG}共20万元", "1.第一项10万元", "预算安排规模：7万元"
    )
    assert [p.text for p in read.passages] == [
        f"{LONG}共20万元",
        "1.第一项10万元",
        "预算安排规模：7万元",
    ]
    assert {p.heading for p in read.passages} == {"二、收入情况 （一）总体"}


def test_prose_cells_know_their_project() -> None:
    read = document(
        "项目支出绩效目标表",
        "项目名称\t渡船更新",
        "立项依据\t按每人每年30元、1200人测算，共36000元",
        HEAD,
        "产出指标\t数量指标\t渡船数量\t≥2艘",
    )
    (cell,) = [p for p in read.passages if p.cell]
    assert (cell.project, cell.at) == ("渡船更新", "L0003")


def test_text_without_digits_is_no_passage() -> None:
    assert document("本部门无其他需要说明的事项。").passages == ()


def test_printed_amounts_with_label_column_and_print() -> None:
    read = document(
        "部门支出总表",
        "单位：万元",
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "栏次\t1\t2\t3\t4",
        "\t合计\t110.5\t80\t30.5",
        "213\t农林水支出\t30.25\t—\t30.25",
    )
    rows = [(p.label, p.column, p.value, p.step, p.at) for p in read.printed]
    assert [(label, column) for label, column, *_ in rows] == [
        ("合计", "合计"),
        ("合计", "基本支出"),
        ("合计", "项目支出"),
        ("农林水支出", "合计"),
        ("农林水支出", "项目支出"),
    ]
    assert rows[3][2] == 302500
    assert {row[3] for row in rows} == {100}  # 110.5 beside 30.25 is 110.50
    assert rows[3][4] == "L0006"


def test_counts_codes_and_tables_without_a_unit_are_not_printed() -> None:
    assert document("车辆情况表", "项目\t数量", "轿车\t3").printed == ()
    counted = document("资产情况表", "单位：万元", "项目\t数量\t金额", "1.车辆\t2\t40.00")
    assert [(p.label, p.column, p.value) for p in counted.printed] == [("1.车辆", "金额", 400000)]


@given(st.text(alphabet="一二、。，：1 2\n（）.项目支出", max_size=300))
def test_paragraphs_of_a_text_stand_where_they_say(text: str) -> None:
    end = 0
    for start, passage in passages_of_text(text):
        assert start >= end
        end = start + len(passage.text)
        assert text[start:end] == passage.text
