"""X01 over running text: small documents that raise it, and neighbours that must not."""

from __future__ import annotations

import pytest

from performance.examination.prose import check_x01_prose
from performance.tables import Finding, Severity
from tests.documents.forms import CLAIMED, HEAD, document

SPENDING = [
    "部门支出总表",
    "单位：万元",
    "科目编码\t科目名称\t合计\t基本支出\t项目支出",
    "\t合计\t506.40\t306.40\t200.00",
    "213\t农林水支出\t420.15\t220.15\t200.00",
    "221\t住房保障支出\t86.25\t86.25\t",
]
TARGETS = [
    "项目支出绩效目标表",
    "（2024年度）",
    "项目名称\t乡村书屋建设",
    "项目资金（万元）\t年度资金总额\t60",
    HEAD,
    "产出指标\t数量指标\t新建书屋数量\t≥12个",
    "产出指标\t数量指标\t图书采购册数\t≥24000册",
    "产出指标\t质量指标\t书屋验收合格率\t≥95%",
    "成本指标\t经济成本指标\t图书采购费\t≤36万元",
    "效益指标\t社会效益指标\t阅读氛围\t有效改善",
]


def _found(*lines: str) -> list[Finding]:
    return [*check_x01_prose(document(*lines))]


def _messages(*lines: str) -> str:
    found = _found(*lines)
    assert [f.severity for f in found] == [Severity.ERROR], [f.message for f in found]
    return found[0].message


# ── parts and totals ────────────────────────────────────────────────────────────────────────────

LISTS_THAT_FAIL = [
    (
        "2024年支出预算90万元，其中：基本支出50万元、项目支出30万元。",
        ["90万元", "80 万元", "10 万元"],
    ),
    (
        "镇级安排救灾物资采购资金18.6万元，主要为帐篷7.2万元，棉被6.4万元，应急灯５.５万元。",
        ["18.6万元", "19.1 万元", "0.5 万元"],
    ),
    ("帐篷12万元、棉被8万元、应急灯3万元，合计26万元。", ["26万元", "23 万元"]),
    (
        "公用经费26万元（其中：办公费9万元，差旅费30万元）；人员经费110万元。",
        ["差旅费", "30万元", "26万元"],
    ),
    (
        "人员经费与公用经费合计如下：一般公共预算基本支出120.50万元，包括人员经费\n100.20万元和公用经费20.40万元。",
        ["120.50万元", "120.6 万元"],
    ),
    (
        "采购总额40万元，其中：授予小微企业合同金额52万元。",
        ["52万元", "40万元", "部分不能大于整体"],
    ),
]


@pytest.mark.parametrize(("text", "parts"), LISTS_THAT_FAIL)
def test_lists_that_do_not_add_up(text: str, parts: list[str]) -> None:
    message = _messages(text)
    for part in parts:
        assert part in message
    assert "L0001" in message


LISTS_THAT_HOLD = [
    "2024年支出预算90万元，其中：基本支出60万元、项目支出30万元。",
    "2024年支出预算90.00万元，其中：基本支出59.99万元、项目支出30.00万元。",
    "安排救灾物资采购资金30万元，主要用于帐篷7.2万元，棉被6.4万元。",
    "安排资金30万元，其中：重点项目12万元，一般项目8万元。",
    "收入80万元，其中：税收收入60万元；支出90万元。",
    "收入80万元，其中：税收收入60万元，非税收入20万元；支出95万元，其中：教育支出45万元。",
    "项目支出20万元，比上年减少5万元，主要原因是上年购置设备25万元。",
    "合同金额40万元，其中：授予中小企业合同金额40万元，授予小微企业合同金额31万元。",
    "帐篷12万元、棉被8万元、应急灯3万元，合计24万元。",
    "帐篷12万元、棉被约8万元、应急灯3万元，合计25万元。",
    "公用经费26万元（其中：办公费9万元，差旅费3万元）；人员经费110万元。",
    "本年收入52万元，上年结转8万元。其中：当年拨款52万元，结转资金8万元。",
    "支出较上年增加30万元，其中：人员经费增加38万元，项目支出减少8万元。",
]


@pytest.mark.parametrize("text", LISTS_THAT_HOLD)
def test_lists_that_hold_or_say_too_little(text: str) -> None:
    assert _found(text) == []


def test_parts_in_paragraphs_of_their_own() -> None:
    lines = [
        "六、基本支出情况",
        "2024年基本支出120.50万元，其中：",
        "人员经费100.20万元，主要包括：基本工资。",
    ]
    message = _messages(*lines, "公用经费20.40万元，主要包括：办公费。")
    assert "120.50万元" in message and "120.6 万元" in message
    assert _found(*lines, "公用经费20.30万元，主要包括：办公费。") == []
    assert _found(*lines, "七、其他", "公用经费20.40万元，主要包括：办公费。") == []


# ── percentages ─────────────────────────────────────────────────────────────────────────────────

SHARES_THAT_FAIL = [
    ("支出200万元，其中：基本支出150万元，占65%；项目支出50万元，占25%。", ["65%", "75%"]),
    ("三公经费支出预算为8万元，支出决算为6万元，完成预算的85%。", ["85%", "75%"]),
    ("运转经费55万元，比上年增加5万元，增长15%。", ["15%", "10%"]),
    ("运转经费45万元，比上年减少5万元，下降 11.2%。", ["11.2%", "10%"]),
    ("年初预算为0万元，支出决算为3.5万元，完成年初预算的100%。", ["为 0", "3.5万元"]),
    (
        "采购支出总额80万元。授予中小企业合同金额60万元，占采购支出总额的80%。",
        ["80%", "75%"],
    ),
]


@pytest.mark.parametrize(("text", "parts"), SHARES_THAT_FAIL)
def test_percentages_that_do_not_follow(text: str, parts: list[str]) -> None:
    message = _messages(text)
    for part in parts:
        assert part in message


SHARES_THAT_HOLD = [
    "支出200万元，其中：基本支出150万元，占75%；项目支出50万元，占25%。",
    "支出300万元，其中：基本支出100万元，占33.3%；项目支出200万元，占66.6%。",
    "预算为0.7万元，支出决算为0.15万元，完成预算的21%。",
    "运转经费55万元，比上年增加5万元，增长10%。",
    "运转经费55万元，培训费比上年增加5万元，增长50%。",
    "运转经费55万元，按可比口径比上年增加5万元，增长15%。",
    "林业支出占财政支出的12%，比上年提高0.4个百分点。",
    "林业支出36万元，占同类支出的12%。",
    "货物、服务采购规模分别为5万元和7万元，分别占41.7%和58.3%。",
    "收入95万元，完成年初预算的102%，增长5%。",
    "货物采购授予中小企业合同金额占货物支出金额的100%，服务采购支出6万元。",
    "上年结转10万元，占本年收入0%。本年收入0万元。",
]


@pytest.mark.parametrize("text", SHARES_THAT_HOLD)
def test_percentages_that_follow_or_say_too_little(text: str) -> None:
    assert _found(text) == []


def test_the_odd_one_among_shares_of_one_whole() -> None:
    shares = [
        "（二）结构情况",
        "教育支出101.28万元，占20%。",
        "农林水支出303.84万元，占60%。",
        "住房保障支出86.25万元，占27%。",
    ]
    read = _found(*SPENDING[:4], "", *shares)
    assert len(read) == 1
    assert "27%" in read[0].message and "17.03%" in read[0].message
    assert _found(*SPENDING[:4], "", *shares[:3], "住房保障支出86.25万元，占17%。") == []
    assert _found(*shares) == []


def test_one_pair_of_amounts_with_two_percentages() -> None:
    first = "三公经费预算为0.90万元，支出决算为0.20万元，完成预算的22.20%。"
    message = _messages(first, "公务接待费预算为0.90万元，支出决算为0.20万元，完成预算的22.22%。")
    assert "22.20%（L0001）" in message and "22.22%（L0002）" in message
    assert _found(first, "接待费预算为0.90万元，支出决算为0.20万元，完成预算的22.2%。") == []


# ── formulas ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("按每人每年补助计算（500元×20%×30%＝36元）。", "30 元"),
        ("测算依据：120*80%*50%=50，共计。", "48"),
        ("资金需求为1200人×150元＝18.5万元。", "18 万元"),
        ("80+25+15=125万元", "120"),
    ],
)
def test_formulas_with_another_result(text: str, result: str) -> None:
    assert result in _messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "按每人每年补助计算（500元×20%×30%＝30元）。",
        "资金需求为1200人×150元＝18万元。",
        "1200×150=180000，折合18万元。",
        "规格为3*4的展板20块",
        "按1:10的比例，2024年=5万元",
        "得分=完成值/目标值×10分",
    ],
)
def test_formulas_that_come_out_or_are_none(text: str) -> None:
    assert _found(text) == []


def _basis(words: str, amount: str) -> list[str]:
    return [
        "项目支出绩效目标表",
        "项目名称\t护林员补助",
        f"立项依据\t{words}",
        f"项目资金（元）\t年度资金总额\t{amount}",
        HEAD,
        "产出指标\t数量指标\t护林员人数\t≥100人",
    ]


def test_a_basis_in_words_against_the_funds() -> None:
    words = "全镇聘用护林员850人，每人每年补助6000元，县级财政负担40%"
    message = _messages(*_basis(words, "2,400,000"))
    assert "2040000 元" in message and "2400000 元" in message
    assert _found(*_basis(words, "2,040,000")) == []
    assert _found(*_basis(f"{words}，合计2040000元", "2,400,000")) == []
    assert _found(*_basis(f"{words}，另有奖补资金30000元", "2,400,000")) == []
    assert "2140000元" in _messages(*_basis(f"{words}，合计2140000元", "2,140,000"))


# ── text against tables ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2024年支出预算516.40万元。", ["516.40万元", "506.40 万元", "部门支出总表"]),
        ("农林水支出（类）420.51万元。", ["420.51万元", "420.15 万元", "L0005"]),
        ("本单位住房保障支出为 ８６．５２ 万元，用于公积金。", ["８６．５２ 万元", "86.25 万元"]),
        ("基本支出306.04万元，用于人员。", ["306.04万元", "306.40 万元"]),
    ],
)
def test_a_row_with_another_amount_in_the_text(text: str, parts: list[str]) -> None:
    message = _messages(*SPENDING, "三、支出预算情况说明", text)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    "text",
    [
        "2024年支出预算506.4万元，其中：基本支出306.4万元，项目支出200万元。",
        "农林水支出（类）420.15万元，住房保障支出86.3万元。",
        "农林水支出比上年增加20.51万元。",
        "上年农林水支出399.64万元。",
        "2023年农林水支出399.64万元。",
        "农林水支出约420万元。",
        "其他支出12万元，水利工程建设支出77万元。",
        "农林水支出中项目支出200万元。",
    ],
)
def test_a_text_that_agrees_or_speaks_of_something_else(text: str) -> None:
    lines = ["2024年部门预算公开", *SPENDING, "三、支出预算情况说明", text]
    assert _found(*lines) == []


def test_part_of_the_money_is_not_held_against_all_of_it() -> None:
    heading = "四、财政拨款收支预算总体情况说明"
    assert _found(*SPENDING, heading, "2024年支出预算480.00万元。") == []


def test_a_difference_in_the_last_place_where_the_document_says_it_rounds() -> None:
    note = "注：本表因四舍五入可能存在尾数误差，单位为1万元。"
    (found,) = _found(*SPENDING, note, "三、支出情况", "农林水支出420.16万元。")
    assert found.severity is Severity.NOTICE


# ── text against target tables ──────────────────────────────────────────────────────────────────


def _objective(words: str) -> list[str]:
    return [*TARGETS[:4], f"绩效目标\t{words}", *TARGETS[4:]]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("年内新建书屋数量不少于15个，方便群众阅读。", ["新建书屋数量", "≥12 个", "≥15个"]),
        ("书屋验收合格率达到 ９８％。", ["≥95%", "９８％"]),
        ("计划完成图书采购册数2.6万册以上。", ["24000 册", "2.6万册"]),
        ("确保读者满意度达到90%以上。", ["读者满意度", "没有满意度指标"]),
    ],
)
def test_an_objective_that_promises_another_number(text: str, parts: list[str]) -> None:
    message = _messages(*_objective(text))
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    "text",
    [
        "年内新建书屋数量不少于12个，书屋验收合格率达到95%。",
        "为300个村配送图书，每村不少于80册。",
        "改造旧书屋数量不少于15个。",
        "新建书屋15处。",
        "新建书屋数量比上年增加3个。",
        "图书采购册数约2.5万册。",
        "新建书屋数量控制在15个以内。",
    ],
)
def test_an_objective_that_agrees_or_speaks_of_something_else(text: str) -> None:
    assert _found(*_objective(text)) == []


def test_prose_outside_the_form_against_its_indicators() -> None:
    text = ["（二）分项绩效目标", "绩效指标：新建书屋数量大于等于10个；书屋验收合格率95%以上。"]
    message = _messages(*text, *TARGETS)
    assert "≥10个" in message and "≥12 个" in message
    agreeing = ["（二）分项绩效目标", "绩效指标：新建书屋数量大于等于12个；验收合格率98%以上。"]
    assert _found(*agreeing, *TARGETS) == []


def test_two_projects_with_targets_of_one_name() -> None:
    """The text may mean both together, or another one."""
    text = ["（二）分项绩效目标", "绩效指标：新建书屋数量大于等于20个。"]
    assert len(_found(*text, *TARGETS)) == 1
    second = [line.replace("乡村书屋建设", "城区书屋").replace("≥12个", "≥8个") for line in TARGETS]
    assert _found(*text, *TARGETS, *second) == []


def test_a_project_divided_otherwise_than_its_costs() -> None:
    text = "乡村书屋建设60万元，其中：图书采购39万元，书架购置21万元。"
    message = _messages("三、项目情况", text, *TARGETS)
    assert "39万元" in message and "≤36 万元" in message
    same = "乡村书屋建设60万元，其中：图书采购36万元，书架购置24万元。"
    assert _found("三、项目情况", same, *TARGETS) == []


# ── projects and wholes ─────────────────────────────────────────────────────────────────────────


def _two_projects(text: str) -> list[str]:
    second = [line.replace("乡村书屋建设", "河道清淤").replace("\t60", "\t40") for line in TARGETS]
    return ["十、绩效管理情况", text, *TARGETS, *second]


def test_the_projects_of_the_text_add_to_another_sum() -> None:
    text = "2024年实行绩效目标管理的项目2个，涉及资金120万元。"
    message = _messages(*_two_projects(text))
    assert "120万元" in message and "100 万元" in message
    for quiet in (
        "2024年实行绩效目标管理的项目2个，涉及资金100万元。",
        "2024年实行绩效目标管理的项目5个，涉及资金120万元。",
        "2024年选取重点项目2个开展绩效评价，涉及资金55万元。",
    ):
        assert _found(*_two_projects(quiet)) == []


def _evaluated(actual: str) -> list[str]:
    return [
        "项目支出绩效自评表",
        "项目名称\t渡口维护",
        "项目资金（万元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        "\t年度资金总额\t30\t24.55\t10\t81.83%\t8.18",
        CLAIMED,
        f"产出指标\t成本指标\t维护费用\t≤30万元\t{actual}\t90\t90\t",
    ]


def test_a_cost_above_all_money_that_was_spent() -> None:
    message = _messages(*_evaluated("27.5万元"))
    assert "27.5 万元" in message and "24.55 万元" in message
    for quiet in ("24.55万元", "24.6万元", "20万元", "≤30万元", "300元/次"):
        assert _found(*_evaluated(quiet)) == []


def _assets(total: str) -> list[str]:
    return [
        "部门固定资产占用情况表",
        "单位：万元",
        "项目\t数量\t价值",
        f"资产总额\t—\t{total}",
        "1.房屋\t—\t—",
        "2.车辆\t3\t62.00",
        "其中：执法用车\t1\t20.00",
        "3.其他固定资产\t80\t38.50",
        "4.无形资产\t2\t9.50",
    ]


def test_assets_with_another_total() -> None:
    message = _messages(*_assets("120.00"))
    assert "120.00" in message or "120 万元" in message
    assert "110 万元" in message and "100.5 万元" in message
    assert _found(*_assets("110.00")) == []
    assert _found(*_assets("100.50")) == []
