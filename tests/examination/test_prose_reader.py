"""Figures in running text: what is read, and of what it is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from performance.examination.prose import Figure, FigureKind, Role, read_figures
from performance.values import Comparator


def _only(text: str) -> Figure:
    (figure,) = read_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "subject", "value", "unit"),
    [
        ("农林水支出３２．５万元", "农林水支出", 325000, "元"),
        ("农林水支出（类）32.50 万元。", "农林水支出", 325000, "元"),
        ("2024年图书购置费为1,280元", "图书购置费", 1280, "元"),
        ("其中：河道清淤经费共计 1.2 亿元；", "河道清淤经费", 120000000, "元"),
        ("预算安排规模：75万元", "预算安排规模", 750000, "元"),
        ("我局会议费安排\n4.8万元", "会议费", 48000, "元"),
        ("全年培训护林员1,050人次", "培训护林员", 1050, "人次"),
        ("新建书屋12个", "新建书屋", 12, "个"),
        ("村民满意度达到96.5%", "村民满意度", Decimal("96.5"), "%"),
        ("**管网漏损率**控制在 8％以内", "管网漏损率", 8, "%"),
        ("养护道路（含桥梁）共 35 公里", "养护道路", 35, "公里"),
        ("（一）因公出国（境）费0万元", "因公出国费", 0, "元"),
    ],
)
def test_value_unit_and_subject(text: str, subject: str, value: object, unit: str) -> None:
    figure = _only(text)
    assert (figure.subject, figure.value, figure.unit) == (subject, value, unit)
    assert figure.role is Role.VALUE
    assert text[figure.start : figure.end] == figure.written


@pytest.mark.parametrize(
    "text",
    [
        "依据〔2023〕15号文件和GB 3838-2002标准",
        "2024年3月15日前完成，联系电话0571-88880000",
        "第3季度、第12条、1-6级、3至5次",
        "分三步走，开展三公经费公开",
        "1.办公费",
        "增幅收窄0.5个百分点",
        "",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert read_figures(text) == ()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("比上年增加3.2万元", Role.CHANGE),
        ("较2023年预算减少 15 万元", Role.CHANGE),
        ("增长6.8%", Role.CHANGE),
        ("增加到18万元", Role.VALUE),
        ("占本年支出的36.2%", Role.SHARE),
        ("占 4%", Role.SHARE),
        ("完成年初预算的 92%", Role.COMPLETION),
        ("预算执行率为88.5%", Role.COMPLETION),
        ("每人补助300元", Role.STANDARD),
        ("1200元/户", Role.STANDARD),
        ("单价50万元以上的设备", Role.THRESHOLD),
    ],
)
def test_roles(text: str, role: Role) -> None:
    assert _only(text).role is role


@pytest.mark.parametrize(
    ("text", "comparator", "approximate"),
    [
        ("检查网点大于等于30个", Comparator.AT_LEAST, False),
        ("回访率不低于 95%", Comparator.AT_LEAST, False),
        ("回访率95%以上。", Comparator.AT_LEAST, False),
        ("投诉不超过2起", Comparator.AT_MOST, False),
        ("参训人数超400人", Comparator.MORE_THAN, False),
        ("办理业务近6万笔", None, True),
        ("临聘人员20余名", None, True),
    ],
)
def test_bounds_and_rough_figures(
    text: str, comparator: Comparator | None, approximate: bool
) -> None:
    figure = _only(text)
    assert (figure.comparator, figure.approximate) == (comparator, approximate)


def test_a_list_without_nouns_of_its_own_stays_without_subjects() -> None:
    subjects = [f.subject for f in read_figures("货物、工程规模分别为5万元和7万元，占12%。")]
    assert subjects == ["货物、工程规模", "", ""]


def test_names_of_ratios_keep_their_own_share() -> None:
    figure = _only("受训人数占应受训人数的比率达到90%")
    assert (figure.role, figure.subject) == (Role.VALUE, "受训人数占应受训人数的比率")


def test_the_year_of_a_clause_goes_before_that_of_the_sentence() -> None:
    this, last = read_figures("2024年收入20万元，2023年收入18万元。")
    assert (this.year, last.year) == (2024, 2023)


def test_bare_wan_is_money_beside_money() -> None:
    one, other = read_figures("甲项目12万，乙项目8万元。")
    assert (one.kind, one.value, one.unit) == (FigureKind.AMOUNT, 120000, "元")
    assert other.value == 80000


def test_print_counts_the_last_place() -> None:
    fine, coarse = read_figures("水费0.50万元，电费12万元。")
    assert (fine.step, coarse.step) == (100, 10000)
