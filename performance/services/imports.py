"""Bringing a document in: read first, then all of it or nothing, in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection, transaction

from budgets import audit
from budgets.access import may_import, roles_for
from budgets.errors import Conflict, InvalidInput, NotAllowed
from budgets.models import (
    BudgetUnit,
    ContactPerson,
    ExpenditureByFunction,
    ExpenditureStage,
    Funding,
    Project,
    User,
)
from budgets.services.digests import second_digest
from performance.appraisal import examine_document
from performance.documents import read
from performance.examination.limits import thresholds_for
from performance.mapping.tables import (
    actual_columns,
    execution_columns,
    indicator_columns,
    text,
)
from performance.models import (
    Actual,
    Document,
    Evaluation,
    ImportRun,
    Indicator,
    Objective,
    TargetTable,
)
from performance.reports.json import finding_json, problem_json
from performance.rulebook import load, ruleset_for
from performance.services.files import keep
from performance.services.moves import publish_import
from performance.tables import (
    ExpenditureLine,
    Finding,
    Fund,
    ParsedDocument,
    ParsedTable,
    Problem,
    TableKind,
)

_SIX = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import came to; ``created`` is False when the file had been imported before."""

    document: Document
    created: bool
    evaluations: tuple[Evaluation, ...] = ()


def import_document(
    *,
    actor: User,
    unit: BudgetUnit,
    data: bytes,
    name: str,
    ruleset: str | None = None,
    origin: audit.Origin | None = None,
) -> ImportResult:
    """Stores all that stands in a published document, keyed by the file's SHA-256.

    The same file again is a result and no error. Raises NotAllowed, InvalidInput (nothing can
    be read, or no year) and Conflict (a table of the same project and year is there already);
    then nothing is stored but the upload, which is kept.
    """
    if not may_import(actor, unit.department_id):
        raise NotAllowed("您不能为这个部门导入文件")
    sha256 = hashlib.sha256(data).hexdigest()
    known = _known(unit, sha256)
    if known is not None:
        return known
    keep(data, sha256)
    document = read(data, name)
    year = _year(document)
    with transaction.atomic():
        _one_import_at_a_time(unit.department_id)
        known = _known(unit, sha256)
        if known is not None:
            return known
        audit.record(
            actor=actor,
            verb="import_document",
            object_type="document",
            object_id=sha256,
            department_id=unit.department_id,
            detail={
                "tables": len(document.tables),
                "indicators": sum(len(table.indicators) for table in document.tables),
                "problems": len(document.problems),
            },
            origin=origin,
        )
        return _Import(actor, unit, document, year, ruleset).run(name, data)


def _known(unit: BudgetUnit, sha256: str) -> ImportResult | None:
    found = Document.unscoped.filter(unit=unit, sha256=sha256).first()
    if found is None:
        return None
    evaluations = tuple(Evaluation.unscoped.filter(document=found).order_by("id"))
    return ImportResult(document=found, created=False, evaluations=evaluations)


def _year(document: ParsedDocument) -> int:
    if not document.tables and not document.expenditure:
        reason = document.problems[0].message if document.problems else "没有找到可读的表"
        raise InvalidInput(f"文件没有导入：{reason}")
    years = [table.fiscal_year for table in document.tables if table.fiscal_year is not None]
    year = years[0] if years else document.fiscal_year
    if year is None:
        raise InvalidInput("文件没有导入：读不出年度；请在表名或表头写明年度")
    return year


def _one_import_at_a_time(department_id: int) -> None:
    """Imports of a department queue up, so that the second sees what the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7106, %s)", [department_id % 2147483647])


@dataclass(slots=True)
class _Import:
    """One import under way inside its transaction."""

    actor: User
    unit: BudgetUnit
    document: ParsedDocument
    year: int
    ruleset: str | None
    row: Document | None = None
    roles: frozenset[str] = frozenset()

    def run(self, name: str, data: bytes) -> ImportResult:
        owner = self._owner()
        self.roles = roles_for(
            self.actor, unit_id=self.unit.pk, department_id=self.unit.department_id
        )
        self.row = Document.unscoped.create(
            sha256=self.document.sha256,
            format=self.document.format,
            name=text(name.rsplit("/", 1)[-1], 255) or "未命名",
            size=len(data),
            sm3=second_digest(data),
            fiscal_year=self.year,
            imported_by=self.actor,
            **owner,
        )
        problems = list(self.document.problems)
        evaluations: list[Evaluation] = []
        seen: set[tuple[str, str]] = set()
        for table in self.document.tables:
            key = (table.kind.value, table.project)
            if key in seen:
                problems.append(_twice(table))
                continue
            seen.add(key)
            evaluation = self._table(table)
            if evaluation is not None:
                evaluations.append(evaluation)
        self._expenditure(self.document.expenditure)
        findings = self._examined()
        ImportRun.unscoped.create(
            document=self.row,
            problems=[problem_json(_storable(problem)) for problem in problems],
            findings=[finding_json(finding) for finding in findings],
            table_count=len(self.document.tables),
            indicator_count=sum(len(table.indicators) for table in self.document.tables),
            actor=self.actor,
            **owner,
        )
        return ImportResult(document=self.row, created=True, evaluations=tuple(evaluations))

    def _examined(self) -> list[Finding]:
        """What is found on the document; findings on a self-evaluation are stored with its score."""
        code = self.unit.department.region.code
        rules = load(self.ruleset or ruleset_for(code, self.year))
        return examine_document(self.document, rules, thresholds_for(code, self.year))

    def _owner(self) -> dict[str, int]:
        return {"department_id": self.unit.department_id, "unit_id": self.unit.pk}

    # ── one table ───────────────────────────────────────────────────────────────────────────────

    def _table(self, table: ParsedTable) -> Evaluation | None:
        evaluation = table.kind is TableKind.SELF_EVALUATION
        year = table.fiscal_year or self.year
        project = self._project(table)
        self._refuse_second(table, project, year, evaluation=evaluation)
        self._funds(project, year, table.funds)
        self._contacts(project, year, table)
        target = TargetTable.unscoped.create(
            project=project,
            fiscal_year=year,
            scope=table.scope.value,
            from_evaluation=evaluation,
            document=self.row,
            at=table.at[:40],
            supervisor_text=text(table.supervisor, 200),
            unit_text=text(table.unit, 200),
            goal_points=table.goal_points,
            inferred=list(table.inferred),
            **self._owner(),
        )
        Objective.unscoped.bulk_create(
            Objective(
                table=target,
                seq=seq,
                text=text(objective.text),
                completed=text(objective.completed),
                share=objective.share.quantize(_SIX) if objective.share is not None else None,
                **self._owner(),
            )
            for seq, objective in enumerate(table.objectives, start=1)
        )
        indicators = Indicator.unscoped.bulk_create(
            Indicator(table=target, seq=seq, **indicator_columns(indicator), **self._owner())
            for seq, indicator in enumerate(table.indicators, start=1)
        )
        publish_import(self.actor, target, self.roles)
        return self._evaluation(table, project, target, indicators, year) if evaluation else None

    def _project(self, table: ParsedTable) -> Project:
        name = text(table.project, 300) or "（未写项目名称）"
        project, _ = Project.unscoped.get_or_create(
            department_id=self.unit.department_id,
            unit_id=self.unit.pk,
            name=name,
            defaults={
                "code": text(table.project_code, 21),
                "category": [text(o, 60) for o in table.attributes.category],
                "attribute": [text(o, 60) for o in table.attributes.attribute],
                "type": [text(o, 60) for o in table.attributes.type],
            },
        )
        return project

    def _refuse_second(
        self, table: ParsedTable, project: Project, year: int, *, evaluation: bool
    ) -> None:
        papers = TargetTable.unscoped.filter(
            project=project, fiscal_year=year, from_evaluation=evaluation
        )
        if papers.exists():
            paper = "自评表" if evaluation else "绩效目标表"
            raise Conflict(
                f"{table.at}：项目“{project.name}”{year} 年度的{paper}已经导入过，"
                "本文件没有导入；如是更正，请先在原表上办理调整"
            )

    def _funds(self, project: Project, year: int, funds: tuple[Fund, ...]) -> None:
        for fund in funds:
            given = {
                name: amount
                for name, amount in (
                    ("initial", fund.initial),
                    ("adjusted", fund.adjusted),
                    ("executed", fund.executed),
                )
                if amount is not None
            }
            Funding.unscoped.update_or_create(
                project=project,
                fiscal_year=year,
                source=fund.source.value,
                stage=fund.stage.value,
                defaults={**given, **self._owner()},
            )

    def _contacts(self, project: Project, year: int, table: ParsedTable) -> None:
        for contact in table.contacts:
            ContactPerson.unscoped.update_or_create(
                project=project,
                fiscal_year=year,
                paper=table.kind.value,
                role=text(contact.role, 20),
                defaults={
                    "name": text(contact.name, 60),
                    "phone": text(contact.phone, 40),
                    **self._owner(),
                },
            )

    def _evaluation(
        self,
        table: ParsedTable,
        project: Project,
        target: TargetTable,
        indicators: list[Indicator],
        year: int,
    ) -> Evaluation:
        region = self.unit.department.region
        rules = load(self.ruleset or ruleset_for(region.code, year))
        evaluation = Evaluation.unscoped.create(
            project=project,
            fiscal_year=year,
            table=target,
            ruleset=rules.id,
            ruleset_digest=rules.digest,
            document=self.row,
            at=table.at[:40],
            total_claimed=table.total_claimed,
            deviation_reason=text(table.deviation_reason),
            improvement=text(table.improvement),
            **execution_columns(table.execution),
            **self._owner(),
        )
        Actual.unscoped.bulk_create(
            Actual(
                evaluation=evaluation,
                indicator=row,
                **actual_columns(indicator),
                **self._owner(),
            )
            for row, indicator in zip(indicators, table.indicators, strict=True)
        )
        publish_import(self.actor, evaluation, self.roles)
        return evaluation

    def _expenditure(self, lines: tuple[ExpenditureLine, ...]) -> None:
        ExpenditureByFunction.unscoped.filter(
            unit_id=self.unit.pk,
            fiscal_year=self.year,
            table_title__in={text(line.table, 120) for line in lines},
        ).delete()
        ExpenditureByFunction.unscoped.bulk_create(
            ExpenditureByFunction(
                fiscal_year=self.year,
                stage=_stage(line),
                table_title=text(line.table, 120),
                seq=seq,
                code=line.code,
                name=text(line.name, 120),
                total=line.total,
                basic=line.basic,
                project=line.project,
                **self._owner(),
            )
            for seq, line in enumerate(lines, start=1)
        )


def _stage(line: ExpenditureLine) -> str:
    final = "决算" in line.table
    return ExpenditureStage.FINAL_ACCOUNTS if final else ExpenditureStage.BUDGET


def _storable(problem: Problem) -> Problem:
    return replace(problem, raw=text(problem.raw), message=text(problem.message))


def _twice(table: ParsedTable) -> Problem:
    return Problem(
        code="table_twice",
        at=table.at,
        field="project",
        message=f"项目“{table.project}”在文件里有两张同类的表，只导入了第一张",
    )
