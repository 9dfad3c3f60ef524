"""Ordinary tables of many trades: what a reviewer would say of them is raised, and nothing else."""

from __future__ import annotations

import pytest

from tests.examination.normal import CLAIMS, PLANS, Normal
from tests.examination.papers import papers, run

ALL = (*PLANS, *CLAIMS)


def _told(normal: Normal) -> list[tuple[str, str, str | None]]:
    found = run(papers(normal.table, rules=normal.rules))
    return [(f.code, f.severity.value, f.indicator) for f in found]


@pytest.mark.parametrize("normal", ALL, ids=lambda n: n.table.project)
def test_only_what_a_reviewer_would_say(normal: Normal) -> None:
    assert sorted(_told(normal), key=str) == sorted(normal.flaws, key=str)
