"""The words of the forms: levels, column headers, field labels. Data, not rules.

A form nobody has seen should need words here and no code. ``checked`` is false for all of them:
they were gathered from published documents, not from an official list.
"""

from __future__ import annotations

import re
from enum import StrEnum

_BLANKS = re.compile(r"\s{1,500}")
_BRACKETS = re.compile(r"[（(【\[][^（()）【】\[\]]{0,60}[)）】\]]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def squeeze(text: str) -> str:
    """The text without any white space, full-width letters, digits and signs made half-width."""
    return _BLANKS.sub("", text).translate(_FULL_WIDTH)


def label_key(text: str) -> str:
    """The text as labels are compared: squeezed, without brackets, colons and stars."""
    return _BRACKETS.sub("", squeeze(text)).strip(":*、;,.。")


# ── levels ──────────────────────────────────────────────────────────────────────────────────────

LEVEL1: dict[str, str] = {
    "产出": "产出指标",
    "效益": "效益指标",
    "效果": "效益指标",
    "满意度": "满意度指标",
    "成本": "成本指标",
}
"""Key of the written text → canonical label of level 1."""

LEVEL2: dict[str, str] = {
    "数量": "数量指标",
    "质量": "质量指标",
    "时效": "时效指标",
    "成本": "成本指标",
    "经济成本": "经济成本指标",
    "社会成本": "社会成本指标",
    "生态环境成本": "生态环境成本指标",
    "经济效益": "经济效益指标",
    "社会效益": "社会效益指标",
    "生态效益": "生态效益指标",
    "可持续影响": "可持续影响指标",
    "可持续发展": "可持续影响指标",
    "满意度": "满意度指标",
    "服务对象满意度": "服务对象满意度指标",
    "服务对象或项目受益人满意度": "服务对象满意度指标",
    "社会公众满意度": "服务对象满意度指标",
    "社会公众或服务对象满意度": "服务对象满意度指标",
    "受益对象满意度": "服务对象满意度指标",
}
"""Key of the written text → canonical label of level 2."""

FAMILY: dict[str, tuple[str, ...]] = {
    "数量指标": ("产出指标",),
    "质量指标": ("产出指标",),
    "时效指标": ("产出指标",),
    "成本指标": ("产出指标",),
    "经济成本指标": ("成本指标", "产出指标"),
    "社会成本指标": ("成本指标", "产出指标"),
    "生态环境成本指标": ("成本指标", "产出指标"),
    "经济效益指标": ("效益指标",),
    "社会效益指标": ("效益指标",),
    "生态效益指标": ("效益指标",),
    "可持续影响指标": ("效益指标",),
    "满意度指标": ("满意度指标",),
    "服务对象满意度指标": ("满意度指标", "效益指标"),
}
"""Level-2 label → the level-1 labels it may stand under, the usual one first."""

_LEVEL_TAIL = re.compile(r"(?:指标|指|类指标)$")
_WEIGHT_TAIL = re.compile(r"[（(]?\d{1,3}(?:\.\d{1,2})?分?[)）]?$")


def _level_key(text: str) -> str:
    key = _WEIGHT_TAIL.sub("", label_key(text)) if len(text) <= 40 else ""
    return _LEVEL_TAIL.sub("", key)


def level1_label(text: str) -> str | None:
    """Canonical level-1 label of a written text, or None when it is none."""
    return LEVEL1.get(_level_key(text))


def level2_label(text: str) -> str | None:
    """Canonical level-2 label of a written text, or None when it is none."""
    return LEVEL2.get(_level_key(text))


def is_level(text: str) -> bool:
    """Whether a text is the label of a level and nothing else."""
    return level1_label(text) is not None or level2_label(text) is not None


_EXECUTION = re.compile(r"(?:项目|部门)?(?:预算|资金|预算资金)?执行(?:率|情况)?|执行率\(?10\)?")
_SUBTOTALS = {"小计", "合计", "总计", "合计分值", "指标小计"}
_NOTE = re.compile(r"(?:备注|注|说明|填表说明|填报说明)(?:$|[:：\d(（].{0,2000})", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"(?:指标|三级指标|目标)(?:\d{1,2}|[一二三四五六七八九十])?[:：]?|X{2,4}|×{2,4}"
)


def is_execution(text: str) -> bool:
    """Whether a level cell says that its row is about budget execution and no indicator."""
    return bool(text) and len(text) <= 40 and _EXECUTION.fullmatch(_level_key(text)) is not None


def is_subtotal(text: str) -> bool:
    """Whether a cell begins a row that sums up others."""
    return squeeze(text).strip(":") in _SUBTOTALS if len(text) <= 20 else False


def is_note(text: str) -> bool:
    """Whether a row begins with a note to the form (注：…)."""
    return _NOTE.fullmatch(squeeze(text[:2000])) is not None


def is_placeholder_name(text: str) -> bool:
    """Whether an indicator's name is the form's own prompt (指标1：)."""
    return len(text) <= 20 and _PLACEHOLDER.fullmatch(squeeze(text)) is not None


# ── columns of the indicator block ──────────────────────────────────────────────────────────────


class Column(StrEnum):
    """What a column of the indicator block holds."""

    GOAL = "goal"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    DEFINITION = "definition"
    SIGN = "sign"
    TARGET = "target"
    VALUE = "value"
    UNIT = "unit"
    ACTUAL = "actual"
    POINTS = "points"
    AWARDED = "awarded"
    BASIS = "basis"
    PRIOR_ACTUAL = "prior_actual"
    SCORING_RULE = "scoring_rule"
    EVIDENCE = "evidence"
    DEVIATION = "deviation"
    OTHER = "other"
    """A column the forms have and nothing is kept of."""
    UNKNOWN = "unknown"
    BLANK = "blank"


COLUMNS: tuple[tuple[Column, str], ...] = (
    (Column.LEVEL1, r"一级指标(?:名称)?|一级"),
    (Column.LEVEL2, r"二级指标(?:名称)?|二级"),
    (
        Column.NAME,
        r"三级指标|指标名称|三级指标名称|具体指标|四级指标|三级|绩效指标名称",
    ),
    (
        Column.PRIOR_ACTUAL,
        r"上年(?:度)?(?:实际)?(?:完成|指标)值?.{0,6}|上年实际值?|历史值|前三年.{0,10}",
    ),
    (
        Column.BASIS,
        r"指标值?(?:确定|设置|设定)依据|目标值(?:确定|设置|设定)依据|设置依据|指标依据|评价标准依据",
    ),
    (
        Column.SCORING_RULE,
        r"指标?赋分规则|评\(?扣?\)?分标准|评分(?:标准|细则|规则|办法)|计分(?:标准|方法|规则)|评扣分标准|评标准|赋分标准",
    ),
    (
        Column.EVIDENCE,
        r"佐证(?:资料|材料).{0,6}|证明材料|数据来源|证据来源|指标完成证据",
    ),
    (
        Column.DEVIATION,
        r".{0,8}偏差.{0,4}原因.{0,20}|未完成原因.{0,20}|偏差(?:分析|说明).{0,14}|原因分析.{0,14}|完成情况说明",
    ),
    (Column.DEFINITION, r"绩效指标描述|指标(?:解释|说明|内容|描述|内涵|定义).{0,8}"),
    (Column.SIGN, r"符号|计算符号|运算符号?|比较符|指标性质|计算关系"),
    (Column.UNIT, r"计量单位|度量单位|单位|指标值单位|指标单位"),
    (
        Column.ACTUAL,
        (
            r"(?:全?年度?)?实际(?:完成)?(?:指标)?值.{0,8}|(?:全?年度?)?(?:实际)?完成(?:指标)?值.{0,8}"
            r"|(?:年度|全年)?实际完成(?:情况|值).{0,6}|自评完成值|(?:1-\d{1,2}月)?执行情况|指标完成情况|完成情况|业绩值"
        ),
    ),
    (
        Column.TARGET,
        (
            r"(?:年度|年初|全年|预期|计划|绩效|项目|三级|设定|调整后)?(?:绩效)?(?:指标|目标)值.{0,8}"
            r"|年度(?:绩效)?(?:指标|目标)|预期目标值?|计划(?:指标)?值|年初设定目标|预算指标值|指标目标值"
        ),
    ),
    (Column.VALUE, r"值|数值"),
    (
        Column.POINTS,
        r"(?:指标)?分值(?:权重)?.{0,6}|(?:指标)?权重.{0,6}|标准分值?|满分|指标分值权重|赋分",
    ),
    (Column.AWARDED, r"(?:自评|实际|评价|指标)?得分.{0,14}|自评分数?|评分|自评分值"),
    (
        Column.OTHER,
        r"备注|指标方向|全年预计.{0,8}|完成目标可能性|序号|复核.{0,12}|指标属性|指标类型|指标类别|绩效指标|年度绩效指标",
    ),
)
"""Role → pattern a header key must match whole; the first that matches wins."""

_COLUMN_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in COLUMNS)
SUB_HEADS = frozenset(
    [
        "经费保障",
        "制度保障",
        "人员保障",
        "硬件条件保障",
        "其他",
        "原因说明",
        "确定能",
        "有可能",
        "完全不可能",
    ]
)
"""Words of a second header row under 偏差原因分析 and 完成目标可能性."""
DEVIATION_SUB_HEADS = frozenset({"原因说明"})
GOAL_LABEL = re.compile(r"年度绩效目标\d{0,2}|绩效目标\d{1,2}|目标\d{1,2}")
HEADER_UNIT = re.compile(
    r"[（(]\s{0,5}(?:单位[：:])?(万元|亿元|元|%|％|万人|人|个|次|家)\s{0,5}[)）]"
)


def column_of(text: str) -> Column:
    """What a header cell announces; BLANK when it is empty, UNKNOWN when its words are new."""
    key = label_key(text)
    if not key:
        return Column.BLANK
    if len(key) > 30:
        return Column.UNKNOWN
    if GOAL_LABEL.fullmatch(key):
        return Column.GOAL
    for column, pattern in _COLUMN_PATTERNS:
        if pattern.fullmatch(key):
            return column
    return Column.UNKNOWN


# ── fields of the form around the indicators ────────────────────────────────────────────────────


class Label(StrEnum):
    """A label beside which a value stands."""

    PROJECT = "project"
    PROJECT_CODE = "project_code"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    CATEGORY = "category"
    ATTRIBUTE = "attribute"
    TYPE = "type"
    OBJECTIVE = "objective"
    OBJECTIVE_PART = "objective_part"
    OBJECTIVE_HEAD = "objective_head"
    CONTACT = "contact"
    PHONE = "phone"
    TOTAL = "total"
    DEVIATION = "deviation_reason"
    IMPROVEMENT = "improvement"
    EXECUTION_HEAD = "execution_head"
    FUND_HEAD = "fund_head"
    FINISHED = "finished"
    IGNORED = "ignored"


LABELS: tuple[tuple[Label, str], ...] = (
    (Label.PROJECT, r"项目名称|专项名称|政策名称|项目\(政策\)名称|项目支出名称"),
    (Label.PROJECT_CODE, r"项目(?:代码|编码|编号)"),
    (
        Label.SUPERVISOR,
        r"(?:项目)?主管(?:部门|单位)(?:及代码|名称|及编码)?|市级主管部门|省级主管部门",
    ),
    (
        Label.UNIT,
        r"(?:项目)?(?:实施|承担|执行)单位(?:名称)?|预算(?:单位|部门)(?:名称)?|单位名称|填报单位|申报单位|部门名称",
    ),
    (Label.CATEGORY, r"项目类别"),
    (Label.ATTRIBUTE, r"项目属性"),
    (Label.TYPE, r"项目类型"),
    (
        Label.OBJECTIVE,
        r"绩效目标|总体目标|项目总体目标|年度总体目标|年度(?:绩效)?总体?目标|项目绩效(?:总体)?目标|总体绩效目标|年度绩效目标",
    ),
    (Label.OBJECTIVE_PART, r"目标\d{1,2}|绩效目标\d{1,2}|目标[一二三四五六七八九十]"),
    (
        Label.OBJECTIVE_HEAD,
        r"预期目标|年初设定目标|实际完成情况|实际完成目标|目标实际完成情况|实施期目标|年度目标|年度预期目标|预期目标情况",
    ),
    (
        Label.CONTACT,
        r"(?:项目|单位|财务|部门|分管)?(?:负责人|联系人|主管)(?:及|和)?(?:联系)?(?:电话|方式)?|经办人|填报人|填表人|审核人",
    ),
    (Label.PHONE, r"联系电话|电话|联系方式|手机"),
    (
        Label.TOTAL,
        r"总分(?:值)?|合计得分|总得分|自评总?(?:得)?分|合计|总计|得分合计|(?:自评)?总分:\d.{0,8}",
    ),
    (
        Label.DEVIATION,
        r"偏差大或目标未完成原因分析|(?:总体)?偏差(?:大)?原因分析|未完成原因分析|绩效目标未完成原因分析|存在问题及原因分析|偏差原因",
    ),
    (
        Label.IMPROVEMENT,
        r"改进措施(?:及结果应用方案)?|下一步改进措施|整改措施|改进措施及建议",
    ),
    (Label.EXECUTION_HEAD, r"预算执行情况|预算执行"),
    (
        Label.FUND_HEAD,
        r"项目资金|资金情况|年度预算执行情况|预算资金情况|项目预算执行情况|资金总额",
    ),
    (
        Label.FINISHED,
        r"(?:项目)?(?:是否)?(?:完成|实施)(?:情况|状态)|项目是否完成|是否完成",
    ),
    (
        Label.IGNORED,
        (
            r"项目概况|立项依据|项目设立必要性|保证项目实施的制度、?措施|项目实施计划|项目期|实施期限?|填报日期|填表日期"
            r"|项目起止时间|项目负责人电话|绩效指标|项目立项依据|项目可行性.{0,10}|项目资金来源|绩效分类|项目等级|评价方式"
            r"|项目分类|资金用途|项目内容|备注|注|说明|自评方式|邮政编码|单位地址|项目开始.{0,4}|项目结束.{0,4}"
        ),
    ),
)
_LABEL_PATTERNS = tuple((label, re.compile(pattern)) for label, pattern in LABELS)


def field_of(text: str) -> Label | None:
    """Which field a cell is the label of, or None."""
    key = label_key(text)
    if not key or len(key) > 30:
        return None
    for label, pattern in _LABEL_PATTERNS:
        if pattern.fullmatch(key):
            return label
    return None
