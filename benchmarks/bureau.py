"""A bureau of any size: two projects' papers, made by the services, multiplied in the database.

Project ``k`` stands in unit ``k // 20`` and that unit in department ``unit // 20``, so that a clerk
and a department have as much before them in a bureau of a thousand projects as in a large one.
Rows are copied with their ids moved by ``k * STRIDE`` (a template has fewer of a kind); guards and triggers are asked for the
template alone. Contents kept at submission (snapshots) are left out: no list reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

STRIDE = 1_000
PLACES = 500_000
"""First id of the copied units and departments; the template's own stand below."""
PER_UNIT, PER_DEPARTMENT = 20, 20
_UNIT = f"({PLACES} + (k - 1) / {PER_UNIT})"
_DEPARTMENT = f"({PLACES} + (k - 1) / {PER_UNIT * PER_DEPARTMENT})"
_SHA = "md5('a' || k) || md5('b' || k)"
_MOVED = frozenset(
    [
        "id",
        "project_id",
        "table_id",
        "evaluation_id",
        "indicator_id",
        "monitoring_id",
        "run_id",
        "outcome_id",
        "review_id",
        "actual_id",
        "document_id",
        "paper_id",
        "adjusts_id",
        "event_id",
    ]
)
_TARGET_STATES = (
    "(ARRAY['department_reviewed','submitted','draft','unit_checked'])[1 + (k / 2) % 4]"
)
_EVALUATION_STATES = (
    "(ARRAY['department_reviewed','department_reviewed','department_reviewed','confirmed',"
    "'confirmed','confirmed','published','submitted','unit_checked','draft'])[1 + k % 10]"
)


@dataclass(frozen=True)
class Copied:
    """One table of the bundle: which rows are its template, and what differs in the copies."""

    table: str
    where: str
    values: dict[str, str] = field(default_factory=dict)
    every: int = 1


def _bundle(road: int) -> tuple[Copied, ...]:
    """What belongs to one project; ``road`` is the template's."""
    table = f"(SELECT id FROM performance_targettable WHERE project_id = {road})"
    evaluation = f"(SELECT id FROM performance_evaluation WHERE project_id = {road})"
    monitoring = f"(SELECT id FROM performance_monitoring WHERE project_id = {road})"
    run = f"(SELECT id FROM performance_scorerun WHERE evaluation_id IN {evaluation})"
    review = f"(SELECT id FROM performance_review WHERE evaluation_id IN {evaluation})"
    actual = f"(SELECT id FROM performance_actual WHERE evaluation_id IN {evaluation})"
    document = f"(SELECT document_id FROM performance_evidence WHERE actual_id IN {actual})"
    paper = (
        f"((paper = 'target_table' AND paper_id IN {table})"
        f" OR (paper = 'evaluation' AND paper_id IN {evaluation})"
        f" OR (paper = 'monitoring' AND paper_id IN {monitoring}))"
    )
    events = f"chain < {PLACES} AND id % 5 = 0"
    of_events = f"(SELECT id FROM budgets_auditevent WHERE {events})"
    notices = "(SELECT min(id) FROM budgets_notice GROUP BY user_id)"
    return (
        Copied(
            "budgets_project",
            f"id = {road}",
            {"name": "'城乡道路养护与农村公路安全生命防护工程专项' || k", "code": "'X' || k"},
        ),
        Copied("budgets_funding", f"project_id = {road}", {"executed": "initial * (k % 101) / 100"}),
        Copied("budgets_contactperson", f"project_id = {road}"),
        Copied("performance_targettable", f"project_id = {road}"),
        Copied("performance_objective", f"table_id IN {table}"),
        Copied("performance_indicator", f"table_id IN {table}"),
        Copied(
            "performance_evaluation",
            f"project_id = {road}",
            {
                "status": _EVALUATION_STATES,
                "executed": "round(budget * (k % 101) / 100, 2)",
                "total_claimed": "60 + k % 41",
            },
        ),
        Copied("performance_actual", f"evaluation_id IN {evaluation}"),
        Copied("performance_monitoring", f"project_id = {road}"),
        Copied("performance_monitoringline", f"monitoring_id IN {monitoring}"),
        Copied("performance_scorerun", f"evaluation_id IN {evaluation}"),
        Copied("performance_scoreline", f"run_id IN {run}"),
        Copied("performance_finding", f"run_id IN {run}"),
        Copied("performance_review", f"evaluation_id IN {evaluation}"),
        Copied("performance_reviewline", f"review_id IN {review}"),
        Copied("performance_examination", paper, {"risk": "(k * 37) % 101"}),
        Copied("performance_step", paper),
        Copied("performance_contributor", paper),
        Copied("performance_document", f"id IN {document}", {"sha256": _SHA}, every=10),
        Copied("performance_importrun", f"document_id IN {document}", every=10),
        Copied("performance_evidence", f"actual_id IN {actual}", every=10),
        Copied("performance_rectificationitem", f"evaluation_id IN {evaluation}", every=10),
        Copied("budgets_notice", f"id IN {notices}", {"once_key": "once_key || k"}),
        Copied("budgets_auditevent", events, {"chain": _DEPARTMENT, "seq": f"k * {STRIDE} + id"}),
        Copied("budgets_auditchange", f"id % 5 = 0 AND event_id IN {of_events}"),
        Copied("budgets_auditseal", f"event_id IN {of_events}"),
    )  # fmt: skip


def _begun(clinic: int) -> tuple[Copied, ...]:
    """A project that has only a target table, on its way to being approved."""
    table = f"(SELECT id FROM performance_targettable WHERE project_id = {clinic})"
    return (
        Copied("budgets_project", f"id = {clinic}", {"name": "'县乡道桥梁检测' || k"}, every=2),
        Copied(
            "performance_targettable",
            f"project_id = {clinic}",
            {"status": _TARGET_STATES},
            every=2,
        ),
        Copied("performance_objective", f"table_id IN {table}", every=2),
        Copied("performance_indicator", f"table_id IN {table}", every=2),
    )


def _columns(admin: Any, table: str) -> list[str]:
    rows = admin.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''",
        [table],
    ).fetchall()
    return [row[0] for row in rows]


def _value(column: str, one: Copied) -> str:
    if column in one.values:
        return one.values[column]
    if column in _MOVED:
        return f"{column} + k::bigint * {STRIDE}"
    if column == "public_id":
        return "gen_random_uuid()"
    return {"unit_id": _UNIT, "department_id": _DEPARTMENT}.get(column, column)


def multiply(admin: Any, first: int, last: int) -> None:
    """Adds the projects ``first`` to ``last``; ``admin`` is the superuser, on autocommit."""
    admin.execute("SET session_replication_role = replica")
    road = admin.execute("SELECT id FROM budgets_project WHERE name = 'road项目'").fetchone()[0]
    clinic = admin.execute("SELECT id FROM budgets_project WHERE name = 'clinic项目'").fetchone()[0]
    for one in (*_bundle(road), *_begun(clinic)):
        names = _columns(admin, one.table)
        chosen = ", ".join(_value(name, one) for name in names)
        template = f"SELECT * FROM {one.table} WHERE {one.where}"
        admin.execute(
            f"INSERT INTO {one.table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE"
            f" SELECT {chosen} FROM ({template}) t, generate_series({first}, {last}) k"
            f" WHERE k % {one.every} = 0"
        )
    # As the triggers would have, which were not asked.
    admin.execute(
        "INSERT INTO performance_tallymark (department_id)"
        " SELECT DISTINCT department_id FROM performance_targettable"
    )
    _places(admin, first, last)
    _library(admin, first, last)
    admin.execute("ANALYZE")


def _places(admin: Any, first: int, last: int) -> None:
    """Units, departments, a clerk for each unit, and the tasks they are asked in."""
    unit = (first - 1) // PER_UNIT, (last - 1) // PER_UNIT
    department = unit[0] // PER_DEPARTMENT, unit[1] // PER_DEPARTMENT
    for sql, (low, high) in (
        (
            "INSERT INTO budgets_department (id, public_id, code, name, region_id, office_id)"
            " OVERRIDING SYSTEM VALUE SELECT {p} + u, gen_random_uuid(), '', '第' || u || '交通运输局',"
            " t.region_id, t.office_id FROM budgets_department t, generate_series({low}, {high}) u"
            " WHERE t.name = '甲局' ON CONFLICT DO NOTHING",
            department,
        ),
        (
            "INSERT INTO budgets_budgetunit (id, public_id, code, name, department_id)"
            " OVERRIDING SYSTEM VALUE SELECT {p} + u, gen_random_uuid(), '', '第' || u || '公路养护中心',"
            " {p} + u / {d} FROM generate_series({low}, {high}) u ON CONFLICT DO NOTHING",
            unit,
        ),
        (
            "INSERT INTO budgets_user (id, password, public_id, username, display_name, is_active,"
            " created_at, email, must_change_password, password_changed_at, person_key, session_epoch) OVERRIDING SYSTEM VALUE"
            " SELECT {p} + u, '!', gen_random_uuid(), 'jingban' || u, '经办' || u, true, now(), '',"
            " false, now(), '', 0 FROM generate_series({low}, {high}) u ON CONFLICT DO NOTHING",
            unit,
        ),
        (
            "INSERT INTO budgets_member (id, role, user_id, department_id, unit_id)"
            " OVERRIDING SYSTEM VALUE SELECT {p} + u, 'clerk', {p} + u, {p} + u / {d}, {p} + u"
            " FROM generate_series({low}, {high}) u ON CONFLICT DO NOTHING",
            unit,
        ),
        (
            "INSERT INTO performance_taskunit (id, department_id, task_id, unit_id,"
            " first_submitted_at) OVERRIDING SYSTEM VALUE"
            " SELECT ({p} + u) * 1000 + t.id, {p} + u / {d}, t.id, {p} + u,"
            " CASE WHEN u % 3 > 0 THEN now() END"
            " FROM performance_task t, generate_series({low}, {high}) u ON CONFLICT DO NOTHING",
            unit,
        ),
    ):
        admin.execute(sql.format(p=PLACES, d=PER_DEPARTMENT, low=low, high=high))
    # The department's reviewer and the unit's people of the template now look after the first.
    for role, more in (
        ("clerk", f", unit_id = {PLACES}"),
        ("unit_head", f", unit_id = {PLACES}"),
        ("department_reviewer", ""),
    ):
        admin.execute(
            f"UPDATE budgets_member SET department_id = {PLACES}{more} WHERE id < {PLACES}"
            " AND role = %s AND department_id = (SELECT id FROM budgets_department"
            " WHERE name = '甲局')",
            [role],
        )


def _library(admin: Any, first: int, last: int) -> None:
    admin.execute(
        "INSERT INTO performance_libraryentry (id, level1, level2, name, normal, aliases,"
        " comparator, measure_unit, target, range_texts, uses, judged, reached, departments,"
        " fields, regions, first_year, last_year, examples, gathered_at) OVERRIDING SYSTEM VALUE"
        " SELECT k, '产出指标', '数量指标', '养护农村公路里程' || k, '养护农村公路里程' || k, '{}',"
        " 'ge', '公里', '≥' || k || '公里', '{}', k % 90, 0, 0, 1, '{}', '{}', 2024, 2024, '[]', now()"
        f" FROM generate_series({first}, {last}) k WHERE k % 5 = 0"
    )
