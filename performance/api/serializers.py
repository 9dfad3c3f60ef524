"""Shapes of the API. Numbers are strings; amounts are 元; the words beside codes are Chinese."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from performance.reports.json import (
    finding_json,
    sheet_json,
    table_json,
)
from performance.selectors.shapes import (
    EvaluationPage,
    EvaluationRow,
    TargetTablePage,
    TargetTableRow,
)


class Text(serializers.CharField):
    """A text that may be null."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, read_only=True, **options)


class ProjectOut(serializers.Serializer[Any]):
    """A project."""

    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(source="unit.name")
    unit_id = serializers.UUIDField(source="unit.public_id")
    department = serializers.CharField(source="department.name")
    category = serializers.ListField(child=serializers.CharField())
    attribute = serializers.ListField(child=serializers.CharField())
    type = serializers.ListField(child=serializers.CharField())


class TargetTableOut(serializers.Serializer[TargetTableRow]):
    """A target table in a list."""

    id = serializers.UUIDField(source="public_id")
    project = serializers.CharField()
    unit = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    budget = serializers.DecimalField(18, 2, allow_null=True)
    indicators = serializers.IntegerField()
    status = serializers.CharField()


class EvaluationOut(serializers.Serializer[EvaluationRow]):
    """An evaluation in a list: claimed beside computed."""

    id = serializers.UUIDField(source="public_id")
    project = serializers.CharField()
    unit = serializers.CharField()
    fiscal_year = serializers.IntegerField()
    ruleset = serializers.CharField()
    claimed_total = serializers.DecimalField(7, 2, allow_null=True)
    claimed_grade = Text()
    total = serializers.DecimalField(7, 2, allow_null=True)
    grade = Text()
    complete = serializers.BooleanField()
    findings = serializers.IntegerField()


class ScoreLineOut(serializers.Serializer[Any]):
    """A scored line with its explanation."""

    name = serializers.CharField()
    at = serializers.CharField()
    points = Text()
    claimed = Text()
    awarded = Text()
    ratio = Text()
    reason = serializers.CharField()
    explanation = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    clause = Text()


class ScoreOut(serializers.Serializer[Any]):
    """A score that explains itself."""

    project = serializers.CharField()
    ruleset = serializers.CharField()
    lines = ScoreLineOut(many=True)
    execution = ScoreLineOut(allow_null=True)
    total = Text()
    grade = Text()
    claimed_total = Text()
    claimed_grade = Text()
    complete = serializers.BooleanField()


class FindingOut(serializers.Serializer[Any]):
    """A finding."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["block", "error", "notice"])
    project = Text()
    indicator = Text()
    message = serializers.CharField()
    at = serializers.CharField()
    field = Text()
    aspect = Text()
    basis = serializers.CharField(allow_blank=True)


class PlacedOut(serializers.Serializer[Any]):
    """A finding on a paper in the service; ``at`` is the cell as the content names it."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["block", "error", "notice"])
    severity_label = serializers.CharField()
    message = serializers.CharField()
    indicator = serializers.CharField(allow_blank=True)
    at = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    aspect = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)


class TargetTableDetail(serializers.Serializer[Any]):
    """A target table with its objectives, funds and indicators; the shape of read_document."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    table = serializers.DictField()


class EvaluationDetail(serializers.Serializer[Any]):
    """An evaluation with its table, its explained score and its findings."""

    id = serializers.UUIDField()
    status = serializers.CharField()
    ruleset = serializers.CharField()
    table = serializers.DictField()
    score = ScoreOut(allow_null=True)
    findings = FindingOut(many=True)


class ProjectResultOut(serializers.Serializer[Any]):
    """A project in an annual report."""

    evaluation_id = serializers.UUIDField()
    project = serializers.CharField()
    budget = serializers.DecimalField(18, 2, allow_null=True)
    executed = serializers.DecimalField(18, 2, allow_null=True)
    execution_rate = serializers.DecimalField(12, 6, allow_null=True, rounding="ROUND_HALF_UP")
    claimed_total = serializers.DecimalField(7, 2, allow_null=True)
    total = serializers.DecimalField(7, 2, allow_null=True)
    grade = Text()
    complete = serializers.BooleanField()
    unmet = serializers.ListField(child=serializers.CharField())


class AnnualReportOut(serializers.Serializer[Any]):
    """The figures of a unit's year: counts, sums in 元, rates as shares."""

    fiscal_year = serializers.IntegerField()
    unit = serializers.CharField()
    target_tables = serializers.IntegerField()
    target_budget = serializers.DecimalField(18, 2)
    evaluations = serializers.IntegerField()
    scored = serializers.IntegerField()
    budget = serializers.DecimalField(18, 2)
    executed = serializers.DecimalField(18, 2)
    execution_rate = serializers.DecimalField(12, 6, allow_null=True, rounding="ROUND_HALF_UP")
    grades = serializers.DictField(child=serializers.IntegerField())
    claimed_grades = serializers.DictField(child=serializers.IntegerField())
    average_total = serializers.DecimalField(7, 2, allow_null=True)
    indicators = serializers.IntegerField()
    indicators_met = serializers.IntegerField()
    projects = ProjectResultOut(many=True)


class ProblemOut(serializers.Serializer[Any]):
    """application/problem+json (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField()


def evaluation_detail(page: EvaluationPage) -> dict[str, Any]:
    """The body of an evaluation: the same JSON as the commands print."""
    return {
        "id": page.public_id,
        "status": page.status,
        "ruleset": page.rules.id,
        "table": table_json(page.table),
        "score": sheet_json(page.sheet) if page.sheet else None,
        "findings": [finding_json(finding) for finding in page.findings],
    }


def target_table_detail(page: TargetTablePage) -> dict[str, Any]:
    """The body of a target table."""
    return {"id": page.public_id, "status": page.status, "table": table_json(page.table)}
