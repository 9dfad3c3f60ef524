"""Figures with their places, and texts made plain sign by sign."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from performance.values import aligned, located, normalise


def test_each_figure_knows_its_place() -> None:
    text = "检查≥12家,培训1,200人次"
    found = [(text[f.start : f.end], f.digits) for f in located(text)]
    assert found == [("12家", "12"), ("1,200人次", "1,200")]


def test_numbers_of_documents_have_no_place() -> None:
    assert located("依据〔2021〕10号文") == []


@given(st.one_of(st.text(max_size=80), st.text(alphabet="<>=＞＝≧ 1５％~", max_size=20)))
def test_aligned_reads_as_normalise_does(text: str) -> None:
    plain, places = aligned(text)
    assert len(plain) == len(places)
    assert plain == normalise(text)
    assert places == sorted(places)
