"""Imports go down the layers of docs/architecture.md and never up; checked on the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "budgets", "performance")

# Top to bottom. Within a tuple of one layer, an earlier entry may import a later one (a > b);
# entries in the same inner set stand side by side and may not import each other.
LAYERS: tuple[tuple[frozenset[str], ...], ...] = (
    (frozenset({"config"}),),
    (
        frozenset(
            {"performance.web", "performance.api", "performance.admin", "performance.management"}
        ),
        frozenset({"budgets.web", "budgets.api", "budgets.admin", "budgets.management"}),
    ),
    (frozenset({"performance.tasks"}),),
    (frozenset({"performance.services"}), frozenset({"performance.sandbox"})),
    (
        frozenset({"performance.selectors"}),
        frozenset({"performance.mapping"}),
        frozenset({"performance.access"}),
    ),
    (frozenset({"performance.models", "performance.migrations", "performance.apps"}),),
    (frozenset({"budgets.services"}),),
    (
        frozenset({"budgets.selectors"}),
        frozenset({"budgets.access"}),
        frozenset({"budgets.jobs", "budgets.audit"}),
        frozenset({"budgets.keys"}),
    ),
    (
        frozenset({"budgets.models", "budgets.migrations", "budgets.apps"}),
        frozenset({"budgets.sqlfiles"}),
    ),
    (
        frozenset({"performance.appraisal", "performance.library"}),
        frozenset({"performance.examination"}),
        frozenset({"performance.reports"}),
        frozenset({"performance.lab"}),
        frozenset({"performance.rulebook"}),
        frozenset({"performance.documents"}),
    ),
    (frozenset({"performance.scoring"}), frozenset({"performance.tables"})),
    (
        frozenset({"performance.values", "performance.workflow"}),
        frozenset({"budgets.money", "budgets.text", "budgets.canonical", "budgets.digests"}),
        frozenset({"budgets.errors", "budgets.requests"}),
    ),
)
PLAIN_FROM = 9
"""From this layer on: plain Python."""
FORBIDDEN_BELOW = {
    "django", "rest_framework", "celery", "psycopg", "drf_spectacular", "csp", "environ", "config", "os", "socket",
    "subprocess", "time", "random",
}  # fmt: skip
CLOCKS = re.compile(
    r"\b(?:datetime\.now|datetime\.utcnow|datetime\.today|date\.today|time\.time)\b"
)
DOORS = ("web", "api", "admin", "management", "tasks")
EMPTY = ("budgets/__init__.py", "performance/__init__.py")
_RANKS = {
    name: (layer, step)
    for layer, steps in enumerate(LAYERS)
    for step, names in enumerate(steps)
    for name in names
}


def module_of(path: Path, root: Path) -> str:
    """Dotted name of a file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def place_of(module: str) -> str | None:
    """The entry of the layers a module belongs to."""
    parts = module.split(".")
    if parts[0] == "config":
        return "config"
    name = ".".join(parts[:2])
    return name if name in _RANKS else None


def imports_of(tree: ast.AST, module: str) -> Iterator[tuple[str, int]]:
    """All imported modules with their lines: inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], base]).rstrip(".")
            yield base, node.lineno
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno


def violations(root: Path) -> list[str]:
    """Everything in a tree that breaks the layers."""
    found: list[str] = []
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            found.extend(_check(path, root))
    return found


def _check(path: Path, root: Path) -> Iterator[str]:
    module = module_of(path, root)
    where = path.relative_to(root).as_posix()
    source = path.read_text(encoding="utf-8")
    if module in APPS:
        if where in EMPTY and source.strip():
            yield f"{where}: must stay empty"
        return
    place = place_of(module)
    if place is None:
        yield f"{where}: has no layer"
        return
    tree = ast.parse(source)
    rank = _RANKS[place]
    plain = rank[0] >= PLAIN_FROM
    if plain and CLOCKS.search(source):
        yield f"{where}: asks what time it is"
    if any(part in DOORS for part in module.split(".")[1:2]):
        for number, line in enumerate(source.splitlines(), start=1):
            if re.search(r"\.(?:objects|unscoped)\b", line):
                yield f"{where}:{number}: a door holds no query"
    if "mark_safe" in source:
        yield f"{where}: mark_safe"
    for imported, line in imports_of(tree, module):
        yield from _import(imported, line, place=place, rank=rank, plain=plain, where=where)


def _import(
    imported: str, line: int, *, place: str, rank: tuple[int, int], plain: bool, where: str
) -> Iterator[str]:
    top = imported.split(".")[0]
    if plain and top in FORBIDDEN_BELOW:
        yield f"{where}:{line}: plain code imports {imported}"
    if top not in APPS or imported in APPS:
        return
    if place.startswith("budgets") and top == "performance":
        yield f"{where}:{line}: budgets imports {imported}"
        return
    if place != "config" and top == "config":
        yield f"{where}:{line}: imports {imported}"
        return
    target = place_of(imported)
    if target is None or target == place:
        return
    if _RANKS[target] <= rank:
        yield f"{where}:{line}: {place} imports {imported} up or sideways"


def test_the_code_keeps_its_layers() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("performance/models/x.py", "from performance.services import imports"),
        ("performance/scoring/x.py", "def f():\n    import django.db"),
        ("performance/values/x.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from performance import tables"),
        ("performance/scoring/x.py", "from datetime import date\nd = date.today()"),
        ("budgets/models/x.py", "import performance.models"),
        ("performance/web/x.py", "from performance.api import views"),
        ("performance/web/views2.py", "def f(m): return m.objects.all()"),
        ("performance/api/x.py", "def f(m): return m.unscoped.all()"),
        ("performance/helpers.py", ""),
        ("performance/services/x.py", "import config.settings"),
        ("performance/web/x.py", "from django.utils.safestring import mark_safe"),
        ("performance/documents/x.py", "from ..rulebook import load"),
        ("performance/__init__.py", "x = 1"),
    ],
)  # fmt: skip
def test_a_planted_violation_is_found(tmp_path: Path, where: str, source: str) -> None:
    path = tmp_path / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    assert violations(tmp_path)


def test_a_clean_tree_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "performance" / "services" / "x.py"
    path.parent.mkdir(parents=True)
    path.write_text("from performance.models import Document\nfrom budgets import audit\n")
    assert violations(tmp_path) == []
