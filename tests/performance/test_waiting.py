"""What waits on a desk: the most urgent are found, however much waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from budgets.access import seen_by
from budgets.models import Project
from performance.models import TargetTable
from performance.selectors import waiting
from performance.services import drafts, tasks
from performance.workflow import Paper
from tests.cast import assemble
from tests.office import Office


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(assemble())


def _begun(office: Office, name: str, days: int | None) -> TargetTable:
    """A draft of a new project, asked for in so many days or not at all."""
    cast = office.cast
    project = Project.unscoped.create(name=name, unit=cast.unit, department=cast.department)
    task = None
    if days is not None:
        task = office.act(
            tasks.issue_task,
            "finance",
            paper=Paper.TARGET_TABLE,
            fiscal_year=2024,
            title=name,
            deadline=timezone.now() + timedelta(days=days),
            units=[cast.unit.public_id],
        ).public_id
    return office.act(  # type: ignore[no-any-return]
        drafts.create_target_table,
        "clerk",
        project=project.public_id,
        fiscal_year=2024,
        task=task,
    )


def _names(office: Office, name: str) -> list[str]:
    with seen_by(office[name].pk):
        return [row.project for row in waiting.waiting_for(office[name])]


def test_the_most_urgent_are_listed_whatever_was_begun_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, days in (("无任务", None), ("下月", 30), ("明天", 1), ("昨天", -1), ("又一张", None)):
        _begun(office, name, days)
    assert _names(office, "clerk") == ["昨天", "明天", "下月", "无任务", "又一张"]
    assert _names(office, "both") == _names(office, "clerk")
    for name in ("head", "finance", "foreign_clerk", "auditor", "system"):
        assert _names(office, name) == []
    monkeypatch.setattr(waiting, "MOST", 2)
    assert _names(office, "clerk") == ["昨天", "明天"]
    monkeypatch.setattr(waiting, "MOST", 4)
    assert _names(office, "clerk") == ["昨天", "明天", "下月", "无任务"]
