"""Builds the sample documents of this folder from the facts beside it.

    python -m tests.samples.build

Every layout is one function from facts to lines. The facts say what stands in a table; the
layout says where. Rows that slipped in the published papers are given cell by cell (``slipped``,
``printed``), so that the samples are as untidy as the originals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

HERE = Path(__file__).parent
FACTS = HERE / "facts"
Facts: TypeAlias = dict[str, Any]
Lines: TypeAlias = list[str]


def load_facts(name: str) -> Facts:
    """Facts of one sample; every scalar is text, so that 95.00 stays 95.00."""
    text = (FACTS / f"{name}.yaml").read_text(encoding="utf-8")
    facts: Facts = yaml.load(text, Loader=yaml.BaseLoader)
    return facts


def names() -> list[str]:
    """Names of all samples, in order."""
    return sorted(path.stem for path in FACTS.glob("*.yaml"))


def build(name: str) -> str:
    """Text of one sample."""
    facts = load_facts(name)
    return "\n".join(LAYOUTS[facts["layout"]](facts)) + "\n"


# ── pieces ──────────────────────────────────────────────────────────────────────────────────────


def row(*cells: str, width: int = 0) -> str:
    """Cells with tabs between them, filled up to a width."""
    return "\t".join([*cells, *[""] * (width - len(cells))])


def merged(rows: Iterable[list[str]], *columns: int) -> Iterator[list[str]]:
    """Rows whose merged cells appear once: a label is left out while it and those before hold."""
    last: list[str] = []
    for cells in rows:
        shown = list(cells)
        for column in columns:
            if last and last[: column + 1] == cells[: column + 1]:
                shown[column] = ""
        last = cells
        yield shown


def opening(facts: Facts, title: str) -> Lines:
    """Title of the document and its general part."""
    return [
        f"# {facts['unit']}{facts['fiscal_year']}年度{title}",
        "",
        "## 第一部分 部门概况",
        "",
        "### 一、主要职责",
        "",
        "示例文本：负责本地区医疗保障的经办服务与基金监管。",
        "",
    ]


# ── 河北: numbered headings, the value in one cell ──────────────────────────────────────────────


def numbered(facts: Facts) -> Lines:
    """Objectives stand in a row before or after the header."""
    lines = [f"{facts['unit']}{facts['fiscal_year']}年部门预算信息公开", "", "目    录", ""]
    lines += [row("部门预算支出总表.....", "5"), row("预算项目绩效目标.....", "12"), ""]
    for table in facts["expenditure"]:
        lines += [table["title"], "", f"{facts['unit_code']} {facts['unit']}", ""]
        lines += [f"预算年度：{facts['fiscal_year']}", "", "单位：万元", ""]
        lines.append(row("序号", "功能分类科目", "", "合计", "基本支出", "项目支出", "经营支出"))
        lines.append(row("", "科目编码", "科目名称", "", "", "", ""))
        lines.append(row("栏次", *"123456"))
        lines += [row(str(n), *line, width=7) for n, line in enumerate(table["lines"], start=1)]
        lines.append("")
    lines += ["第二部分 预算项目绩效目标", ""]
    for number, table in enumerate(facts["tables"], start=1):
        lines += [f"{number}、{table['project']}绩效目标表", ""]
        head = ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"]
        goal = row("绩效目标", " ".join(table["objectives"]), width=6)
        both = [row(*head), goal]
        lines += both if "objectives_below_header" in table else reversed(both)
        for first, second, name, target, basis in merged(table["indicators"], 0):
            lines.append(row(first, second, name, f"反映{name}的情况", target, basis))
        lines.append("")
    lines += ["六、政府采购预算情况", "", "部门政府采购预算", ""]
    lines += [f"{facts['unit_code']} {facts['unit']}", "", "单位：万元", ""]
    lines.append(row("项目名称", "预算资金", "", "合计", "一般公共预算拨款"))
    lines += [row("合计", "", "", "12.50", "12.50"), row("办公设备", "12.50", "", "12.50", "12.50")]
    return lines


# ── 山西: two half-tables side by side ──────────────────────────────────────────────────────────

_CUT = 7
"""Characters of a name that fit into the right half."""


def halves(facts: Facts) -> Lines:
    """Whole period left, year right; money in 元; persons and a telephone at the foot."""
    year, unit = facts["fiscal_year"], facts["unit"]
    lines = opening(facts, "部门预算公开")
    for table in facts["expenditure"]:
        lines += [f"## {table['title']}", "", f"部门名称：{unit}", "", "单位：万元", ""]
        lines.append(row("项目", "", f"{year}年预算数", "", ""))
        lines.append(row("科目编码", "科目名称", "合计", "基本支出", "项目支出"))
        for code, name, *amounts in table["lines"]:
            lines.append(row(code or name, name if code else "", *amounts))
        lines.append("")
    lines += ["## 十、绩效管理情况", "", f"实行绩效目标管理的项目{len(facts['tables'])}个。", ""]
    for table in facts["tables"]:
        lines += [
            f"{unit[:2]}县(区)级预算部门(单位)项目支出绩效目标申报表",
            "",
            f"({year}年度)",
            "",
        ]
        lines += _halves_form(facts, table)
        lines.append("")
    return [*lines, "## 十一、国有资产占有使用情况", "", "无车辆。"]


def _halves_form(facts: Facts, table: Facts) -> Lines:
    lines = [
        row("项目名称", table["project"], width=8),
        row("主管部门及代码", table["supervisor"], "", "实施单位", facts["unit"], width=8),
        row("项目属性", "一次性项目(1年结束)", "", "项目期", "1年", width=8),
    ]
    money = [
        ("项目资金 (元)", "实施期资金总额:", "年度资金总额:", f"{int(table['total']):,}"),
        ("", "其中:中央财政资金", "其中:中央财政资金", "0"),
        ("", "省级财政资金", "省级财政资金", f"{int(table['provincial']):,}"),
        ("", "市县(区)财政资 金", "市县(区)财政资金", f"{int(table['county']):,}"),
        ("", "单位自筹", "单位自筹", "0"),
        ("", "其他资金", "其他资金", ""),
    ]
    lines += [row(lead, left, n, "", right, n, width=8) for lead, left, right, n in money]
    lines += [
        row("项目概况", f"{table['project']}（示例）", width=8),
        row("立项依据", "示例文件", width=8),
        row("项目设立必要性", "示例", width=8),
        row("保证项目实施的制度、措施", "示例", width=8),
        row("项目实施计划", "示例", width=8),
        row("实施期目标", "", "", "", "年度目标", width=8),
        row("总体目标", table["objectives"][0], "", "", "", table["objectives"][0], width=8),
        row("绩效 指标", *_LEVELS[:3], "指标值", *_LEVELS[1:3], "指标值"),
    ]
    lines += _halves_rows(table)
    people = ("负责人:", "张三", "经办人:", "李四", "联系电话:", "13800000000")
    return [*lines, row(*people, "填报日期:", f"{facts['fiscal_year']}0410")]


_LEVELS = ["一级指标", "二级指标", "三级指标"]
_CLASSES = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)


def _halves_rows(table: Facts) -> Lines:
    if "printed" in table:
        return [row(*cells) for cells in table["printed"]]
    lines: Lines = []
    for first, classes in _CLASSES:
        shown = first
        for second in classes:
            inside = [line for line in table["indicators"] if line[:2] == [first, second]]
            if not inside and second in table["empty"]:
                inside = [[first, second, "", ""]]
            label = second
            for _, _, name, target in inside:
                if name in table.get("slipped", {}):
                    lines.append(row(*table["slipped"][name]))
                else:
                    lines.append(row("", shown, label, name, target, label, name[:_CUT], target))
                shown = label = ""
    return lines


# ── 新疆: points, rules, last year's value ──────────────────────────────────────────────────────


def weighted(facts: Facts) -> Lines:
    """Expenditure with 类, 款 and 项 in columns of their own; the total line last."""
    lines = opening(facts, "部门预算公开")
    for table in facts["expenditure"]:
        lines += [
            "表3:",
            "",
            table["title"],
            "",
            f"编制部门：{facts['unit']}",
            "",
            "单位：万元",
            "",
        ]
        heads = ("功能分类科目编码", "", "", "项目 功能分类科目名称", "支出预算")
        lines.append(row(*heads, width=7))
        lines.append(row("类", "款", "项", "", "合计", "基本支出", "项目支出"))
        for code, name, *amounts in table["lines"]:
            parts = [code[:3], code[3:5], code[5:7]]
            lines.append(row(*parts, name if code else "合 计", *amounts))
        lines.append("")
    lines += ["（三）预算绩效情况", "", f"纳入绩效管理的项目 {len(facts['tables'])} 个。", ""]
    for table in facts["tables"]:
        lines += ["项目支出绩效目标表", "", f"({facts['fiscal_year']} 年)", ""]
        lines += _weighted_form(facts, table)
        lines.append("")
    return [*lines, "（四）其他需说明的事项", "", "无。"]


def _weighted_form(facts: Facts, table: Facts) -> Lines:
    money = ("年度预算总额:", table["total"], "其中: 财政拨款", table["fiscal"])
    lines = [
        row("预算单位", "", facts["unit"], width=9),
        row("项目名称", "", table["project"], "", "", "项目负责人", "", "张三", width=9),
        row("项目资金 (万元)", "", *money, "其他资金:", table["other"], width=9),
        row("项目总体目标", "", table["objectives"][0], width=9),
        row(
            *_LEVELS,
            "指标值",
            "指标值设置依据",
            "上年完成值",
            "指标分值权重",
            "指标赋分规则",
            "佐证资料",
        ),
    ]
    for cells in merged(table["indicators"], 0, 1):
        if cells[2] in table.get("page_breaks", []):
            lines.append("")
        lines.append(row(*table.get("slipped", {}).get(cells[2], cells)))
    return lines


# ── 湖北: self-evaluations in the final accounts ────────────────────────────────────────────────


def final_accounts(facts: Facts) -> Lines:
    """支出决算表, sentences on each project, forms with check boxes and slipped rows."""
    lines = opening(facts, "部门决算公开")
    for number, table in enumerate(facts["expenditure"]):
        lines += [f"### {'三五'[number]}、{table['title']}", ""]
        lines.append(row(table["title"], width=5))
        lines.append(row(f"部门：{facts['unit']}", "", "", "", "公开03表 金额单位：万元"))
        lines.append(row("项目", "", "本年支出合计", "基本支出", "项目支出"))
        lines.append(row("科目代码", "科目名称", width=5))
        lines.append(row("栏次", "", "1", "2", "3"))
        for code, name, *amounts in table["lines"]:
            shown = [
                f"{amount[:-6]},{amount[-6:]}" if len(amount) > 6 else amount for amount in amounts
            ]
            lines.append(row(code or name, name if code else "", *shown))
        lines += ["", "注：本表反映部门本年度各项支出情况。", ""]
    lines += ["## （二）部门决算中项目绩效自评结果", ""]
    lines += ["本部门对全部项目开展绩效自评，共 4 个项目，资金 250.59 万元。", ""]
    for name, initial, adjusted, executed, rate in facts["sentences"]:
        middle = f"调整预算数为{adjusted}万元，" if adjusted else ""
        lines.append(
            f"{name}：项目全年预算数为{initial}万元，{middle}执行数为{executed}万元，完成预算{rate}。"
        )
        lines.append("")
    for table in facts["tables"]:
        lines += [f"## {facts['fiscal_year']} 年度{facts['unit']}项目绩效自评表", ""]
        lines += [f"单位名称：{facts['unit']}", "", *_final_form(facts, table), ""]
    return lines


_BOXES = {
    "项目类别": ("category", ("部门预算项目", "省直专项", "省对下转移支付项目")),
    "项目属性": ("attribute", ("持续性项目", "新增性项目")),
    "项目类型": ("type", ("常年性项目", "延续性项目", "一次性项目")),
}


def _final_form(facts: Facts, table: Facts) -> Lines:
    budget, executed, rate, awarded = table["execution"]
    lines = [
        row("项目名称", "", table["project"], width=7),
        row("主管部门", "", facts["supervisor"], "", "项目实施单位", "", facts["unit"]),
    ]
    for label, (key, options) in _BOXES.items():
        lines.append(row(label, "", _boxes(options, table[key]), width=7))
    heads = ("预算数(A)", "执行数(B)", "执行率(B/A)", "得分 (20分*执行率)")
    lines += [
        row("预算执行情况（万元） (20分)", "", *heads, width=8),
        row("", "", "年度财政资金总额", budget, executed, rate, awarded, ""),
        row("年度绩效目标 1 (XX分)", *_LEVELS, "", "年初目标值(A)", "实际完成值(B)", "得分"),
    ]
    for cells in merged(table["indicators"], 0, 1):
        first, second, name, target, actual, points = cells
        usual = ["", first, second, name, "", target, actual, points]
        lines.append(row(*table.get("slipped", {}).get(name, usual)))
    lines += ["", row("总分", table["total_claimed"])]
    lines.append(
        row("<p>偏差大或目标未完成原因分析</p>", f"<p>{table.get('deviation_reason', '')}</p>")
    )
    lines.append(row("<p>改进措施及结果应用方案</p>", f"<p>{table.get('improvement', '')}</p>"))
    return lines


def _boxes(options: Iterable[str], checked: Iterable[str]) -> str:
    marks = {True: '<input checked="" type="checkbox"/>', False: '<input type="checkbox"/>'}
    chosen = set(checked)
    return " ".join(
        f"{number}、{option} {marks[option in chosen]}"
        for number, option in enumerate(options, start=1)
    )


# ── 河北 Word: one cell a line ──────────────────────────────────────────────────────────────────


def cells(facts: Facts) -> Lines:
    """Every cell is a line that begins with a tab; a blank line ends the row."""
    lines = [f"{facts['unit']}{facts['fiscal_year']}年部门预算信息公开", "", "（一）部门职责", ""]
    lines += ["示例文本：负责本地区医疗保障工作。", "第二部分  预算项目绩效目标"]
    for number, table in enumerate(facts["tables"], start=1):
        lines.append(f"[bookmark: _Toc{number}]  {number}、{table['project']}绩效目标表")
        for goal, text in enumerate(table["objectives"], start=1):
            lines += _stacked("" if goal > 1 else "绩效目标", f"目标{goal}", text)
        lines += _stacked(*_LEVELS, "绩效指标描述", "指标值", "指标值确定依据")
        lines += _stacked("", "", "", "", "符号", "值", "单位（文字描述）", "")
        for first, second, name, sign, value, unit, basis in merged(table["indicators"], 0):
            lines += _stacked(first, second, name, f"反映{name}的情况", sign, value, unit, basis)
        lines += [" ", "", ""]
    return [*lines, " 六、政府采购预算情况", f"{facts['fiscal_year']}年没有安排政府采购预算。"]


def _stacked(*cells: str) -> Lines:
    return [*(f"\t{cell}" for cell in cells), ""]


# ── the national form and the table with cost at level 1 ────────────────────────────────────────

_FUND_HEADS = ("年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分")
_LAST_HEADS = ("实际完成值", "分值", "得分", "偏差原因分析及改进措施")


def national(facts: Facts) -> Lines:
    """财预〔2020〕10号: comparator, value and unit in one cell."""
    return _national(facts, ("年度指标值", *_LAST_HEADS))


def cost_measure(facts: Facts) -> Lines:
    """财预〔2021〕101号: comparator, value and unit in three cells; cost at level 1."""
    return _national(facts, ("指标性质", "指标值", "计量单位", *_LAST_HEADS))


def _national(facts: Facts, columns: tuple[str, ...]) -> Lines:
    lines = opening(facts, "部门决算公开")
    width = 4 + len(columns)
    for table in facts["tables"]:
        lines += ["项目支出绩效自评表", "", f"（{facts['fiscal_year']}年度）", ""]
        unit = ("主管部门", facts["supervisor"], "", "实施单位", facts["unit"])
        lines += [row("项目名称", table["project"], width=width), row(*unit, width=width)]
        if "finished" in table:
            mark = {True: "☑", False: "☐"}
            boxes = " ".join(f"{mark[table['finished'] == word]}{word}" for word in "是否")
            lines.append(row("项目是否完成", boxes, width=width))
        lines.append(row("项目资金（万元）", "", *_FUND_HEADS, width=width))
        lines += [row("", *line, width=width) for line in table["funds"]]
        lines.append(row("年度总体目标", "预期目标", "", "", "实际完成情况", width=width))
        for expected, completed in table["objectives"]:
            lines.append(row("", expected, "", "", completed, width=width))
        lines.append(row("绩效指标", *_LEVELS, *columns))
        lines += [row("", *line) for line in merged(table["indicators"], 0, 1)]
        total = ["总分", *[""] * (width - 4), *table["total"]]
        lines += [row(*total, width=width), ""]
    return lines


LAYOUTS: dict[str, Callable[[Facts], Lines]] = {
    "numbered": numbered,
    "halves": halves,
    "weighted": weighted,
    "final_accounts": final_accounts,
    "cells": cells,
    "national": national,
    "cost_measure": cost_measure,
}


def main() -> None:
    """Writes all samples beside this file."""
    for name in names():
        (HERE / f"{name}.txt").write_text(build(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
