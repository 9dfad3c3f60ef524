"""Any text is read without an exception, in linear work, and figures stand where they say."""

from __future__ import annotations

import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from performance.examination.prose import check_x01_prose, facts_of, read_figures
from performance.examination.prose.proof import proof
from tests.documents.forms import document

PIECES = [
    "支出", "收入", "其中：", "包括", "占", "完成预算的", "比上年增加", "下降", "合计", "（", "）", "；", "，", "。", "：", "、", "\n", " ",
    "12.5万元", "100%", "３个", "2024年", "〔2023〕5号", "每人30元", "*", "=", "×", "≥", "<=", "不少于", "满意度", "项目2个", "涉及资金", "7",
    "-", "~", "**", "0万元", "其中", "由", "组成", "基本支出", "项目支出", "亿元", "1,234", "\t", "单位：万元", "合计\t5\t6",
]  # fmt: skip
PROSE = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(st.one_of(PROSE, st.text(max_size=200)))
def test_figures_keep_their_places(text: str) -> None:
    end = 0
    for figure in read_figures(text):
        assert text[figure.start : figure.end] == figure.written
        assert figure.start >= end
        end = figure.end


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=200))
def test_no_figure_without_a_digit(text: str) -> None:
    assert read_figures(text) == ()


@settings(max_examples=60)
@given(PROSE)
def test_any_document_and_any_draft_have_an_answer(text: str) -> None:
    read = document(text)
    assert len([*check_x01_prose(read)]) >= 0
    for proofed in proof(text, facts_of(read)):
        assert text[proofed.figure.start : proofed.figure.end] == proofed.figure.written
        assert proofed.status.value in {"agrees", "disagrees", "not_found"}


@settings(max_examples=60)
@given(PROSE)
def test_a_copy_of_a_draft_is_read_alike(text: str) -> None:
    once = [(f.value, f.role) for f in read_figures(f"{text}。")]
    twice = [(f.value, f.role) for f in read_figures(f"{text}。{text}。")]
    assert twice[: len(once)] == once


def _calls(text: str) -> int:
    """How many functions are called to read a text: the same on a busy machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        read_figures(text)
    finally:
        sys.setprofile(None)
    return count


def test_work_grows_with_the_length_and_no_faster() -> None:
    for piece in ("支出12.5万元，", "(", "其中：", "1", "1,", "占", "比上年增加3万元，增长5%。"):
        one, two = (_calls(piece * n) for n in (500, 1_000))
        assert two < 2.2 * one + 100, piece
