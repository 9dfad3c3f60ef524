"""Indicator rows: what published papers do to them, one small grid for each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.documents.forms import (
    HEAD,
    codes,
    document,
    figures,
    named,
    self_evaluation,
    table,
    target_table,
    texts,
)


def test_merged_levels_appear_once() -> None:
    read = table(
        *target_table(
            "产出指标\t数量指标\t培训人数\t≥10人",
            "\t\t培训期数\t≥2期",
            "\t质量指标\t合格率\t≥95%",
            "效益指标\t社会效益指标\t知晓率\t≥85%",
        )
    )
    assert texts(read.indicators) == [
        ("产出指标", "数量指标", "培训人数", "≥10人"),
        ("产出指标", "数量指标", "培训期数", "≥2期"),
        ("产出指标", "质量指标", "合格率", "≥95%"),
        ("效益指标", "社会效益指标", "知晓率", "≥85%"),
    ]


def test_level1_again_on_every_row_keeps_a_merged_level2() -> None:
    read = table(
        *target_table(
            "产出指标\t数量指标\t甲数\t≥1个", "产出指标\t\t乙数\t≥2个", "效益指标\t\t丙\t提高"
        )
    )
    assert [(i.level1, i.level2) for i in read.indicators] == [
        ("产出指标", "数量指标"),
        ("产出指标", "数量指标"),
        ("效益指标", None),
    ]


def test_levels_are_kept_as_written_beside_their_label() -> None:
    read = table(*target_table("效果 指标\t社会效益 指标（10分）\t知晓率\t≥85%"))
    (indicator,) = read.indicators
    assert (indicator.level1, indicator.level1_text) == ("效益指标", "效果 指标")
    assert (indicator.level2, indicator.level2_text) == ("社会效益指标", "社会效益 指标（10分）")


def test_a_row_slipped_one_column_left_with_level2_under_level1() -> None:
    read = document(
        *self_evaluation(
            "产出指标\t数量指标\t覆盖率\t≥100%\t100%\t20\t20\t",
            "时效指标\t结算及时性\t按时结算\t按时结算\t10\t10\t\t",
        )
    )
    slipped = read.tables[0].indicators[1]
    assert (slipped.level1, slipped.level2, slipped.name) == ("产出指标", "时效指标", "结算及时性")
    assert slipped.target is not None
    assert slipped.target.text == "按时结算"
    assert figures(slipped.points, slipped.awarded) == (10, 10)
    (shifted,) = [p for p in read.problems if p.code == "row_shifted"]
    assert shifted.at == slipped.at == "L0006"
    assert "“结算及时性”" in shifted.message


def test_a_row_slipped_so_far_that_only_the_name_leads() -> None:
    read = document(
        *self_evaluation(
            "效益指标\t可持续影响指标\t工作经费\t73万元\t73万元\t5\t5\t",
            "欺诈骗保行为\t逐步减少\t逐步减少\t10\t10\t\t\t",
        )
    )
    slipped = named(read.tables[0], "欺诈骗保行为")
    assert (slipped.level1, slipped.level2) == ("效益指标", "可持续影响指标")
    assert slipped.actual is not None
    assert slipped.actual.text == "逐步减少"
    assert "row_shifted" in codes(read)


def test_a_row_that_lacks_cells_is_told() -> None:
    read = document(*self_evaluation("产出指标\t数量指标\t人数\t≥10人\t12人\t5"))
    assert [(p.code, p.raw) for p in read.problems] == [
        ("row_short", "产出指标 | 数量指标 | 人数 | ≥10人 | 12人 | 5")
    ]
    without_deviation = document(*self_evaluation("产出指标\t数量指标\t人数\t≥1人\t2人\t5\t5"))
    assert without_deviation.problems == ()


def test_another_class_of_level2_brings_its_own_level1() -> None:
    read = document(
        *target_table("产出指标\t数量指标\t人数\t≥1人", "\t社会效益指标\t使用效率\t不断提高")
    )
    inferred = named(read.tables[0], "使用效率")
    assert (inferred.level1, inferred.level1_text) == ("效益指标", None)
    assert inferred.inferred == ("level1",)
    assert [(p.code, p.field) for p in read.problems] == [("level_inferred", "level1")]


@pytest.mark.parametrize("level1", ["产出指标", "成本指标"])
def test_economic_cost_stays_where_the_form_has_it(level1: str) -> None:
    read = document(*target_table(f"{level1}\t经济成本指标\t总费用\t≤5万元"))
    assert read.tables[0].indicators[0].level1 == level1
    assert read.problems == ()


def test_empty_classes_are_normal_and_make_no_indicator() -> None:
    read = document(
        *target_table(
            "产出指标\t数量指标\t人数\t≥1人",
            "\t成本指标\t\t",
            "效益指标\t生态效益指标\t\t",
            "\t……\t……\t……",
        )
    )
    assert len(read.tables[0].indicators) == 1
    assert read.problems == ()


def test_values_broken_by_spaces_are_kept_as_written() -> None:
    read = table(*target_table("产出 指标\t数量指 标\t参保 人数\t≥ 90 万 人"))
    (indicator,) = read.indicators
    assert indicator.name == "参保 人数"
    assert indicator.target is not None
    assert (indicator.target.text, str(indicator.target.value)) == ("≥ 90 万 人", "900000")


@pytest.mark.parametrize("empty", ["", "–", "/", "—", "……"])
def test_empty_cells_and_dashes_are_missing(empty: str) -> None:
    read = document(
        *self_evaluation(f"产出指标\t数量指标\t人数\t≥1人\t{empty}\t5\t{empty}\t{empty}")
    )
    (indicator,) = read.tables[0].indicators
    assert (indicator.actual, indicator.awarded, indicator.deviation) == (None, None, None)
    assert codes(read) == ["actual_missing"]
    assert "“人数”" in read.problems[0].message


def test_zero_is_not_missing() -> None:
    read = table(*self_evaluation("产出指标\t质量指标\t事故数\t0次\t0次\t5\t0\t"))
    (indicator,) = read.indicators
    assert indicator.actual is not None
    assert indicator.actual.value == 0
    assert indicator.awarded == 0


def test_deviation_is_read_from_its_column() -> None:
    read = table(
        *self_evaluation("产出指标\t数量指标\t人数\t≥10人\t8人\t10\t8\t报名不足；下年提前通知")
    )
    assert read.indicators[0].deviation == "报名不足；下年提前通知"


def test_unknown_level_words_are_kept_with_a_problem() -> None:
    read = document(*target_table("过程\t资金管理\t预算编制准确率\t≥90%"))
    (indicator,) = read.tables[0].indicators
    assert (indicator.level1, indicator.level2) == ("过程", "资金管理")
    assert codes(read) == ["level_unknown", "level_unknown"]


def test_missing_levels_are_told() -> None:
    read = document(*target_table("\t\t人数\t≥1人"))
    assert codes(read) == ["level_missing", "level_missing"]
    assert all("“人数”" in p.message for p in read.problems)


def test_a_value_without_a_name() -> None:
    read = document(*target_table("产出指标\t数量指标\t人数\t≥1人", "\t质量指标\t\t≥95%"))
    assert len(read.tables[0].indicators) == 1
    assert [(p.code, p.at) for p in read.problems] == [("name_missing", "L0006")]


def test_a_name_without_a_value_is_an_indicator_with_a_problem() -> None:
    read = document(*target_table("产出指标\t数量指标\t人数\t", "\t\t期数\t"))
    assert [i.name for i in read.tables[0].indicators] == ["人数", "期数"]
    assert codes(read) == ["target_missing", "target_missing"]


def test_placeholder_targets_are_told() -> None:
    read = document(*target_table("产出指标\t数量指标\t人数\t暂无"))
    assert read.tables[0].indicators[0].target is None
    assert codes(read) == ["T05"]


def test_prompts_of_the_form_are_no_indicators_but_their_levels_hold() -> None:
    read = document(
        *target_table("产出指标\t数量指标\t指标1：\t", "\t\t人数\t≥1人", "\t质量指标\t指标2\t≥90%")
    )
    assert texts(read.tables[0].indicators) == [
        ("产出指标", "数量指标", "人数", "≥1人"),
        ("产出指标", "质量指标", "指标2", "≥90%"),
    ]
    assert codes(read) == ["placeholder_row"]


def test_subtotals_and_notes_among_the_indicators() -> None:
    read = document(
        *self_evaluation(
            "产出指标\t数量指标\t人数\t≥10人\t12人\t50\t50\t",
            "产出指标\t小计\t\t\t\t50\t50\t",
            "小计\t\t\t\t\t50\t50\t",
            "效益指标\t社会效益指标\t知晓率\t≥85%\t90%\t40\t40\t",
            "合计\t\t\t\t\t90\t90\t",
            "注：1.其他资金包括单位自筹。\t\t\t\t\t\t\t",
            "备注\t本表一式两份\t\t\t\t\t\t",
        )
    )
    assert [i.name for i in read.tables[0].indicators] == ["人数", "知晓率"]
    assert read.tables[0].total_claimed == 90
    assert read.problems == ()


def test_a_text_over_the_whole_width_is_told_and_no_indicator() -> None:
    read = document(*target_table("产出指标\t数量指标\t人数\t≥1人", "以上各项由业务科室负责\t\t\t"))
    assert len(read.tables[0].indicators) == 1
    assert [(p.code, p.raw) for p in read.problems] == [("row_unplaced", "以上各项由业务科室负责")]


def test_sign_value_and_unit_in_three_cells() -> None:
    lines = [
        "项目名称\t甲项目",
        "一级指标\t二级指标\t三级指标\t绩效指标描述\t指标值\t\t\t指标值确定依据",
        "\t\t\t\t符号\t值\t单位（文字描述）\t",
        "产出指标\t数量指标\t发放率(%)\t发放的比率\t>=\t95.00\t比率\t行业标准",
        "\t质量指标\t负担减轻程度\t减轻的程度\t文字描述\t\t有效缓解\t历史标准",
        "\t时效指标\t及时率\t及时的比率\t＝\t100.00\t\t",
    ]
    read = document(*lines)
    assert [i.target.text for i in read.tables[0].indicators if i.target] == [
        ">=95.00比率",
        "有效缓解",
        "＝100.00",
    ]
    assert [i.basis for i in read.tables[0].indicators] == ["行业标准", "历史标准", None]
    assert read.problems == ()


def test_a_unit_of_the_header_is_no_part_of_the_text() -> None:
    lines = [
        "项目名称\t甲项目",
        "一级指标\t二级指标\t三级指标\t指标值（万元）",
        "成本指标\t经济成本指标\t总费用\t≤5",
    ]
    (indicator,) = table(*lines).indicators
    assert indicator.target is not None
    assert (indicator.target.text, indicator.target.unit) == ("≤5", "元")
    assert str(indicator.target.value) == "50000"
    assert "unit" in indicator.target.inferred


def test_a_unit_cell_holds_for_the_actual_too() -> None:
    lines = [
        "项目名称\t甲项目",
        "一级指标\t二级指标\t三级指标\t指标性质\t指标值\t计量单位\t实际完成值\t分值\t得分",
        "产出指标\t数量指标\t人数\t≥\t6000\t人\t5305\t10\t8.84",
        "效益指标\t社会效益指标\t负担\t定性\t有效减轻\t\t达成预期指标\t10\t10",
    ]
    first, second = table(*lines).indicators
    assert first.target is not None
    assert first.target.text == "≥6000人"
    assert first.actual is not None
    assert (first.actual.text, first.actual.unit) == ("5305", "人")
    assert second.target is not None
    assert second.target.text == "有效减轻"


def test_points_that_are_no_numbers() -> None:
    read = document(*self_evaluation("产出指标\t数量指标\t人数\t≥1人\t1人\t十\t优秀\t"))
    (indicator,) = read.tables[0].indicators
    assert (indicator.points, indicator.awarded) == (None, None)
    assert {"points_unreadable", "cell_unplaced"} & set(codes(read))


# ── two halves ──────────────────────────────────────────────────────────────────────────────────

HALVES = "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\t二级指标\t三级指标\t指标值"


def _halves(*rows: str) -> list[str]:
    return ["项目支出绩效目标申报表", "项目名称\t甲项目", HALVES, *rows]


def test_two_halves_are_one_indicator_and_the_fuller_name_wins() -> None:
    read = document(
        *_halves(
            "\t产出指标\t数量指标\t全县参加医疗保险人数\t≤250000人\t数量指标\t全县参加医疗\t≤250000人",
            "\t\t\t运行维护\t≥12次\t\t运行维护次数\t≥12次",
        )
    )
    assert texts(read.tables[0].indicators) == [
        ("产出指标", "数量指标", "全县参加医疗保险人数", "≤250000人"),
        ("产出指标", "数量指标", "运行维护次数", "≥12次"),
    ]
    assert read.problems == ()


def test_halves_that_differ_take_the_year_and_say_so() -> None:
    read = document(*_halves("\t产出指标\t数量指标\t检查次数\t≥40次\t数量指标\t检查次数\t≥10次"))
    (indicator,) = read.tables[0].indicators
    assert indicator.target is not None
    assert indicator.target.text == "≥10次"
    assert [(p.code, p.field, p.raw) for p in read.problems] == [
        ("halves_differ", "target", "≥40次")
    ]


def test_halves_with_other_names_keep_the_left_and_say_so() -> None:
    read = document(*_halves("\t产出指标\t数量指标\t检查次数\t≥4次\t数量指标\t培训人数\t≥9人"))
    (indicator,) = read.tables[0].indicators
    assert indicator.name == "检查次数"
    assert [(p.code, p.field, p.raw) for p in read.problems] == [
        ("halves_differ", "name", "培训人数")
    ]


def test_halves_with_other_classes_say_so() -> None:
    read = document(*_halves("\t产出指标\t数量指标\t检查率\t100%\t质量指标\t检查率\t100%"))
    assert read.tables[0].indicators[0].level2 == "数量指标"
    assert [(p.code, p.field) for p in read.problems] == [("halves_differ", "level2")]


def test_a_half_that_lost_its_value_or_name() -> None:
    read = document(
        *_halves(
            "\t产出指标\t数量指标\t专项检查次数\t≥4次\t数量指标\t专项检查次数\t",
            "\t\t质量指标\t报销率\t\t质量指标\t报销率\t≥90%",
        )
    )
    assert [i.target.text for i in read.tables[0].indicators if i.target] == ["≥4次", "≥90%"]
    assert codes(read) == ["half_lost", "half_lost"]


def test_a_row_that_has_only_its_right_half() -> None:
    read = document(
        *_halves(
            "\t产出指标\t\t\t\t数量指标\t专项检查次数\t≥4次",
            "\t\t\t调研次数甲乙\t≥2次\t质量指标\t调研次数甲乙\t≥2次",
        )
    )
    assert texts(read.tables[0].indicators)[0] == ("产出指标", "数量指标", "专项检查次数", "≥4次")
    assert "half_lost" in codes(read)


def test_a_class_that_only_the_right_half_names() -> None:
    read = document(*_halves("\t产出指标\t\t检查次数\t≥4次\t数量指标\t检查次数\t≥4次"))
    assert len(read.tables[0].indicators) == 1
    assert all("“检查次数”" in p.message for p in read.problems)


def test_empty_classes_of_both_halves() -> None:
    read = document(
        *_halves(
            "\t产出指标\t数量指标\t次数\t≥4次\t数量指标\t次数\t≥4次",
            "\t\t成本指标\t\t\t成本指标\t\t",
        )
    )
    assert len(read.tables[0].indicators) == 1
    assert read.problems == ()


# ── budget execution among the indicators ───────────────────────────────────────────────────────


def test_execution_as_a_row_of_the_block_is_execution() -> None:
    read = document(
        *self_evaluation(
            "预算执行率（10分）\t预算执行率\t预算执行率\t100%\t59.58%\t10\t5.96\t",
            "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t",
        )
    )
    (form,) = read.tables
    assert [i.name for i in form.indicators] == ["人数"]
    assert form.execution is not None
    assert figures(form.execution.points, form.execution.awarded) == (10, Decimal("5.96"))
    assert str(form.execution.rate_claimed) == "0.5958"
    assert form.execution.at == "L0005"
    assert read.problems == ()


def test_execution_as_a_row_takes_the_amounts_of_the_fund_block() -> None:
    read = table(
        "项目支出绩效自评表",
        "项目名称\t甲项目",
        "项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t执行率",
        "\t年度资金总额\t300\t287\t171\t59.58%",
        "一级指标\t二级指标\t三级指标\t指标值\t实际完成值\t分值\t得分",
        "预算执行\t执行率\t预算执行率\t100%\t59.58%\t10\t5.96",
        "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90",
    )
    assert read.execution is not None
    assert figures(read.execution.budget, read.execution.executed) == (2870000, 1710000)
    assert figures(read.execution.points, read.execution.awarded) == (10, Decimal("5.96"))


def test_execution_as_a_row_without_a_readable_rate() -> None:
    read = document(
        *self_evaluation(
            "预算执行率\t\t\t100%\t按期\t10\t8\t", "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t"
        )
    )
    assert read.tables[0].execution is not None
    assert read.tables[0].execution.rate_claimed is None
    assert codes(read) == ["rate_unreadable"]


def test_execution_scored_twice_is_kept_with_a_problem() -> None:
    read = document(
        "项目支出绩效自评表",
        "项目名称\t甲项目",
        "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        "\t年度资金总额\t287\t171\t10\t59.58%\t5.96",
        "一级指标\t二级指标\t三级指标\t指标值\t实际完成值\t分值\t得分",
        "预算执行\t执行率\t预算执行率\t100%\t59.58%\t10\t5.96",
        "产出指标\t数量指标\t人数\t≥1人\t1人\t80\t80",
    )
    assert [i.name for i in read.tables[0].indicators] == ["预算执行率", "人数"]
    assert "execution_twice" in codes(read)


def test_execution_as_a_quality_indicator_stays_an_indicator() -> None:
    read = table(*self_evaluation("产出指标\t质量指标\t预算执行率\t≥90%\t100%\t5\t5\t"))
    assert [i.name for i in read.indicators] == ["预算执行率"]
    assert read.execution is None


def test_rows_wider_than_any_form_are_read_without_end() -> None:
    read = document(HEAD, "\t".join(["甲"] * 3000))
    assert len(read.tables) <= 1
