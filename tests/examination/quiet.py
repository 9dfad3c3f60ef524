"""For each registered check the neighbours that do not raise it: every exception of the rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from performance.examination.model import Stage
from performance.rulebook import load
from performance.tables import Execution, Scope
from tests.examination.papers import evaluation, funds, papers, spent, targets
from tests.examination.shapes import (
    BINDING,
    COST,
    COSTED,
    FOUR,
    LONG,
    SATISFIED,
    Quiet,
    claimed,
    demanding,
    earned,
    five,
    full,
    letters,
    levels,
    objectives,
    pointed,
    red,
    target,
    two_goals,
    with_first,
)

_SUBMITTED = Stage.SUBMISSION
_PLAN = targets(*FOUR, project="甲项目", funds=funds(total="60"))
_SURVEY = "满意度|群众满意度|≥90%|95%|90|90||问卷调查"

TABLES: tuple[Quiet, ...] = (
    Quiet(
        "P01 必填栏",
        papers(
            evaluation("数量|甲|≥1家||10|10", "数量|乙|≥1家||10|9|停业", "数量|丙|≥1家"),
            stage=_SUBMITTED,
            limits=demanding("deviation"),
        ),
    ),
    Quiet("W03 指标齐全", target("产出指标/其他|甲|≥1家", FOUR[3], SATISFIED)),
    Quiet("W03 指标齐全", target(*FOUR, COST, "效益指标/服务对象满意度指标|满意度|≥90%")),
    Quiet(
        "W01 一级分值",
        papers(
            targets(
                "经济成本|甲|≤1元||20",
                "数量|乙|≥1件||40",
                "社会效益|丙|有效||20",
                "满意度|丁|≥9%||10",
            ),
            rules=COSTED,
        ),
    ),
    Quiet(
        "W01 一级分值",
        papers(
            targets("经济成本|甲|≤1元||20", "数量|乙|≥1件||40", "社会效益|丙|有效||30"),
            rules=COSTED,
        ),
    ),
    Quiet("W01 一级分值", papers(targets("数量|甲|≥1件"), rules=BINDING)),
    Quiet("W01 一级分值", papers(targets("决策/立项|甲|规范||90"), rules=BINDING)),
    Quiet("T02 单位不合", target("数量|检查家数|≥5家", "质量|办结率|及时", "质量|甲|不适用")),
    Quiet("T03 超过百分之百", target("质量|满意度|≥100分", "满意度|群众满意度|≥120分")),
    Quiet("T04 无法衡量", target("质量|政策覆盖面|广", "质量|检查频率|较高")),
    Quiet("T04 无法衡量", target("成本|运行成本|合理，不高于上年水平")),
    Quiet("C01 成本方向", target("社会成本|公众支持比|≥90%", "经济成本|节约率|>9%")),
    Quiet("C02 成本超预算", papers(targets("成本|甲费|≤40万元", funds=funds(total="0")))),
    Quiet(
        "C02 成本超预算",
        papers(
            targets(
                "数量|补助金额|≤70万元",
                "成本|节约额|≥70万元",
                "成本|乙|较低",
                funds=funds(total="60"),
            )
        ),
    ),
    Quiet(
        "C02 成本超预算",
        papers(targets("成本|甲费|≤40万元", funds=funds(fiscal="10", total="60"))),
    ),
    Quiet("M01 考核支付", target("数量|支付及时率|≥95%", "数量|拨付笔数|≥5笔")),
    Quiet("M01 考核支付", target("数量|预算支出率|≥95%", "数量|甲|不适用")),
    Quiet(
        "M01 重复计执行",
        claimed("质量|预算执行率|≥90%", scope=Scope.DEPARTMENT, execution=Execution()),
    ),
    Quiet(
        "M02 层级归类", target("成本|办公费|≤1万元", "决策/时效指标|甲|及时", "产出指标/其他|乙|有")
    ),
    Quiet(
        "M02 层级归类",
        with_first(targets("产出指标/社会效益指标|甲|有效"), inferred=("level1",)),
    ),
    Quiet("M02 内容归类", target("满意度|服务质量|≥90%", "经济效益|新增产值|≥5万元")),
    Quiet("O01 超额完成", claimed("数量|病种|≥25类|37类|90|90", deviation_reason="病种范围扩大")),
    Quiet("O01 低于上年", target("成本|节约率|≥2%||||||3%", "质量|能耗占比|≤2%||||||3%")),
    Quiet("O01 低于上年", target("质量|甲|≥85%||||||≥90%", "社会效益|乙|≥3个||||||5万人")),
    Quiet(
        "O01 低于上年",
        target("质量|甲|有效||||||90%", "质量|乙|≥3%||||||较好", "质量|丙|80%-90%||||||95%"),
    ),
    Quiet("A01 照抄文字", claimed("质量|甲|5次|5次|90|90", "质量|乙|有效||90|90")),
    Quiet("U01 指标扣分", claimed("数量|甲|≥10家|5家||20", "数量|乙|≥10家|5家||25")),
    Quiet("S01 得分不符", claimed("质量|甲|全部完成|未完成|90|80")),
    Quiet(
        "E03 资金级次",
        papers(
            targets(project="中央财政补助", funds=funds(total="30", central="20", provincial="10"))
        ),
    ),
    Quiet(
        "R01 红色预警",
        claimed("数量|甲|≥3家|3家|45|45", "数量|乙|≥3家||45|45", execution=spent("100", "50")),
    ),
    Quiet("R01 红色预警", red("90", "0")),
    Quiet(
        "V01 佐证资料",
        papers(
            evaluation("满意度|甲|≥9%|9%|90|90||照片||满意度问卷", "数量|乙|≥1家"), stage=_SUBMITTED
        ),
    ),
    Quiet("P01 必填栏", papers(targets("数量|甲|≥5家"), stage=_SUBMITTED)),
    Quiet("P01 必填栏", target("数量|甲|")),
    Quiet("P01 必填栏", papers(evaluation("数量|甲|不适用||10"), stage=_SUBMITTED)),
    Quiet("P01 必填栏", papers(evaluation("数量|甲|≥5家|0家|10|0"), stage=_SUBMITTED)),
    Quiet("P01 提示文字", papers(targets("数量|指标1|≥5家"), stage=_SUBMITTED)),
    Quiet("P01 提示文字", papers(targets("数量|指标体系|≥5套"), stage=Stage.RELEASE)),
    Quiet("W03 指标齐全", target(*FOUR, COST, SATISFIED)),
    Quiet("W03 指标齐全", target(*FOUR, "经济成本|办公费|≤5万元", SATISFIED)),
    Quiet("W03 指标齐全", target("决策/立项|规范性|规范", "数量|甲|≥1家")),
    Quiet("W03 指标齐全", target()),
    Quiet("W01 分值合计", pointed("50", "40")),
    Quiet("W01 分值合计", pointed("50", "50")),
    Quiet("W01 分值合计", pointed("0.5", "0.5")),
    Quiet("W01 分值合计", earned("50", "40", execution=spent("1", "1"))),
    Quiet("W01 分值合计", earned("50", "50")),
    Quiet("W01 分值合计", earned("50", "30", execution=spent("1", "1", points="20"))),
    Quiet("W01 分值合计", earned("50", "30", goal_points=Decimal(80))),
    Quiet("W01 分值合计", two_goals("50", "50", "40", "40")),
    Quiet("W01 分值合计", target("数量|甲|≥5家", "数量|乙|≥5家||10")),
    Quiet("W01 分值合计", target("数量|甲|≥5家")),
    Quiet("W01 一级分值", levels("50", BINDING)),
    Quiet("W01 一级分值", levels("60", load("mof-2020-10"))),
    Quiet("W01 执行分值", earned("90", execution=spent("1", "1"))),
    Quiet("W02 分值集中", pointed("45", "45")),
    Quiet("W02 分值集中", pointed("90")),
    Quiet("W02 分值集中", target("数量|甲|≥5家||60", "数量|乙|≥5家||30", "数量|丙|≥5家")),
    Quiet("T01 应为数", target("质量|办结情况|及时", "数量|甲|≥上年水平", "时效|乙|10月底前")),
    Quiet("T01 应为数", claimed("时效|甲|2023年12月31日前|按时完成|90|90")),
    Quiet("T01 应为数", claimed("数量|甲|≥5家|不适用|90|")),
    Quiet("T01 应为数", target("质量|水质类别|≥Ⅲ类", "质量|考核等次|≥良好", "质量|评级|≥AA")),
    Quiet(
        "T02 缺计量单位", target("数量|参加培训人数|≥95", "质量|覆盖面（%）|≥95", "时效|甲|上半年")
    ),
    Quiet("T02 缺计量单位", target("质量|价格指数|≥1.5", "质量|安全事故|0", "质量|乙|良好")),
    Quiet(
        "T02 单位不合", target("质量|检查覆盖率|≥95%", "质量|检查频率|≥4次", "成本|办公费|≤5万元")
    ),
    Quiet(
        "T02 单位不合", target("质量|存款利率|≥3个", "质量|资金周转率|≥3次", "质量|价格指数|≥90%")
    ),
    Quiet(
        "T02 单位不合", target("数量|参保人数|增长5%", "数量|增加参保人数|≥5%", "数量|面积|≥9亩")
    ),
    Quiet("T03 超过百分之百", target("质量|验收合格率|=100%", "质量|参保覆盖率|100%")),
    Quiet("T03 超过百分之百", target("质量|任务完成率|≥120%", "质量|报销率|提升120%")),
    Quiet("T03 超过百分之百", claimed("质量|验收合格率|≥95%|100%|90|90")),
    Quiet("T04 无法衡量", target("社会效益|服务能力|显著提升", "可持续影响|保障率|有效提高")),
    Quiet(
        "T04 无法衡量", target("质量|服务质量|良好", "时效|办理时效|及时", "质量|结算率|不低于上年")
    ),
    Quiet("T04 无法衡量", target("社会成本|社会影响|有效控制", "生态环境成本|环境|明显改善")),
    Quiet("T04 无法衡量", target("数量|检查家数|≥5家", "数量|覆盖情况|全市医疗机构")),
    Quiet("T05 占位文字", target("数量|指标体系建设|≥1套", "质量|三级指标达标率|≥95%")),
    Quiet(
        "T05 占位文字",
        papers(targets(project="办公楼维修", objective="维修办公楼三层，消除隐患。")),
    ),
    Quiet("T05 占位文字", papers(objectives("编写500字以内的简报12期"))),
    Quiet("T06 等号", target("数量|会议次数|=2次", "数量|检查次数|=4次")),
    Quiet("T06 等号", target("数量|会议次数|≥2次", "数量|离休干部人数|=61人")),
    Quiet("T06 等号", target("数量|会议次数|≥2次", "数量|辅警人数|=260人")),
    Quiet("T06 等号", target("数量|会议次数|≥2次", "数量|退休职工体检人数|=61人")),
    Quiet("T06 等号", target("数量|会议次数|≥2次", "数量|泄密事件|=0次", "数量|到位率|=100%")),
    Quiet("T06 等号", target("质量|会议次数|≥2次", "数量|检查次数|=4次")),
    Quiet("C01 成本方向", target("成本|医疗救助总金额|≤6670104元", "成本|办公费|5万元")),
    Quiet(
        "C01 成本方向",
        target("成本|节约办公费|≥5万元", "成本|成本控制率|≥95%", "成本|资金到位率|≥9%"),
    ),
    Quiet("C01 成本方向", target("成本|成本降低额|≥5万元", "成本|三公经费下降率|≥3%")),
    Quiet(
        "C01 成本方向", target("成本|工程款减少额|≥5万元", "成本|投资完成率|≥95%", "数量|经费|≥5元")
    ),
    Quiet("C02 成本未量化", target("成本|办公费|≤5万元", "社会成本|社会影响|较小")),
    Quiet("C02 成本未量化", target("生态环境成本|环境影响|较小", "社会效益|办公费|合理")),
    Quiet(
        "C02 成本超预算",
        papers(targets("成本|甲费|≤40万元", "成本|乙费|≤20万元", funds=funds(total="60"))),
    ),
    Quiet(
        "C02 成本超预算",
        papers(
            targets(
                "成本|总成本|≤60万元", "成本|甲|≤40万元", "成本|乙|≤20万元", funds=funds(total="60")
            )
        ),
    ),
    Quiet(
        "C02 成本超预算",
        papers(targets("成本|人均补助|≤70万元", "成本|差旅|≤70万元/人", funds=funds(total="60"))),
    ),
    Quiet("C02 成本超预算", papers(targets("成本|甲费|≤60.01万元", funds=funds(total="60")))),
    Quiet("C02 成本超预算", target("成本|甲费|≤40万元")),
    Quiet("C03 数量方向", target("数量|医疗救助人次|≥79406人", "数量|安全事故|≤1起")),
    Quiet("C03 数量方向", target("数量|人员编制数|≤20人", "数量|会议控制次数|≤5次")),
    Quiet("C03 数量方向", target("数量|压减会议次数|≤5次", "质量|会议次数|≤5次")),
    Quiet(
        "M01 考核支付",
        target("数量|资金拨付次数|≥4次", "质量|补助支付率|≥95%", "数量|医保收入|≥5万元"),
    ),
    Quiet("M01 重复计执行", target("质量|政策执行率|≥90%", "质量|收入预算完成率|≥90%")),
    Quiet("M01 重复计执行", papers(targets("质量|预算执行率|≥90%", scope=Scope.DEPARTMENT))),
    Quiet("M02 层级归类", target("经济成本|甲|≤1元", "产出指标/经济成本指标|乙|≤1元", SATISFIED)),
    Quiet("M02 层级归类", target("效益指标/服务对象满意度指标|甲满意度|≥9%", "决策/立项|丙|规范")),
    Quiet("M02 内容归类", target("经济效益|节约财政支出|≥5万元", "经济效益|带动消费|≥5万元")),
    Quiet(
        "M02 内容归类",
        target("经济效益|减轻群众费用|≥5万元", "成本|办公费|5万元", "社会效益|经费|有效"),
    ),
    Quiet("M02 内容归类", target(SATISFIED, "满意度|知晓及满意度|≥9%", "社会效益|政策知晓率|≥9%")),
    Quiet("D01 指标重复", target("数量|检查家数|≥5家", "质量|检查家数|≥5家")),
    Quiet("D01 目标重复", papers(objectives(LONG, f"{LONG}。新增服务"))),
    Quiet("D01 目标重复", papers(objectives("保障运转", "保障运转"))),
    Quiet("O01 超额完成", claimed("数量|病种|≥25类|32类|90|90")),
    Quiet("O01 超额完成", claimed("数量|病种|≥25类|37类|90|90|政策扩围，申报增加")),
    Quiet(
        "O01 超额完成", claimed("数量|病种|≥25类|37类|90|90", deviation_reason="部分指标超额完成")
    ),
    Quiet("O01 超额完成", claimed("成本|办公费|≥5万元|9万元|90|90")),
    Quiet("O01 低于上年", target("满意度|群众满意度|≥90%||||||90%", "质量|甲|≥5次||||||无")),
    Quiet("O01 低于上年", target("社会效益|离休干部人数|≥61人||||||80人", "数量|乙|≥3次||||||5次")),
    Quiet(
        "O01 低于上年",
        target("质量|投诉率|≤2%||||||3%", "质量|设备故障率|=2%||||||3%", "成本|乙|≤2元||||||3元"),
    ),
    Quiet("A01 写成界值", claimed("质量|事故|0次|0次|45|45", "数量|甲|≥5次|5次|45|45")),
    Quiet("A01 照抄文字", claimed("质量|甲|全覆盖|已全部覆盖|90|90")),
    Quiet("U01 指标扣分", claimed("数量|甲|≥3家|2家|90|60|一家停业")),
    Quiet("U01 指标扣分", claimed("数量|甲|≥3家|2家|90|60", deviation_reason="一家停业")),
    Quiet("U01 指标扣分", claimed("数量|甲|≥3家|3家|90|90")),
    Quiet("U01 指标扣分", claimed("数量|甲|≥3家|3家||90")),
    Quiet(
        "U01 执行率低",
        papers(earned("90", execution=spent("100", "90")).tables[0], rules="sichuan-2023"),
    ),
    Quiet(
        "U01 执行率低",
        papers(
            earned("90", execution=spent("100", "85"), deviation_reason="招标节约").tables[0],
            rules="sichuan-2023",
        ),
    ),
    Quiet("U01 执行率低", earned("90", execution=spent("100", "85"))),
    Quiet("S01 得分不符", claimed("数量|甲|≥3家|2家|90|60")),
    Quiet("S01 得分不符", claimed("质量|甲|有效|有效|90|80")),
    Quiet("S01 得分不符", claimed("数量|甲|≥3家||90|90")),
    Quiet("S02 档次不符", claimed("质量|甲|全部完成|全部完成|90|80")),
    Quiet("S03 超过分值", claimed("数量|甲|≥3家|3家|10|10")),
    Quiet("E01 执行得分", earned("90", execution=spent("287", "171", awarded="5.96"))),
    Quiet("E02 预算异常", earned("90", execution=spent("60", "60"))),
    Quiet("E03 资金合计", papers(targets(funds=funds(total="100", fiscal="90", other="10")))),
    Quiet(
        "E03 资金合计",
        papers(
            targets(funds=funds(total="100", fiscal="90", central="50", county="40", other="10"))
        ),
    ),
    Quiet("E03 资金合计", papers(targets(funds=funds(total="100.01", fiscal="90", other="10")))),
    Quiet("E03 资金合计", papers(targets(funds=funds(total="100", fiscal="90")))),
    Quiet("E03 资金合计", papers(targets(funds=funds(total="100", central="60", other="0")))),
    Quiet(
        "E03 资金合计",
        papers(
            targets(
                funds=(*funds(total="100", fiscal="60", other="10"), *funds(other="30")),
            )
        ),
    ),
    Quiet(
        "E03 资金级次",
        papers(
            targets(
                project="中央财政补助资金", funds=funds(total="30", central="30", provincial="0")
            )
        ),
    ),
    Quiet(
        "E03 资金级次",
        papers(
            targets(project="省级补助资金", funds=funds(total="30", central="0", provincial="30"))
        ),
    ),
    Quiet("R01 红色预警", red("90", "95")),
    Quiet("R01 红色预警", earned("90", execution=spent("100", None))),
    Quiet("R01 红色预警", claimed("数量|甲|≥3家||90|90", execution=spent("100", "50"))),
    Quiet("R02 黄色预警", red("90", "80")),
    Quiet("V01 佐证资料", papers(evaluation(_SURVEY), stage=_SUBMITTED)),
    Quiet("V01 佐证资料", papers(evaluation("满意度|群众满意度|≥90%|95%|90|90"))),
)

BUNDLES: tuple[Quiet, ...] = (
    Quiet("T05 读取所见", papers(targets("数量|甲|≥1家"), problems=[("T05", "L0009", "暂无")])),
    Quiet(
        "D01 项目指标雷同",
        papers(
            letters("abcde", "甲项目"),
            letters("abcyz", "乙项目"),
            letters("yzuvw", "丙项目"),
            letters("deqrs", "丁项目"),
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="90", fiscal="60", other="30")),
            expenditure=[("支出总表", "90"), ("一般公共预算支出表", "60")],
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="10", other="50")),
            expenditure=[("支出总表", "60"), ("一般公共预算支出表", "20")],
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="20", other="40")),
            expenditure=[("支出决算表", "60"), ("一般公共预算支出决算表", "60")],
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="20", other="40")),
            expenditure=[("支出总表", "60"), ("政府性基金支出表", "60")],
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="60", other="0")),
            expenditure=[("支出总表", "60"), ("一般公共预算支出表", "90")],
        ),
    ),
    Quiet(
        "X02 目标改动",
        papers(
            targets("质量|甲|100%", "质量|乙|有效", "质量|丙|≥9%", "质量|丙|≥8%"),
            evaluation("质量|甲|=100%", "质量|乙|显著", "质量|丙|≥7%"),
        ),
    ),
    Quiet("X02 指标缺漏", papers(_PLAN, evaluation("数量|别的|≥1家"))),
    Quiet(
        "X03 代码不一",
        papers(targets(project="甲项目", project_code=""), targets(project="乙项目")),
    ),
    Quiet("T05 读取所见", papers(targets("数量|甲|≥1家"), problems=[("row_shifted", "L1", "甲")])),
    Quiet("D01 项目目标雷同", papers(objectives(LONG), evaluation(objective=LONG))),
    Quiet(
        "D01 项目目标雷同",
        papers(objectives(LONG), targets(project="乙项目", objective=LONG, fiscal_year=2022)),
    ),
    Quiet(
        "D01 项目指标雷同",
        papers(
            five("甲项目"),
            targets(*FOUR[:3], "满意度|群众满意度|≥95%", COST, project="乙项目"),
        ),
    ),
    Quiet("D01 项目指标雷同", papers(five("甲项目"), five("乙项目", year=2022))),
    Quiet(
        "D01 项目指标雷同",
        papers(targets(*FOUR, project="甲项目"), targets(*FOUR, project="乙项目")),
    ),
    Quiet("D01 项目指标雷同", papers(five("甲项目"), five("甲项目"))),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="60", other="0")),
            expenditure=[("支出总表", "60"), ("一般公共预算支出表", "60")],
        ),
    ),
    Quiet(
        "E03 资金来源",
        papers(
            targets(funds=funds(total="60", fiscal="20", other="40")),
            expenditure=[("支出总表", "90"), ("一般公共预算支出表", "90")],
        ),
    ),
    Quiet("Q01 全部满分", papers(full("甲"), full("乙"), full("丙", total="99"))),
    Quiet("Q01 全部满分", papers(full("甲"), full("乙"))),
    Quiet("X02 目标改动", papers(_PLAN, evaluation(*FOUR))),
    Quiet("X02 目标改动", papers(_PLAN, evaluation("时效|按时办结率|≥85%", project="乙项目"))),
    Quiet(
        "X02 目标改动",
        papers(_PLAN, evaluation("时效|按时办结率|≥85%", fiscal_year=2022)),
    ),
    Quiet("X02 指标缺漏", papers(_PLAN, evaluation(*FOUR, COST))),
    Quiet("X02 年初预算", papers(_PLAN, evaluation(*FOUR, funds=funds(total="60.004")))),
    Quiet("X02 年初预算", papers(_PLAN, evaluation(*FOUR))),
    Quiet(
        "X03 名称不一",
        papers(targets(project="2023 年（甲）项目"), listed=["2023年(甲)项目", "2022年甲项目"]),
    ),
    Quiet("X03 名称不一", papers(targets(project="一期工程"), targets(project="二期工程"))),
    Quiet(
        "X03 代码不一",
        papers(targets(project_code="1"), replace(evaluation(), project_code="1")),
    ),
    Quiet(
        "X03 代码不一",
        papers(
            targets(project_code="1"),
            replace(targets(project_code="2"), unit="另一单位"),
        ),
    ),
)
QUIET = (*TABLES, *BUNDLES)
