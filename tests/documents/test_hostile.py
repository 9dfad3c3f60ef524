"""Any text goes through the reader and the appraisal; what does not matter changes nothing."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performance.appraisal import appraise
from performance.documents import read, recognise
from performance.documents.text import read_text
from performance.reports.json import document_json, scored_json
from performance.rulebook import load
from performance.tables import ParsedDocument, ParsedTable
from tests.documents.forms import CLAIMED, HEAD, document, self_evaluation, target_table
from tests.samples.build import HERE, names

LIMIT = 10_000
WORDS = [
    "一级指标",
    "二级指标",
    "三级指标",
    "指标值",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "符号",
    "值",
    "单位（文字描述）",
    "产出指标",
    "数量指标",
    "成本指标",
    "满意度指标",
    "服务对象满意度",
    "效益指标",
    "社会效益指标",
    "项目名称",
    "主管部门",
    "实施单位",
    "项目资金（万元）",
    "年初预算数",
    "全年预算数（A）",
    "全年执行数（B）",
    "执行率（B/A）",
    "年度资金总额",
    "其中：财政拨款",
    "总分",
    "合计",
    "小计",
    "绩效目标",
    "目标1",
    "预期目标",
    "实际完成情况",
    "年度绩效目标1（40%）",
    "预算执行率",
    "负责人:",
    "张三",
    "联系电话:",
    "13800000000",
    "科目编码",
    "科目名称",
    "基本支出",
    "项目支出",
    "2101504",
    "210",
    "15",
    "04",
    "≥90%",
    "100%",
    "0次",
    "<=5",
    "万元",
    "3-5次",
    "2023年6月底前",
    "不适用",
    "无",
    "–",
    "/",
    "……",
    "☑是",
    "☐否",
    "10",
    "8.62",
    "1,234.50",
    "-5%",
    "项目支出绩效自评表",
    "（2023年度）",
    "单位：万元",
    "支出总表",
    "1、甲项目绩效目标表",
    "项目全年预算数为73万元",
    "执行数为73万元",
    "甲：项目全年预算数为0万元，调整预算数为60.65万元，执行数为60.65万元，完成预算100%。",
]
RULES = load("mof-2020-10")

pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["\t", "\t", "\t", "\n", "\n", "\n\t", " ", "  ", "|", "\r\n", "\x0c", "　　"]),
    st.text(max_size=12),
)
forms = st.lists(pieces, max_size=900).map(lambda parts: "".join(parts)[:LIMIT])
rows = st.lists(
    st.lists(st.one_of(st.sampled_from(["", *WORDS]), st.text(max_size=8)), max_size=12).map(
        "\t".join
    ),
    max_size=60,
).map(lambda lines: "\n".join(lines)[:LIMIT])


def _through(text: str) -> ParsedDocument:
    begins = time.perf_counter()
    parsed = recognise(read_text(text), format="txt", sha256="")
    found = appraise(parsed, RULES)
    json.dumps(scored_json(parsed, found.sheets, found.findings))
    assert time.perf_counter() - begins < 10
    return parsed


@settings(max_examples=120)
@given(forms)
def test_pieces_of_forms_in_any_order(text: str) -> None:
    _through(text)


@settings(max_examples=120)
@given(rows)
def test_rows_of_any_cells_below_a_header(text: str) -> None:
    for table in _through(f"项目名称\t甲\n{CLAIMED}\n{text}").tables:
        for indicator in table.indicators:
            assert indicator.name
            assert indicator.at.startswith("L")


@settings(max_examples=60)
@given(st.text(max_size=LIMIT))
def test_any_text(text: str) -> None:
    _through(text)


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(categories=["Cs", "Cc", "Lo"]), max_size=2000))
def test_surrogates_and_control_characters(text: str) -> None:
    _through(f"{HEAD}\n产出指标\t数量指标\t{text}\t{text}")


@settings(max_examples=100)
@given(st.binary(max_size=4000), st.sampled_from(["a.txt", "b.html", "c.csv", "d", "e.xlsx", ""]))
def test_any_bytes_under_any_name(data: bytes, name: str) -> None:
    parsed = read(data, name)
    assert parsed.sha256
    json.dumps(document_json(parsed))


@settings(max_examples=80)
@given(rows.map(lambda text: text.replace("\t", "</td><td>").replace("\n", "<tr><td>")))
def test_any_page(text: str) -> None:
    read(f"<html><table><tr><td>{text}".encode("utf-8", "replace"), "a.html")


@pytest.mark.parametrize(
    "text",
    [
        "\t" * LIMIT,
        "\n\t" * (LIMIT // 2),
        "|" * LIMIT,
        "| |\n" * (LIMIT // 4),
        "(" * LIMIT,
        "（" * LIMIT,
        "<input " * (LIMIT // 7),
        "&amp;" * (LIMIT // 5),
        "9" * LIMIT,
        "9," * (LIMIT // 2),
        "≥" * LIMIT,
        "0" * (LIMIT - 1) + "%",
        " " * LIMIT + "a",
        "　" * LIMIT,
        "指标" * (LIMIT // 2),
        ("☑" * 40 + "\t") * (LIMIT // 41),
        "项目名称\t甲\n" * (LIMIT // 7),
        f"{CLAIMED}\n" * (LIMIT // len(CLAIMED)),
        ("负责人\t张三\n") * (LIMIT // 7),
        ("甲：项目全年预算数为1万元，执行数为1万元。\n") * (LIMIT // 22),
        "[bookmark: " * (LIMIT // 11),
        "**" * (LIMIT // 2),
        "年度绩效目标1" * (LIMIT // 7),
        "\x00" * LIMIT,
        "\ud800" * LIMIT,
        "﷽" * LIMIT,
    ],
)
def test_monotonous_texts_take_no_time(text: str) -> None:
    for lead in ("", f"{HEAD}\n产出指标\t数量指标\t", f"{CLAIMED}\n", "项目名称\t"):
        _through((lead + text)[:LIMIT])


def test_time_grows_with_the_text_and_not_faster() -> None:
    form = "\n".join([*self_evaluation(*["产出指标\t数量指标\t人数\t≥1人\t1人\t1\t1\t"] * 20), ""])

    def seconds(times: int) -> float:
        text = form * times
        begins = time.perf_counter()
        recognise(read_text(text), format="txt", sha256="")
        return time.perf_counter() - begins

    seconds(5)
    assert seconds(80) < 4 * seconds(20) * 2


# ── what does not matter ────────────────────────────────────────────────────────────────────────


def _content(text: str, *, name: str = "a.txt") -> list[ParsedTable]:
    """What was read, without places."""
    parsed = read(text.encode(), name)
    return [
        replace(
            table,
            at="",
            execution=replace(table.execution, at="") if table.execution else None,
            indicators=tuple(replace(i, at="") for i in table.indicators),
        )
        for table in parsed.tables
    ]


SAMPLES = [(name, (HERE / f"{name}.txt").read_text(encoding="utf-8")) for name in names()]
TABBED = [(name, text) for name, text in SAMPLES if name != "hebei-word-2020"]
each_sample = pytest.mark.parametrize(("name", "text"), SAMPLES, ids=[n for n, _ in SAMPLES])
each_tabbed = pytest.mark.parametrize(("name", "text"), TABBED, ids=[n for n, _ in TABBED])


@each_sample
def test_line_endings_and_a_byte_order_mark(name: str, text: str) -> None:
    assert _content(text.replace("\n", "\r\n")) == _content(text)
    assert _content(text.replace("\n", "\r")) == _content(text)
    assert _content("\ufeff" + text) == _content(text)


@each_sample
def test_blank_lines_before_and_after(name: str, text: str) -> None:
    assert _content("\n\n \n" + text + "\n\n\n") == _content(text)


@each_tabbed
def test_blank_lines_between_all_lines(name: str, text: str) -> None:
    assert _content(text.replace("\n", "\n\n")) == _content(text)


@each_tabbed
def test_an_empty_column_at_the_right(name: str, text: str) -> None:
    wider = "\n".join(line + "\t" if "\t" in line else line for line in text.split("\n"))
    assert _content(wider) == _content(text)


def test_an_empty_column_at_the_left() -> None:
    plain = self_evaluation(
        "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t", "总分\t\t\t\t\t100\t98\t"
    )
    shifted = [f"\t{line}" if "\t" in line else line for line in plain]
    assert _content("\n".join(shifted)) == _content("\n".join(plain))


@each_tabbed
def test_white_space_around_cells(name: str, text: str) -> None:
    assert _content(text.replace("\t", " \t ")) == _content(text)


FULL_WIDTH = str.maketrans("0123456789%()<>=:", "０１２３４５６７８９％（）＜＞＝：")


def test_full_width_digits_and_signs_mean_the_same() -> None:
    rows = ["产出指标\t数量指标\t人数\t>=90万人\t95.5万人\t10\t9.5\t", "总分\t\t\t\t\t100\t98\t"]
    plain = document(*self_evaluation(*rows)).tables[0]
    wide = document(*self_evaluation(*(row.translate(FULL_WIDTH) for row in rows))).tables[0]
    one, other = plain.indicators[0], wide.indicators[0]
    assert one.target is not None
    assert other.target is not None
    assert (one.target.value, one.target.comparator) == (
        other.target.value,
        other.target.comparator,
    )
    assert one.actual is not None
    assert other.actual is not None
    assert one.actual.value == other.actual.value
    assert (one.points, one.awarded) == (other.points, other.awarded)
    assert plain.total_claimed == wide.total_claimed


def test_a_title_as_a_heading_or_with_its_number() -> None:
    row = "产出指标\t数量指标\t人数\t≥1人"
    expected = _content("\n".join(target_table(row)))
    for title in ("## 项目支出绩效目标表", "**项目支出绩效目标表**", "项目支出 绩效 目标表"):
        assert _content("\n".join([title, *target_table(row)[1:]])) == expected


def test_the_order_of_tables_is_the_order_of_results() -> None:
    text = (HERE / "xinjiang-targets-2023.txt").read_text(encoding="utf-8")
    head, *forms = text.split("项目支出绩效目标表\n")
    *forms, last = [f"项目支出绩效目标表\n{form}" for form in forms]
    last, tail = last.split("（四）")
    forms = [*forms, last][:4]
    whole = {t.project: t for t in _content(text)}
    for order in list(permutations(forms))[::5]:
        found = _content(head + "".join(order) + "（四）" + tail)
        assert [t.project for t in found] == [next(p for p in whole if p in form) for form in order]
        assert all(t == whole[t.project] for t in found)


def test_the_same_form_in_every_format() -> None:
    lines = self_evaluation(
        "产出指标\t数量指标\t人数\t≥1人\t1人\t90\t90\t", "\t质量指标\t率\t≥9%\t9%\t1\t1\t"
    )
    rows = [line.split("\t") for line in lines]
    text = "\n".join(lines)
    expected = _content(text)
    page = "".join(
        "<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" if len(r) > 1 else f"<p>{r[0]}</p>"
        for r in rows
    )
    opened = page.replace("<p>（2023年度）</p>", "<p>（2023年度）</p><table>")
    assert _content(f"<html>{opened}</table>", name="a.html") == expected
    piped = "\n".join(f"| {' | '.join(r)} |" if len(r) > 1 else r[0] for r in rows)
    assert _content(piped) == expected
    commas = "\n".join(",".join(r) for r in rows)
    assert [t.indicators for t in _content(commas, name="a.csv")] == [expected[0].indicators]


# ── nothing is lost in silence ──────────────────────────────────────────────────────────────────

CELLS = ["产出指标", "数量指标", "培训场次甲", "≥731次", "642次", "17", "13", "经费拨付较晚所致"]


@st.composite
def slipped(draw: st.DrawFn) -> list[str]:
    """A full row with cells emptied, columns put in and taken out."""
    cells = [text if draw(st.integers(0, 5)) else "" for text in CELLS]
    for _ in range(draw(st.integers(0, 3))):
        cells.insert(draw(st.integers(0, len(cells))), "")
    blanks = [index for index, text in enumerate(cells) if not text]
    for index in sorted(blanks, reverse=True):
        if draw(st.booleans()):
            del cells[index]
    if draw(st.integers(0, 3)) == 0:
        cells.insert(draw(st.integers(0, len(cells))), "外来的一格")
    return cells


@settings(max_examples=400)
@given(slipped())
def test_every_cell_of_a_row_is_read_or_told(cells: list[str]) -> None:
    parsed = document(
        *self_evaluation("产出指标\t质量指标\t合格率\t≥9%\t9%\t1\t1\t", "\t".join(cells))
    )
    kept = json.dumps(document_json(parsed)["tables"], ensure_ascii=False)
    told = " ".join(p.raw + p.message for p in parsed.problems if p.at == "L0006")
    for text in cells:
        if text in {"", "产出指标", "数量指标"}:
            continue
        assert text in kept or text in told or f'"{text}.00"' in kept, text
