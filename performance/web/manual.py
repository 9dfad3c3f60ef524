"""The manual: one chapter for each kind of user, kept as data and shown as pages.

The same chapters stand in ``docs/manual`` as Markdown, written by ``python -m performance.web.manual``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

PARTS = ("clerk", "reviewer", "finance", "administrator", "report")
"""Chapters in the order in which they are read: their names in the address and as files."""
ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = "performance/manual"
"""Folder of the pictures below the static files; ``make manual-pictures`` takes them anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing to be done, with its steps; ``picture`` is a file below PICTURES, or empty."""

    id: str
    title: str
    text: tuple[str, ...]
    picture: str = ""
    alt: str = ""

    @property
    def lines(self) -> tuple[SafeString, ...]:
        """The steps as HTML: escaped, with ``**words**`` set strongly."""
        return tuple(
            format_html_join("", "{}", ((part,) for part in _parts(line))) for line in self.text
        )


def _parts(line: str) -> Iterator[str]:
    for number, words in enumerate(line.split("**")):
        yield format_html("<strong>{}</strong>", words) if number % 2 else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What one kind of user has to know."""

    name: str
    title: str
    lead: str
    sections: tuple[Section, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters. Raises KeyError, TypeError or yaml.YAMLError for one that is not whole."""
    return tuple(_chapter(name) for name in PARTS)


def _chapter(name: str) -> Chapter:
    file = Path(__file__).parent / "chapters" / f"{name}.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Chapter(
        name=name,
        title=data["title"],
        lead=data["lead"],
        sections=tuple(
            Section(
                **{
                    **one,
                    "text": tuple(one["text"]),
                    "picture": f"{PICTURES}/{one['picture']}.webp" if "picture" in one else "",
                }
            )
            for one in data["sections"]
        ),
    )


def markdown(chapter: Chapter) -> str:
    """A chapter as Markdown for ``docs/manual``."""
    lines = [f"# {chapter.title}", "", chapter.lead, ""]
    for section in chapter.sections:
        lines += [f"## {section.title}", ""]
        lines += [f"- {line}" for line in section.text]
        lines.append("")
        if section.picture:
            static = "../../performance/web/static"
            lines += [f"![{section.alt}]({static}/{section.picture})", ""]
    return "\n".join(lines).rstrip() + "\n"


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Which chapter is whose."""
    context = {"section": "manual", "chapters": chapters()}
    return render(request, "performance/manual.html", context)


@require_safe
def chapter(request: HttpRequest, part: str) -> HttpResponse:
    """One chapter; the addresses know only those there are."""
    found = next(one for one in chapters() if one.name == part)
    context = {"section": "manual", "chapters": chapters(), "chapter": found}
    return render(request, "performance/manual_chapter.html", context)


def main() -> int:
    """Writes ``docs/manual``."""
    folder = ROOT / "docs" / "manual"
    folder.mkdir(exist_ok=True)
    for one in chapters():
        (folder / f"{one.name}.md").write_text(markdown(one), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
