"""Words by which running text says what a figure is. Gathered from reports: ``checked: false``."""

from __future__ import annotations

import re

CHECKED = False
"""Nobody has yet held these lists against an official text."""

_CHANGES = (
    "增加", "减少", "增长", "下降", "提高", "提升", "降低", "上升", "上涨", "压减", "压缩", "调增", "调减", "追加",
    "核减", "核增", "节约", "缩减", "新增", "增幅", "降幅", "净增", "净减",
)  # fmt: skip
CHANGE_END = re.compile(
    rf"(?:{'|'.join(_CHANGES)}|增|减|降)(?:了|额|额为|数|数为|幅度|幅度为|比例|比例为|率为|约|近|为)?$"
)
"""A clause that ends so tells a change, and not how large a thing is."""
GROWN_TO = re.compile(
    r"(?:增加|减少|增长|下降|提高|提升|降低|上升|压减|调增|调减|增|减|降|调整)(?:到|至|为)$"
)
"""Behind these stands the new value."""
COMPARED = re.compile(
    r"比上年|比去年|较上年|较去年|同比|相比|比20\d\d|较20\d\d|上年度?(?:预算|决算)?[数相]|较年初|比年初|比预算|较预算"
)
PRIOR = re.compile(r"上年(?!度?结转|度?结余)|去年|往年|上一年|以前年度|历年|前年")
SHARE = re.compile(
    r"占(?:比)?(?P<base>.{0,40}?)(?:的?(?:比重|比例|比率|份额))?的?(?:为|达到|达|约|约为|是)?$"
)
COMPLETION = re.compile(
    r"完成(?:了|率)?(?:全年|年初|当年|本年|年度|调整后?|年中)?(?:的)?(?:调整)?预算(?:安排)?(?:数|额|总额|任务)?(?:的)?(?:比例|比率)?(?:为|达|达到|约)?$"
    r"|(?:预算|资金)?执行率(?:为|达|达到|是|约|约为)?$|预算完成率(?:为|达|达到|是)?$"
)
STANDARD = re.compile(
    r"(?:每|人均|户均|次均|平均)[^,;:。]{0,12}$|(?:标准|单价|单价为|定额)(?:为|是)?[^,;:。]{0,4}$"
)
THRESHOLD = re.compile(
    r"(?:单价|单价在|单位价值|单台|单件|单笔|单项|价值|金额|规模|起付线|封顶线)(?:在|为|达|达到)?$"
)
CAUSES = re.compile(r"主要原因|原因[是为:]|主要是由于|由于|因为|系因|原因一|导致")
"""From here on the sentence tells reasons, and its figures are no parts of the total."""
OPENERS = re.compile(
    r"其中|主要包括|包括|主要用于(?:以下)?(?:几个)?方面|主要为|主要是|分别为|分别是|具体为|具体包括|具体是|具体如下|主要用于|由"
)
"""Words behind a total that open the list of its parts."""
ENDS_OF_LISTS = re.compile(r"(?:共计|合计|总计|总额为|共|累计|合计为|共计为|总共)$")
"""A figure behind one of these alone sums up those before it."""

_LEADS = (
    "其中", "以及", "及", "和", "与", "、", "并", "且", "主要用于", "主要为", "主要是", "主要包括", "包括", "分别为", "分别是", "用于",
    "具体为", "另外", "另", "还有", "同时", "一是", "二是", "三是", "四是", "五是", "共计", "合计", "总计", "本部门", "我部门", "我单位", "本单位",
    "我局", "部门", "单位", "本年度", "本年", "全年", "当年", "年度", "今年", "按照", "根据", "安排的", "支出包括", "收入包括", "实现", "全市", "全县", "全区", "度",
)  # fmt: skip
LEADS = tuple(sorted(_LEADS, key=len, reverse=True))
"""Words in front of a subject that do not belong to it."""
_TAILS = (
    "大于或等于", "小于或等于", "大于等于", "小于等于", "不低于", "不少于", "不小于", "不高于", "不超过", "不大于", "不多于", "至少", "控制在", "超过", "高于", "大于",
    "多于", "低于", "小于", "少于", "不足", "等于", "大约", "约为", "约", "将近", "接近", "近", "超", "逾", "达到了", "应达到", "应到达", "达到", "到达", "达",
    "均为", "都为", "各为", "为", "是", "共计", "合计", "总计", "共", "累计", "共有", "计", "在", "稳定在", "保持在", "完成", "分别", "已", "应", "要", "力争",
    "共计安排", "预算安排", "安排", "人民币", "≥", "≤", ">", "<", "=", ":", "、", "各", "至", "到", "趋于", "仅", "只",
)  # fmt: skip
TAILS = tuple(sorted(_TAILS, key=len, reverse=True))
"""Words between a subject and its figure."""
EMPTY_SUBJECTS = {
    "", "资金", "金额", "总额", "预算", "支出", "共", "价值", "预算金额", "数量", "比例", "其他", "用", "约", "达", "个", "项目", "总数", "人数", "规模", "数额", "其",
    "涉及资金", "涉及金额", "涉及", "实际", "标准", "补助", "面积", "费用", "收入", "计划", "本", "有", "现有", "目前", "目标", "比率", "占比", "合同金额",
}  # fmt: skip
"""Too little to say what a figure is said of."""
NO_COUNTS = {
    "年", "月", "日", "号", "级", "岁", "度", "点", "分", "期", "届", "字", "页", "版", "折", "个月", "季度", "线", "区", "县", "市", "镇",
    "乡", "倍", "段", "面", "层", "类", "楼", "路", "天", "周", "小时", "分钟", "秒", "个百分点", "百分点",
}  # fmt: skip
"""Units behind a number that make it a date, an ordinal, a span, but no count that is compared."""
STILL_COUNTS = {"类", "期", "天"}
"""Units of the list above that an indicator may be counted in."""
SCOPES = (
    ("三公", re.compile(r"三公")),
    ("政府性基金", re.compile(r"政府性基金|基金预算")),
    ("国有资本", re.compile(r"国有资本")),
    ("财政专户", re.compile(r"财政专户")),
    ("一般公共预算", re.compile(r"一般公共预算")),
    ("财政拨款", re.compile(r"财政拨款")),
    ("机关运行", re.compile(r"机关运行")),
    ("政府采购", re.compile(r"采购")),
    ("资产", re.compile(r"资产")),
)
"""What part of the money a text or a table is about; the first that is named."""
PARTITIONS = (
    ("基本支出", "项目支出"),
    ("人员经费", "公用经费"),
    ("货物", "工程", "服务"),
    ("本年收入", "结转"),
)
"""Parts that always make up the whole."""


def scope_of(text: str) -> str:
    """What part of the money a heading, a title or a clause is about; empty for all of it."""
    return next((name for name, pattern in SCOPES if pattern.search(text)), "")
