"""The manual: whole, shown to everybody who is signed in, and the same in the documents."""

from __future__ import annotations

import pytest
from django.test import Client

from performance.web.manual import PARTS, ROOT, Section, chapters, markdown
from performance.web.templatetags.manual import PLACES
from tests.cast import Cast, assemble
from tests.web.pages import parsed

STATIC = ROOT / "performance/web/static"
LARGEST = 60_000


@pytest.fixture
def reader(db: None) -> Client:
    cast: Cast = assemble()
    client = Client()
    client.force_login(cast["reader"])
    return client


def test_every_chapter_is_shown_with_its_pictures(reader: Client) -> None:
    first = parsed(reader.get("/manual/").content.decode())
    for chapter in chapters():
        address = f"/manual/{chapter.name}/"
        assert first.all("a", href=address)
        page = parsed(reader.get(address).content.decode())
        text = page.one("main").text
        assert page.one("h1").text == chapter.title
        for section in chapter.sections:
            assert page.one("section", id=section.id)
            assert section.title in text
            assert "**" not in text
        for picture in page.all("img"):
            assert len(picture.given["alt"]) >= 8
    assert reader.get("/manual/nobody/").status_code == 404


def test_a_chapter_asks_the_database_no_more_than_its_frame(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    reader.get("/manual/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        reader.get("/manual/clerk/")


def test_the_documents_say_the_same() -> None:
    folder = ROOT / "docs/manual"
    assert {path.stem for path in folder.glob("*.md")} == set(PARTS)
    for chapter in chapters():
        kept = (folder / f"{chapter.name}.md").read_text(encoding="utf-8")
        assert kept == markdown(chapter), "python -m performance.web.manual"


def test_pictures_are_there_and_small() -> None:
    named = {s.picture for c in chapters() for s in c.sections if s.picture}
    kept = {str(p.relative_to(STATIC)) for p in (STATIC / "performance/manual").glob("*.webp")}
    assert named == kept
    assert all((STATIC / name).stat().st_size <= LARGEST for name in named)


def test_words_are_escaped_before_they_are_set_strongly() -> None:
    section = Section(id="a", title="a", text=("<b>**甲**</b>",))
    assert section.lines == ("&lt;b&gt;<strong>甲</strong>&lt;/b&gt;",)


def test_pages_lead_to_what_the_manual_says_of_them(reader: Client) -> None:
    there = {
        f"{chapter.name}#{section.id}" for chapter in chapters() for section in chapter.sections
    }
    assert set(PLACES.values()) <= there
    page = parsed(reader.get("/overview/").content.decode())
    assert page.one("footer").one("a").given["href"] == "/manual/finance/#overview"
    page = parsed(reader.get("/api/v1/docs/").content.decode())
    assert page.one("footer").one("a").given["href"] == "/manual/"
