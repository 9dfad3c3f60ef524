"""Web pages and CSV: the same grid, with places of their own."""

from __future__ import annotations

from performance.documents import read
from performance.documents.delimited import read_delimited
from performance.documents.grid import Line, Row
from performance.documents.markup import is_markup, read_markup

PAGE = """<!DOCTYPE html><html><head><style>td{}</style><script>var a="<td>"</script></head><body>
<h2>项目支出绩效自评表</h2><p>（2023年度）</p>
<table><tr><td>项目名称</td><td colspan="7">甲项目</td></tr></table>
<table>
<tr><th>一级指标</th><th>二级指标</th><th>三级指标</th><th>年度指标值</th><th>实际完成值</th>
<th>分值</th><th>得分</th><th>偏差原因分析</th></tr>
<tr><td rowspan=2>产出<br>指标</td><td rowspan="2">数量指标</td><td>培训人数</td><td>≥10人</td>
<td>12人</td><td>5</td><td>5</td><td></td></tr>
<tr><td>培训期数</td><td>&ge;2期</td><td>2期</td><td>5</td><td>5</td><td></td></tr>
</table></body></html>"""


def test_a_page_is_read_like_any_other_document() -> None:
    document = read(PAGE.encode(), "表.html")
    assert document.format == "html"
    (table,) = document.tables
    assert (table.project, table.fiscal_year, table.at) == ("甲项目", 2023, "T1R01C01")
    assert [(i.level1, i.level2, i.name, i.at) for i in table.indicators] == [
        ("产出指标", "数量指标", "培训人数", "T2R02C03"),
        ("产出指标", "数量指标", "培训期数", "T2R03C03"),
    ]
    assert table.indicators[1].target is not None
    assert table.indicators[1].target.text == "≥2期"
    assert document.problems == ()


def test_a_page_is_known_by_its_content() -> None:
    assert read(PAGE.encode(), "表.xls").format == "html"
    assert read(PAGE.encode("gb18030"), "表.xls").tables
    assert is_markup(b"\xef\xbb\xbf <!-- x --> <HTML>")
    assert not is_markup("<htm项目".encode())


def test_spans_keep_columns_and_hidden_text_is_left_out() -> None:
    rows = [item for item in read_markup(PAGE) if isinstance(item, Row)]
    assert rows[0].texts == ["项目名称", "甲项目", *[""] * 6]
    assert rows[3].texts[:4] == ["", "", "培训期数", "≥2期"]
    assert [item.text for item in read_markup(PAGE) if isinstance(item, Line)] == [
        "项目支出绩效自评表",
        "（2023年度）",
    ]


def test_check_boxes_of_a_page() -> None:
    (row,) = read_markup("<table><tr><td>是<input type=checkbox checked>否<input type=checkbox>")
    assert isinstance(row, Row)
    assert row.texts == ["是☑否☐"]


def test_broken_pages_are_read_as_far_as_they_go() -> None:
    for broken in (
        "<table><tr><td>甲<td>乙</table></td></tr></table>",
        "<![foo bar<table><tr><td>甲",
        "<table><tr><td rowspan=99999999 colspan=-3>甲</td></tr><tr><td>乙",
        "</table></tr></td><td>甲",
        "<table>" * 500,
        "<!--" * 500,
    ):
        read_markup(broken)


def test_csv_records_stand_at_their_first_line() -> None:
    items = read_delimited('一级指标,二级指标\r\n"产出\n指标","数量,指标"\r\n\r\n效益,\n')
    assert [item.texts for item in items if isinstance(item, Row)] == [
        ["一级指标", "二级指标"],
        ["产出 指标", "数量,指标"],
        ["效益", ""],
    ]
    assert [item.at for item in items] == ["L0001", "L0002", "L0005"]


def test_csv_document() -> None:
    lines = [
        "项目名称,甲项目,,",
        "一级指标,二级指标,三级指标,指标值",
        "产出指标,数量指标,人数,≥3人",
    ]
    document = read("\n".join(lines).encode("gb18030"), "表.CSV")
    assert document.format == "csv"
    assert document.tables[0].indicators[0].name == "人数"


def test_csv_with_a_quote_that_never_ends() -> None:
    assert len(read_delimited('a,b\n"c,d\n' + "e" * 100)) >= 1
