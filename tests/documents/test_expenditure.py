"""Function-coded expenditure tables."""

from __future__ import annotations

from tests.documents.forms import codes, document


def _lines(*lines: str) -> list[tuple[str, str, str, object, object, object, str]]:
    return [
        (e.table, e.code, e.name, e.total, e.basic, e.project, e.at)
        for e in document(*lines).expenditure
    ]


def test_one_code_column_and_a_total_line_first() -> None:
    assert _lines(
        "2023年预算支出总表",
        "单位：万元",
        "项目\t\t2023年预算数\t\t",
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "合计\t\t4881.48\t381.21\t4500.27",
        "2101504\t信息化建设\t138.02\t\t138.02",
    ) == [
        ("2023年预算支出总表", "", "合计", 48814800, 3812100, 45002700, "L0005"),
        ("2023年预算支出总表", "2101504", "信息化建设", 1380200, None, 1380200, "L0006"),
    ]


def test_class_item_and_line_in_columns_of_their_own() -> None:
    assert _lines(
        "部门支出总体情况表",
        "单位：万元",
        "功能分类科目编码\t\t\t项目 功能分类科目名称\t支出预算\t\t",
        "类\t款\t项\t\t合计\t基本支出\t项目支出",
        "210\t\t\t卫生健康支出\t744.80\t281.61\t463.19",
        "210\t15\t\t医疗保障管理事务\t723.50\t260.31\t463.19",
        "210\t15\t04\t信息化建设\t50.00\t\t50.00",
        "\t\t\t合 计\t1426.71\t363.52\t1063.19",
    )[2:] == [
        ("部门支出总体情况表", "2101504", "信息化建设", 500000, None, 500000, "L0007"),
        ("部门支出总体情况表", "", "合计", 14267100, 3635200, 10631900, "L0008"),
    ]


def test_title_as_the_first_row_and_a_header_over_three_rows() -> None:
    assert _lines(
        "支出决算表\t\t\t\t\t",
        "部门：甲中心\t\t\t\t\t公开03表 金额单位：万元",
        "项目\t\t本年支出合计\t基本支出\t项目支出\t经营支出",
        "科目代码\t科目名称\t\t\t\t",
        "栏次\t\t1\t2\t3\t4",
        "合计\t\t1,067.01\t816.43\t250.59\t0.00",
        "208\t社会保障和就业支出\t51.54\t51.54\t0.00\t0.00",
        "注：本表反映部门本年度各项支出情况。",
    ) == [
        ("支出决算表", "", "合计", 10670100, 8164300, 2505900, "L0006"),
        ("支出决算表", "208", "社会保障和就业支出", 515400, 515400, 0, "L0007"),
    ]


def test_parts_of_basic_expenditure_below_it_are_not_the_total() -> None:
    assert _lines(
        "支出总表",
        "单位：元",
        "功能分类科目\t\t合计\t基本支出\t\t\t项目支出",
        "科目编码\t科目名称\t\t小计\t人员经费\t公用经费\t",
        "210\t卫生健康支出\t100\t60\t40\t20\t40",
    ) == [("支出总表", "210", "卫生健康支出", 100, 60, 40, "L0005")]


def test_subtotal_as_the_total_of_a_table() -> None:
    assert _lines(
        "支出决算表",
        "科目代码\t科目名称\t小计\t基本支出\t项目支出",
        "210\t卫生健康支出\t1\t0.6\t0.4",
    ) == [("支出决算表", "210", "卫生健康支出", 10000, 6000, 4000, "L0003")]


def test_ordinal_columns_before_the_code() -> None:
    assert _lines(
        "部门预算支出总表",
        "序号\t功能分类科目\t\t合计\t基本支出\t项目支出",
        "\t科目编码\t科目名称\t\t\t",
        "栏次\t1\t2\t3\t4\t5",
        "1\t\t合计\t2225.88\t1515.88\t710.00",
        "2\t2101199\t其他支出\t500.00\t\t500.00",
    ) == [
        ("部门预算支出总表", "", "合计", 22258800, 15158800, 7100000, "L0005"),
        ("部门预算支出总表", "2101199", "其他支出", 5000000, None, 5000000, "L0006"),
    ]


def test_an_empty_total_line_is_no_line() -> None:
    head = "科目编码\t科目名称\t合计\t基本支出\t项目支出"
    assert _lines("支出表", head, "合计\t\t\t\t", "210\t卫生\t1\t1\t")[0][1] == "210"


def test_rows_that_slipped_are_told_and_the_rest_is_read() -> None:
    read = document(
        "支出总表",
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "208\t社会保障\t1.00\t1.00",
        "\t210\t卫生健康\t2.00\t1.00",
        "221\t住房保障\t3.00\t3.00\t",
    )
    assert [e.code for e in read.expenditure] == ["221"]
    assert [(p.code, p.at) for p in read.problems] == [
        ("row_unplaced", "L0003"),
        ("row_unplaced", "L0004"),
    ]


def test_amounts_that_are_none() -> None:
    read = document(
        "支出总表", "科目编码\t科目名称\t合计\t基本支出\t项目支出", "208\t社会保障\t约1\t1.00\t"
    )
    assert read.expenditure[0].total is None
    assert codes(read) == ["amount_unreadable"]


def test_tables_by_unit_or_of_other_kinds_are_none() -> None:
    read = document(
        "支出总表",
        "单位名称\t合计\t基本支出\t项目支出",
        "甲中心\t100\t60\t40",
        "三公经费表",
        "合计\t因公出国\t公务接待费",
        "1\t0\t1",
    )
    assert read.expenditure == ()
    assert codes(read) == ["no_tables"]


def test_a_table_ends_at_words() -> None:
    read = document(
        "支出总表",
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "210\t卫生健康\t1\t1\t",
        "说明\t本表以万元为单位",
        "210\t卫生健康\t2\t2\t",
    )
    assert len(read.expenditure) == 1
