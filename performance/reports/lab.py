"""The rule lab's report as JSON and as lines of text; decimals are text with two places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from performance.lab import Contender, LabReport, LineChange, ProjectChange
from performance.reports.json import two_places
from performance.scoring import RuleSet


def lab_json(report: LabReport, papers: Sequence[UUID] = ()) -> dict[str, Any]:
    """The whole report. ``papers`` are the ids of the papers, where they are stored ones."""
    return {
        "base": _rules(report.base, report.base.id),
        "evaluations": report.count,
        "against": [_contender(one, papers) for one in report.contenders],
    }


def _rules(rules: RuleSet, label: str) -> dict[str, Any]:
    return {"ruleset": rules.id, "digest": rules.digest, "label": label}


def _contender(one: Contender, papers: Sequence[UUID]) -> dict[str, Any]:
    return {
        **_rules(one.rules, one.label),
        "changed_grades": one.changed,
        "mean_difference": two_places(one.mean),
        "matrix": [
            {"from": before, "to": after, "evaluations": count}
            for before, counts in one.rows
            for after, count in zip(one.grades, counts, strict=True)
            if count
        ],
        "projects": [_project(project, papers) for project in one.by_change],
    }


def _project(one: ProjectChange, papers: Sequence[UUID]) -> dict[str, Any]:
    return {
        "evaluation": str(papers[one.index]) if papers else None,
        "project": one.project,
        "unit": one.unit,
        "base_total": two_places(one.base_total),
        "base_grade": one.base_grade,
        "other_total": two_places(one.other_total),
        "other_grade": one.other_grade,
        "difference": two_places(one.difference),
        "by_weights": two_places(one.by_weights),
        "by_rules": two_places(one.by_rules),
        "by_cap": two_places(one.by_cap),
        "complete": one.complete,
        "why": list(one.why),
        "lines": [_line(line) for line in one.lines],
    }


def _line(line: LineChange) -> dict[str, Any]:
    return {
        "name": line.name,
        "is_execution": line.is_execution,
        "base_points": two_places(line.base_points),
        "base_awarded": two_places(line.base_awarded),
        "base_words": line.base_words,
        "other_points": two_places(line.other_points),
        "other_awarded": two_places(line.other_awarded),
        "other_words": line.other_words,
        "by_weights": two_places(line.by_weights),
        "by_rules": two_places(line.by_rules),
    }


def lab_lines(report: LabReport) -> Iterator[str]:
    """The report for a terminal: sums, the matrix, then every paper that differs, and why."""
    yield f"基准 {report.base.id}，自评表 {report.count} 张"
    for one in report.contenders:
        yield ""
        mean = "—" if one.mean is None else f"{one.mean:+.2f}"
        yield f"■ {one.label}：等级变化 {one.changed} 张，平均差 {mean} 分"
        for before, counts in one.rows:
            for after, count in zip(one.grades, counts, strict=True):
                if count:
                    yield f"  {before} → {after}\t{count} 张"
        for project in one.by_change:
            if project.difference or project.why:
                yield from _project_lines(project)


def _project_lines(one: ProjectChange) -> Iterator[str]:
    yield (
        f"  {one.project}（{one.unit}）：{one.base_total:.2f} {one.base_grade} → "
        f"{one.other_total:.2f} {one.other_grade}，差 {one.difference:+.2f}"
        f"（分值 {one.by_weights:+.2f}，规则 {one.by_rules:+.2f}，封顶 {one.by_cap:+.2f}）"
    )
    for words in one.why:
        yield f"    · {words}"
