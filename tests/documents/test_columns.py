"""Headers of indicator blocks, and how well a text stands under a column."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.documents.columns import Header, number_like, read_header, value_like
from performance.documents.grid import Cell, Row
from performance.documents.labels import Column, column_of, level1_label, level2_label


def _row(line: str) -> Row:
    return Row(tuple(Cell(text, "L0001") for text in line.split("\t")))


def _header(line: str, below: str | None = None) -> tuple[Header, int]:
    found = read_header(_row(line), _row(below) if below is not None else None)
    assert found is not None
    return found


def _roles(header: Header) -> list[Column]:
    return [column.role for column in header.columns]


def test_all_columns_of_the_fullest_form() -> None:
    header, taken = _header(
        "一级指标\t二级指标\t三级指标\t指标值\t指标值设置依据\t上年完成值\t指标分值权重\t指标赋分规则\t佐证资料"
    )
    assert taken == 1
    assert _roles(header) == [
        Column.LEVEL1,
        Column.LEVEL2,
        Column.NAME,
        Column.TARGET,
        Column.BASIS,
        Column.PRIOR_ACTUAL,
        Column.POINTS,
        Column.SCORING_RULE,
        Column.EVIDENCE,
    ]


def test_two_halves_side_by_side() -> None:
    header, _ = _header(
        "绩效 指标\t一级指标\t二级指标\t三级指标\t指标值\t二级指标\t三级指标\t指标值"
    )
    assert header.halves == 2
    assert [column.half for column in header.columns] == [0, 0, 0, 0, 0, 1, 1, 1]


def test_sign_value_and_unit_below_a_spanned_head() -> None:
    header, taken = _header(
        "一级指标\t二级指标\t三级指标\t绩效指标描述\t指标值\t指标值确定依据",
        "\t\t\t\t符号\t值\t单位（文字描述）\t",
    )
    assert taken == 2
    assert _roles(header)[4:] == [Column.SIGN, Column.VALUE, Column.UNIT, Column.BASIS]


def test_sign_and_unit_as_columns_of_their_own() -> None:
    header, _ = _header("一级指标\t二级指标\t三级指标\t指标性质\t指标值\t计量单位\t实际完成值")
    assert _roles(header)[3:] == [Column.SIGN, Column.TARGET, Column.UNIT, Column.ACTUAL]


def test_units_points_and_goals_that_header_cells_name() -> None:
    header, _ = _header(
        "年度绩效目标1（40%）\t一级指标\t二级指标\t三级指标\t年初目标值（万元）\t实际完成值(%)\t分值（90分）\t得分"
    )
    assert header.goal == "年度绩效目标1（40%）"
    assert header.unit_of(Column.TARGET) == "万元"
    assert header.unit_of(Column.ACTUAL) == "%"
    assert header.points == Decimal(90)


def test_causes_of_deviation_below_a_spanned_head() -> None:
    header, taken = _header(
        "一级指标\t二级指标\t三级指标\t年度指标值\t1-7月执行情况\t全年预计完成情况\t偏差原因分析\t\t\t\t\t\t备注",
        "\t\t\t\t\t\t经费保障\t制度保障\t人员保障\t硬件条件保障\t其他\t原因说明\t",
    )
    assert taken == 2
    assert header.monitoring
    assert _roles(header)[4:] == [
        Column.ACTUAL,
        *[Column.OTHER] * 6,
        Column.DEVIATION,
        Column.OTHER,
    ]


def test_header_words_broken_by_spaces() -> None:
    header, _ = _header("一级 指标\t二级 指标\t三级 指标\t年初目标值 (A)\t实际完 成值(B)\t得 分")
    assert _roles(header)[3:] == [Column.TARGET, Column.ACTUAL, Column.AWARDED]


@pytest.mark.parametrize(
    "line",
    [
        "产出指标\t数量指标\t人数\t≥3",
        "科目编码\t科目名称\t合计\t基本支出\t项目支出",
        "三级指标\t指标值",
        "",
    ],
)
def test_other_rows_are_no_headers(line: str) -> None:
    assert read_header(_row(line), None) is None


def test_a_header_without_values_has_no_columns() -> None:
    header, _ = _header("一级指标\t二级指标\t三级指标\t分值\t指标解释")
    assert header.columns == ()
    assert header.halves == 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("产出指标", "产出指标"),
        ("产出 指 标", "产出指标"),
        ("产出指标(50分)", "产出指标"),
        ("产出（50）", "产出指标"),
        ("效果指标", "效益指标"),
        ("满意 度指 标", "满意度指标"),
        ("成本指标", "成本指标"),
        ("决策", None),
        ("参保人员满意度", None),
        ("数量指标", None),
        ("", None),
    ],
)
def test_level1(text: str, label: str | None) -> None:
    assert level1_label(text) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("数量指标", "数量指标"),
        ("服务对象满意度指", "服务对象满意度指标"),
        ("服务对 象满意 度指 标", "服务对象满意度指标"),
        ("服务对象满意度", "服务对象满意度指标"),
        ("可持续影响指标", "可持续影响指标"),
        ("生态环境成本指标", "生态环境成本指标"),
        ("社会效益指标（10分）", "社会效益指标"),
        ("政策知晓率", None),
    ],
)
def test_level2(text: str, label: str | None) -> None:
    assert level2_label(text) == label


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("绩效指标描述", Column.DEFINITION),
        ("评（扣）分标准", Column.SCORING_RULE),
        ("偏差原因分析及改进措施", Column.DEVIATION),
        ("未完成原因分析", Column.DEVIATION),
        ("全年实际完成值", Column.ACTUAL),
        ("自评得分", Column.AWARDED),
        ("权重", Column.POINTS),
        ("指标方向", Column.OTHER),
        ("", Column.BLANK),
        ("这一句话长得不可能是表头而只能是正文里的一段说明文字罢了，是不是", Column.UNKNOWN),
        ("牵头科室", Column.UNKNOWN),
    ],
)
def test_header_words(text: str, column: Column) -> None:
    assert column_of(text) is column


def test_what_looks_like_a_value_and_what_like_a_number() -> None:
    for text in ("≥90万人", ">= 1 个", "100%", "-5%", "3-5次", "1,234.5元", "＜1"):
        assert value_like(text), text
    for text in ("2023年宣传活动", "按时拨付", "二期工程", ""):
        assert not value_like(text), text
    for text in ("10", "8.62", "10分", "1,000"):
        assert number_like(text), text
    for text in ("10次", "≥10", "–"):
        assert not number_like(text), text
