"""Columns of all tables, as the catalogue of the database names them."""

from __future__ import annotations

from django.db import connection

from performance.services.invariants.shapes import Result, rows

_PAIRS = """
SELECT c.relname, a.attname, p.relname, pa.attname
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = k.confkey[1]
WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1 AND c.relnamespace = 'public'::regnamespace
  AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attname = 'department_id' AND NOT x.attisdropped)
  AND EXISTS (SELECT 1 FROM pg_attribute x WHERE x.attrelid = p.oid AND x.attname = 'department_id' AND NOT x.attisdropped)
ORDER BY 1, 2"""
_WITHOUT_KEY = (
    ("performance_scoreline", "run_id", "performance_scorerun", "id"),
    ("performance_finding", "run_id", "performance_scorerun", "id"),
)
"""What points without a foreign key: partitions have none."""
_BY_KIND = (
    ("target_table", "performance_targettable"),
    ("evaluation", "performance_evaluation"),
    ("monitoring", "performance_monitoring"),
)


def departments_agree() -> Result:
    """I8: whatever points to a row of a department belongs to the same department."""
    result = Result("I8", "下级行与上级行属于同一部门")
    pairs = [(*pair, "true") for pair in (*rows(_PAIRS), *_WITHOUT_KEY)]
    for child in ("performance_step", "performance_snapshot"):
        pairs += [
            (child, "paper_id", table, "id", f"c.paper = '{kind}'") for kind, table in _BY_KIND
        ]
    quote = connection.ops.quote_name
    for child, column, parent, key, condition in pairs:
        # Names of the catalogue and constants above; a department that is not said says nothing.
        sql = (
            f"SELECT count(*), count(*) FILTER (WHERE p.{quote(key)} IS NULL OR c.department_id <> p.department_id)"
            f" FROM {quote(child)} c LEFT JOIN {quote(parent)} p ON p.{quote(key)} = c.{quote(column)}"
            f" WHERE c.{quote(column)} IS NOT NULL AND {condition}"
        )
        (counted,) = rows(sql)
        result.checked += counted[0]
        if counted[1]:
            result.add(
                f"{child}.{column} 有 {counted[1]} 行指向别的部门的 {parent}，或指向的行不存在"
            )
    return result


_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND (c.relname LIKE 'budgets\\_%%' OR c.relname LIKE 'performance\\_%%')
  AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, a.attnum"""
_CLASS = r"[\u0001-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFE\uFFFF]"
"""What ``budgets.text`` refuses at the doors, as PostgreSQL writes it."""
_TESTS = {
    "text": "{0} ~ %s",
    "character varying": "{0} ~ %s",
    "text[]": "array_to_string({0}, ' ') ~ %s",
    "character varying[]": "array_to_string({0}, ' ') ~ %s",
    "jsonb": "jsonb_path_exists({0}, %s::jsonpath)",
    "numeric": "{0} IN ('NaN', 'Infinity', '-Infinity')",
    "double precision": "{0} IN ('NaN', 'Infinity', '-Infinity')",
    "real": "{0} IN ('NaN', 'Infinity', '-Infinity')",
}


def texts_and_numbers_sound() -> Result:
    """I12: no control or direction characters in texts, no NaN and no infinity in figures."""
    result = Result("I12", "文字没有控制字符，数没有 NaN 和无穷")
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows(_COLUMNS):
        if kind in _TESTS:
            tables.setdefault(table, []).append((column, kind))
    quote = connection.ops.quote_name
    for table, columns in tables.items():
        tests, parameters = [], []
        for column, kind in columns:
            tests.append(f"count(*) FILTER (WHERE {_TESTS[kind].format(quote(column))})")
            if kind == "jsonb":
                parameters.append(
                    f'strict $.** ? (@.type() == "string" && @ like_regex "{_CLASS}")'
                )
            elif "%s" in _TESTS[kind]:
                parameters.append(_CLASS)
        counted, *found = rows(
            f"SELECT count(*), {', '.join(tests)} FROM {quote(table)}",
            parameters,
        )[0]
        result.checked += counted * len(columns)
        for (column, _), number in zip(columns, found, strict=True):
            if number:
                result.add(f"{table}.{column} 有 {number} 行不能这样存")
    return result
