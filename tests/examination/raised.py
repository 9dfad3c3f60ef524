"""For each registered check the papers that raise it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from performance.examination.model import Stage
from performance.tables import Scope
from tests.examination.papers import evaluation, funds, monitoring, papers, spent, targets
from tests.examination.shapes import (
    BINDING,
    COST,
    COSTED,
    FOUR,
    LONG,
    SATISFIED,
    Raised,
    claimed,
    demanding,
    earned,
    five,
    full,
    levels,
    objectives,
    pointed,
    red,
    target,
    two_goals,
    with_first,
)

_SUBMITTED, _RELEASED = Stage.SUBMISSION, Stage.RELEASE
_CENTRAL = {"total": "30", "central": "0", "provincial": "30"}
_PLAN = targets(*FOUR, project="甲项目", funds=funds(total="60"))
_PEOPLE = "2023年原建档立卡贫困{}个人缴费补助"

TABLES: tuple[Raised, ...] = (
    Raised(
        "P01 必填栏",
        "block",
        "没有填佐证资料",
        papers(evaluation("数量|甲|≥1家"), stage=_SUBMITTED, limits=demanding("evidence")),
    ),
    Raised(
        "P01 必填栏",
        "block",
        "没有填偏差原因",
        papers(
            evaluation("数量|甲|≥1家||10|9", "数量|乙|≥1家||10|10"),
            stage=_SUBMITTED,
            limits=demanding("deviation"),
        ),
    ),
    Raised("W01 分值合计", "block", "合计 170 分", two_goals("50", "50", "40", "30")),
    Raised(
        "W01 一级分值",
        "notice",
        "成本指标的分值合计 10 分",
        papers(
            targets(
                "经济成本|甲|≤1元||10",
                "数量|乙|≥1件||40",
                "社会效益|丙|有效||20",
                "满意度|丁|≥9%||10",
            ),
            rules=COSTED,
        ),
    ),
    Raised(
        "W01 一级分值",
        "notice",
        "效益指标的分值合计 20 分",
        papers(targets("数量|乙|≥1件||50", "社会效益|丙|有效||20"), rules=COSTED),
    ),
    Raised("T02 缺计量单位", "error", "请补填“%”", target("质量|结算完成率|≥95", COST)),
    Raised("T02 缺计量单位", "error", "请补填“%”", target("满意度|群众满意度|≥95", COST)),
    Raised("T03 超过百分之百", "error", "指标值却是“>100%”", target("质量|验收合格率|>100%")),
    Raised("T02 单位不合", "error", "是数量", target("数量|参训人次|≥95%")),
    Raised("T04 无法衡量", "error", "“较多”无法衡量", target("数量|培训人数|较多")),
    Raised("M01 考核支付", "error", "花了多少钱", target("数量|支付工程款|≥100万元")),
    Raised("T05 占位文字", "error", "“详见附件”是占位文字", target("数量|甲|详见附件")),
    Raised("C01 成本方向", "error", "应为“≤5万元”", target("社会成本|社会投入|≥5万元")),
    Raised("M01 重复计执行", "error", "重复计算", target("质量|执行率|≥90%")),
    Raised("M01 重复计执行", "error", "重复计算", target("质量|医保项目预算执行率|≥90%")),
    Raised(
        "M01 重复计执行",
        "error",
        "重复计算",
        claimed("质量|预算执行率|≥90%", scope=Scope.DEPARTMENT, execution=spent("1", "1")),
    ),
    Raised("M02 内容归类", "notice", "应放在满意度指标下", target("社会效益|群众满意率|≥90%")),
    Raised("O01 低于上年", "notice", "低于上年", target("数量|资助率|≥85%||||||90%")),
    Raised("O01 低于上年", "notice", "低于上年", target("质量|抽检次数|≥3次||||||5次")),
    Raised("O01 低于上年", "notice", "低于上年", target("社会效益|受益村数|≥3个||||||5个")),
    Raised("O01 低于上年", "notice", "低于上年", target("满意度|满意度得分|≥85分||||||90分")),
    Raised("U01 指标扣分", "error", "没有说明原因", claimed("数量|甲|≥3家|2家|90|60|—")),
    Raised(
        "S01 得分不符",
        "notice",
        "按规则应为 60.00 分",
        with_first(evaluation("数量|甲|≥3家|2家|90|90"), scoring_rule="每少1家扣1分"),
    ),
    Raised("P01 必填栏", "block", "没有填指标值", papers(targets("数量|甲|"), stage=_SUBMITTED)),
    Raised(
        "P01 必填栏",
        "block",
        "“乙”没有填分值",
        papers(targets("数量|甲|≥5家||10", "数量|乙|≥5家"), stage=_SUBMITTED),
    ),
    Raised(
        "P01 必填栏",
        "block",
        "没有填实际完成值",
        papers(evaluation("数量|甲|≥5家||10|10"), stage=_SUBMITTED),
    ),
    Raised("P01 必填栏", "block", "没有绩效指标", papers(targets(), stage=_SUBMITTED)),
    Raised("P01 提示文字", "block", "“指标1”", papers(targets("数量|指标1|≥5家"), stage=_RELEASED)),
    Raised(
        "P01 提示文字",
        "block",
        "绩效目标中的提示文字",
        papers(objectives("（100字以内）"), stage=_RELEASED),
    ),
    Raised("W03 指标齐全", "error", "没有数量指标", target(*FOUR[1:], COST, SATISFIED)),
    Raised("W03 指标齐全", "error", "没有效益指标", target(*FOUR[:3], COST, SATISFIED)),
    Raised(
        "W03 指标齐全",
        "error",
        "没有产出指标",
        target("经济成本|办公费|≤5万元", FOUR[3], SATISFIED),
    ),
    Raised("W03 指标齐全", "notice", "没有成本、满意度指标", target(*FOUR)),
    Raised("W01 分值合计", "block", "合计 95 分，应为 90 或 100 分，多 5 分", pointed("50", "45")),
    Raised(
        "W01 分值合计",
        "block",
        "合计 80 分，应为 90 分，少 10 分",
        earned("50", "30", execution=spent("1", "1")),
    ),
    Raised("W01 分值合计", "block", "应为 80 分", earned("50", "40", goal_points=Decimal(80))),
    Raised("W01 一级分值", "notice", "产出指标的分值合计 60 分", levels("60", BINDING)),
    Raised(
        "W01 执行分值",
        "notice",
        "表内预算执行 20 分，规则集为 10 分",
        earned("80", execution=spent("1", "1", points="20")),
    ),
    Raised("W02 分值集中", "notice", "一项就占 60 分", pointed("60", "30")),
    # ── targets ─────────────────────────────────────────────────────────────────────────────────
    Raised("T01 应为数", "error", "“≥及时”不是数", target("质量|办结情况|≥及时")),
    Raised("T01 应为数", "error", "“1:10”不是数", target("质量|师生配比|1:10")),
    Raised(
        "T01 应为数",
        "error",
        "实际完成值“已完成”不是数",
        claimed("数量|检查家数|≥5家|已完成|90|90"),
    ),
    Raised(
        "T02 缺计量单位", "error", "“≥95.00”没有计量单位", target("数量|补助个人数量|>=95.00", COST)
    ),
    Raised(
        "T02 缺计量单位",
        "error",
        "3 个指标值都没有计量单位",
        target("数量|甲设备|≥95", "质量|甲合格率|≥95", "满意度|群众满意度|>95"),
    ),
    Raised("T02 单位不合", "error", "是比率，却用“家”作单位", target("质量|检查覆盖率|≥1家")),
    Raised("T02 单位不合", "error", "是数量", target("数量|享受补助人数|=100.00比率")),
    Raised("T02 单位不合", "error", "没有写“元”；应为“≤500万元”", target("成本|报销费用|≤500万")),
    Raised("T03 超过百分之百", "error", "指标值却是“≥120%”", target("质量|验收合格率|≥120%")),
    Raised(
        "T03 超过百分之百",
        "error",
        "实际完成值却是“105%”",
        claimed("质量|验收合格率|≥95%|105%|90|90"),
    ),
    Raised("T03 超过百分之百", "notice", "应为“=100%”", target("满意度|群众满意度|≥100%")),
    Raised(
        "T04 无法衡量",
        "error",
        "数量指标“培训人数”的指标值“大量”无法衡量",
        target("数量|培训人数|大量"),
    ),
    Raised("T04 无法衡量", "error", "成本指标", target("成本|运行成本|控制在合理范围内")),
    Raised("T04 无法衡量", "error", "无法衡量", target("满意度|群众满意度|较高")),
    Raised("T04 无法衡量", "notice", "请写成百分比", target("时效|报销及时率|及时")),
    Raised("T05 占位文字", "error", "指标名称“指标1”是表格的提示文字", target("数量|指标1|≥5家")),
    Raised("T05 占位文字", "error", "指标值“××”是占位文字", target("数量|检查家数|××")),
    Raised("T05 占位文字", "error", "绩效目标“暂无”是占位文字", papers(objectives("暂无"))),
    Raised("T05 占位文字", "error", "（100字以内）", papers(objectives("（100字以内）"))),
    Raised(
        "T05 占位文字",
        "error",
        "只重复了项目名称",
        papers(targets(project="办公楼维修改造项目", objective="完成办公楼维修改造。")),
    ),
    Raised(
        "T06 等号",
        "notice",
        "用了“=4次”，同类的“会议次数”等用“≥”；多做也算偏差，一般应为“≥4次”",
        target("数量|会议次数|≥2次", "数量|检查次数|=4次"),
    ),
    Raised(
        "T06 等号",
        "notice",
        "一般应为“≥30人”",
        target("数量|会议次数|≥2次", "数量|培训人数|=30人"),
    ),
    # ── costs and classes ───────────────────────────────────────────────────────────────────────
    Raised(
        "C01 成本方向",
        "error",
        "成本指标“医疗救助总金额”用了“≥”，花得越多得分越高；应为“≤6670104元”",
        target("成本|医疗救助总金额|≥6670104元"),
    ),
    Raised("C01 成本方向", "error", "应为“≤90%”", target("成本|人员经费支出|≥90%")),
    Raised("C01 成本方向", "error", "用了“>”", target("经济成本|设备购置费|＞5万元")),
    Raised("C01 成本方向", "error", "应为“≤5万元”", target("成本|设备购置费|5万元以上")),
    Raised("C01 成本方向", "error", "应为“=100元/人”", target("成本|补助标准|≥100元/人")),
    Raised("C02 成本未量化", "notice", "没有量化", target("成本|运行成本|控制在合理范围内")),
    Raised(
        "C02 成本超预算",
        "notice",
        "合计 62 万元，超过预算 60 万元，多 2 万元",
        papers(targets("成本|甲费|≤40万元", "成本|乙费|≤22万元", funds=funds(total="60"))),
    ),
    Raised("C03 数量方向", "notice", "应为“≥79406人”", target("数量|医疗救助总人次|≤79406人")),
    Raised(
        "M01 考核支付", "error", "考核的是花了多少钱", target("数量|医疗保险基金支出|≥470000万元")
    ),
    Raised("M01 考核支付", "error", "考核的是花了多少钱", target("数量|补助资金拨付率|≥95%")),
    Raised("M01 重复计执行", "error", "重复计算", target("质量|预算执行率|≥90%")),
    Raised(
        "M02 层级归类", "notice", "应放在“效益指标”下", target("产出指标/社会效益指标|知晓率|≥9%")
    ),
    Raised(
        "M02 层级归类",
        "notice",
        "应放在“成本指标”下",
        target("经济成本|总成本|≤5万元", "成本|办公费|≤1万元"),
    ),
    Raised(
        "M02 内容归类", "notice", "是花的钱，不是效益", target("可持续影响|宣传等工作经费|73万元")
    ),
    Raised("M02 内容归类", "notice", "应放在满意度指标下", target("社会效益|群众满意度|≥90%")),
    Raised("M02 内容归类", "notice", "知晓不等于满意", target("满意度|政策知晓率|≥85%")),
    Raised(
        "D01 指标重复", "notice", "出现两次", target("数量|检查家数|≥5家", "数量|检查 家数|≥6家")
    ),
    Raised("D01 目标重复", "notice", "写了两次", papers(objectives(LONG, LONG))),
    # ── achievement and claims ──────────────────────────────────────────────────────────────────
    Raised("O01 超额完成", "notice", "完成目标的 148%", claimed("数量|病种|≥25类|37类|90|90")),
    Raised(
        "O01 低于上年",
        "notice",
        "目标“≥85%”低于上年完成值“90%”",
        target("满意度|群众满意度|≥85%||||||90%"),
    ),
    Raised(
        "A01 写成界值", "error", "照抄了目标值", claimed("数量|参保人数|≥90万人|≥ 90万人|90|90")
    ),
    Raised(
        "A01 写成界值",
        "error",
        "写成“≥80万人”，不是实际数",
        papers(monitoring("数量|参保人数|≥90万人|≥80万人")),
    ),
    Raised(
        "A01 照抄文字",
        "notice",
        "2 个定性指标",
        claimed("质量|甲|全覆盖|全覆盖|50|50", "时效|乙|按时|按时|40|40"),
    ),
    Raised("U01 指标扣分", "error", "得 60 分，低于分值 90 分", claimed("数量|甲|≥3家|2家|90|60")),
    Raised("U01 指标扣分", "error", "没有说明原因", claimed("数量|甲|≥3家|2家|90|60|无")),
    Raised(
        "U01 执行率低",
        "error",
        "预算执行率 85% 低于 90%",
        papers(earned("90", execution=spent("100", "85")).tables[0], rules="sichuan-2023"),
    ),
    Raised(
        "S01 得分不符",
        "error",
        "自评 90 分，按规则应为 60.00 分",
        claimed("数量|甲|≥3家|2家|90|90"),
    ),
    Raised("S01 得分不符", "notice", "只差在取整", claimed("数量|甲|≥90人|60人|20|13|人数不足")),
    Raised(
        "S02 档次不符", "error", "不在所属档次的范围内", claimed("质量|甲|全部完成|未完成|90|80")
    ),
    Raised("S03 超过分值", "block", "超过分值 10 分", claimed("数量|甲|≥3家|3家|10|12")),
    Raised(
        "S03 超过分值",
        "block",
        "预算执行自评 11 分",
        earned("90", execution=spent("1", "1", awarded="11")),
    ),
    Raised(
        "E01 执行得分",
        "error",
        "预算执行自评 10 分，按规则应为 5.96 分",
        earned("90", execution=spent("287", "171", awarded="10")),
    ),
    Raised(
        "E01 执行得分",
        "notice",
        "只差在取整",
        earned("90", execution=spent("287", "171", awarded="6")),
    ),
    Raised("E02 预算异常", "error", "60.65 万元", earned("90", execution=spent("0", "60.65"))),
    Raised(
        "E03 资金合计",
        "block",
        "各来源合计 95 万元，总额 100 万元，相差 5 万元",
        papers(targets(funds=funds(total="100", fiscal="90", other="5"))),
    ),
    Raised(
        "E03 资金合计",
        "block",
        "总额 0 万元",
        papers(targets(funds=funds(total="0", fiscal="90"))),
    ),
    Raised(
        "E03 资金合计",
        "block",
        "各来源合计 60 万元，总额 100 万元",
        papers(
            targets(
                funds=funds(total="100", central="0", provincial="60", county="0", self_raised="0")
            )
        ),
    ),
    Raised(
        "E03 资金级次",
        "notice",
        "30 万元却填在省级财政资金",
        papers(targets(project="2023年中央财政医疗救助补助资金", funds=funds(**_CENTRAL))),
    ),
    Raised("R01 红色预警", "error", "指标得分率 100%，预算执行得分率只有 90%", red("90", "90")),
    Raised("R01 红色预警", "notice", "提到节约或结余", red("90", "90", "招标后节约资金")),
    Raised("R02 黄色预警", "notice", "结余超过 20%", red("90", "79.99")),
    Raised("R02 黄色预警", "notice", "预算为 0", earned("90", execution=spent("0", "0"))),
    Raised(
        "V01 佐证资料",
        "notice",
        "没有满意度调查作依据",
        papers(evaluation("满意度|群众满意度|≥90%|95%|90|90"), stage=_SUBMITTED),
    ),
    Raised(
        "V01 佐证资料",
        "notice",
        "2 个指标的实际完成值没有佐证资料",
        papers(evaluation("数量|甲|≥1家|1家|50|50", "数量|乙|≥1家|1家|40|40"), stage=_SUBMITTED),
    ),
)

BUNDLES: tuple[Raised, ...] = (
    Raised(
        "D01 项目目标雷同",
        "notice",
        "与项目“甲项目”相同",
        papers(objectives(LONG), targets(project="乙项目", objective=f"{LONG}|{LONG}")),
    ),
    Raised(
        "X02 目标改动",
        "error",
        "改成了“≤95%”",
        papers(_PLAN, evaluation(FOUR[0], "质量|审核准确率|≤95%", *FOUR[2:])),
    ),
    Raised(
        "X02 目标改动",
        "error",
        "改成了“≥85%”",
        papers(
            targets("质量|甲|≥95%", project="甲项目", project_code="1"),
            evaluation("质量|甲|≥85%", project="甲项目（二期）", project_code="1"),
        ),
    ),
    Raised(
        "T05 读取所见",
        "error",
        "写成“暂无”",
        papers(targets("数量|甲|≥1家"), problems=[("T05", "L0001", "暂无")]),
    ),
    Raised(
        "T05 读取所见",
        "error",
        "2 行只有提示文字（如“指标1：”）",
        papers(
            targets("数量|甲|≥1家"),
            problems=[("placeholder_row", "L0002", "指标1："), ("placeholder_row", "L3", "指标2")],
        ),
    ),
    Raised(
        "D01 项目目标雷同",
        "notice",
        "与项目“甲项目”相同",
        papers(objectives(LONG), targets(project="乙项目", objective=LONG)),
    ),
    Raised(
        "D01 项目指标雷同",
        "notice",
        "5 个指标中有 4 个连同指标值与项目“甲项目”相同",
        papers(five("甲项目"), five("乙项目", last="满意度|参保人员满意度|≥95%")),
    ),
    Raised(
        "E03 资金来源",
        "notice",
        "把 40 万元填在其他资金、20 万元填在财政拨款",
        papers(
            targets(project="甲", funds=funds(total="40", fiscal="0", other="40")),
            targets(project="乙", funds=funds(total="20", fiscal="20", other="0")),
            expenditure=[("支出总表", "60"), ("一般公共预算支出表", "60")],
        ),
    ),
    Raised(
        "Q01 全部满分",
        "notice",
        "3 张自评表全部自评 100 分",
        papers(full("甲"), full("乙"), full("丙")),
    ),
    Raised(
        "Q01 全部满分",
        "notice",
        "执行率只有 90%",
        papers(full("甲", execution=spent("10", "9"))),
    ),
    Raised(
        "Q01 全部满分",
        "notice",
        "1 个指标的实际值照写目标",
        papers(full("甲", row="数量|检查家数|≥5家|≥5家|90|90")),
    ),
    Raised(
        "X02 目标改动",
        "error",
        "在目标表里是“≥95%”，自评表改成了“≥85%”",
        papers(_PLAN, evaluation(*FOUR[:2], "时效|按时办结率|≥85%", FOUR[3])),
    ),
    Raised(
        "X02 指标缺漏",
        "error",
        "目标表有 4 个指标，自评表少了 1 个（“政策知晓率”）",
        papers(_PLAN, evaluation(*FOUR[:3])),
    ),
    Raised(
        "X02 年初预算",
        "error",
        "自评表为 50 万元，目标表为 60 万元",
        papers(_PLAN, evaluation(*FOUR, funds=funds(total="50"))),
    ),
    Raised(
        "X03 名称不一",
        "notice",
        "在项目支出预算表里写作",
        papers(targets(project=_PEOPLE.format("人口")), listed=[_PEOPLE.format("人员")]),
    ),
    Raised(
        "X03 名称不一",
        "notice",
        "在另一张表里写作",
        papers(
            targets(project="原建档立卡贫困人口补助"), targets(project="原建档立卡卡贫困人口补助")
        ),
    ),
    Raised(
        "X03 代码不一",
        "notice",
        "项目代码 1 在两张表里是两个项目",
        papers(
            targets(project="甲项目", project_code="1"),
            targets(project="乙项目", project_code="1"),
        ),
    ),
    Raised(
        "X03 代码不一",
        "notice",
        "在两张表里代码不同：1 和 2",
        papers(
            targets(project="甲项目", project_code="1"),
            replace(evaluation(project="甲项目"), project_code="2"),
        ),
    ),
)
RAISED = (*TABLES, *BUNDLES)
