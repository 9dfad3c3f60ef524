"""Small hand-written forms for the tests: lines in, what was read of them out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from performance.documents import read
from performance.tables import ParsedDocument, ParsedIndicator, ParsedTable

HEAD = "一级指标\t二级指标\t三级指标\t指标值"
CLAIMED = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施"


def document(*lines: str, name: str = "form.txt") -> ParsedDocument:
    """The document that these lines make."""
    return read("\n".join(lines).encode(), name)


def table(*lines: str, name: str = "form.txt") -> ParsedTable:
    """The only table that these lines make."""
    found = document(*lines, name=name).tables
    assert len(found) == 1, [t.project for t in found]
    return found[0]


def self_evaluation(*rows: str) -> list[str]:
    """A national self-evaluation with these indicator rows."""
    return ["项目支出绩效自评表", "（2023年度）", "项目名称\t甲项目", CLAIMED, *rows]


def target_table(*rows: str) -> list[str]:
    """A target table of four columns with these indicator rows."""
    return ["项目支出绩效目标表", "（2023年度）", "项目名称\t甲项目", HEAD, *rows]


def named(table: ParsedTable, name: str) -> ParsedIndicator:
    """The one indicator with this name."""
    found = [i for i in table.indicators if i.name == name]
    assert len(found) == 1, [i.name for i in table.indicators]
    return found[0]


def codes(document: ParsedDocument) -> list[str]:
    """Codes of all problems, in order."""
    return [p.code for p in document.problems]


def texts(indicators: Iterable[ParsedIndicator]) -> list[tuple[str | None, str | None, str, str]]:
    """Levels, name and target of indicators, to compare them at a glance."""
    return [(i.level1, i.level2, i.name, i.target.text if i.target else "") for i in indicators]


def figures(*numbers: Decimal | None) -> tuple[object, ...]:
    """Figures as objects, to compare them with whole numbers."""
    return numbers
