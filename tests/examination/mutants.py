"""Whether a fault planted in the checks is noticed: ``python -m tests.examination.mutants``.

Every check is taken out in turn, then every function of ``performance/examination`` is changed in
one small place after another: a comparison turned round or moved by its edge, a number nudged, a
condition negated, ``and`` for ``or``. For each the tests of this folder are run until one fails.
What survives is listed by function in ``docs/evidence/mutants.json``; a share of it changes
nothing that can be seen (equivalent mutants), the report does not guess which.

The tests are collected once; each change is tried in a fork of that process, which puts the
changed code into the function. Module-level constants are not changed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import gc
import importlib
import inspect
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "evidence" / "mutants.json"
PACKAGE = ROOT / "performance" / "examination"
TESTS = (
    "test_register.py", "test_checks.py", "test_normal_tables.py", "test_ties.py", "test_prose_checks.py",
    "test_proof.py", "test_prose_reports.py", "test_data.py", "test_appraisal.py", "test_prose_reader.py",
    "test_prose_documents.py",
)  # fmt: skip
"""The tests that are run, in this order; those drawn at random and the seeds are left out."""
_EDGES = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_TURNED = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_FIRST = 60
_SLOWEST = 120
"""Seconds after which a mutant counts as noticed: the tests hang."""


@dataclass(frozen=True)
class Mutant:
    """One change: where, and what was done to which words."""

    module: str
    function: str
    line: int
    what: str
    words: str
    code: CodeType


def _function_of(module: Any, path: tuple[str, ...]) -> FunctionType | None:
    """The function object that a path of names means, without what is wrapped around it."""
    found: Any = module
    for name in path:
        found = inspect.getattr_static(found, name, None)
    found = found.fget if isinstance(found, property) else found
    found = getattr(found, "__func__", found)
    found = inspect.unwrap(found) if found is not None else None
    return found if isinstance(found, FunctionType) else None


def _functions(
    tree: ast.AST, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield (*path, node.name), node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, (*path, node.name))


def _changes(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, str, str]]:
    """The function changed in one place, again and again; it is put back after each."""
    for node in ast.walk(function):
        words = ast.unparse(node)[:100] if isinstance(node, ast.expr) else ""
        if isinstance(node, ast.Compare):
            for i, op in enumerate(node.ops):
                for what, table in (("edge", _EDGES), ("turned", _TURNED)):
                    if type(op) in table:
                        node.ops[i] = table[type(op)]()
                        yield node, what, words
                        node.ops[i] = op
        elif isinstance(node, ast.BoolOp):
            old = node.op
            node.op = ast.Or() if isinstance(old, ast.And) else ast.And()
            yield node, "and/or", words
            node.op = old
        elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int)):
            value = node.value
            node.value = not value if isinstance(value, bool) else value + 1
            yield node, "constant", words
            node.value = value
        for test in _tests(node):
            holder, name, index = test
            old_test = getattr(holder, name)
            one = old_test[index] if index is not None else old_test
            if isinstance(one, ast.Compare) and len(one.ops) == 1:
                continue  # turned above
            negated = ast.copy_location(ast.UnaryOp(ast.Not(), one), one)
            if index is None:
                setattr(holder, name, negated)
            else:
                old_test[index] = negated
            yield one, "negated", ast.unparse(one)[:100]
            if index is None:
                setattr(holder, name, one)
            else:
                old_test[index] = one


def _tests(node: ast.AST) -> Iterator[tuple[Any, str, int | None]]:
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield node, "test", None
    elif isinstance(node, ast.comprehension):
        for index in range(len(node.ifs)):
            yield node, "ifs", index


def mutants(module_name: str, path: Path) -> Iterator[Mutant]:
    """All changes to the functions of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = importlib.import_module(module_name)
    for names, function in list(_functions(tree)):
        if _function_of(module, names) is None:
            continue
        for node, what, words in _changes(function):
            code = _code_of(ast.fix_missing_locations(copy.deepcopy(tree)), str(path), names)
            yield Mutant(
                module_name, ".".join(names), getattr(node, "lineno", 0), what, words, code
            )


def _code_of(tree: Any, path: str, names: tuple[str, ...]) -> CodeType:
    code = compile(tree, path, "exec")
    for name in names:
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    return code


def checks() -> dict[str, FunctionType]:
    """Every check by name: those registered, those of documents, and the parts of the last."""
    from performance.examination.checks import BUNDLE_CHECKS, TABLE_CHECKS
    from performance.examination.prose import PROSE_CHECKS
    from performance.examination.ties import DOCUMENT_CHECKS

    found: dict[str, Any] = {
        check.name: check.run or check.run_bundle for check in (*TABLE_CHECKS, *BUNDLE_CHECKS)
    }
    found |= {one.__name__: one for one in (*DOCUMENT_CHECKS, *PROSE_CHECKS)}
    for name, _ in _modules():
        if ".prose." in name:
            module = importlib.import_module(name)
            found |= {
                f"prose {key}": value
                for key, value in vars(module).items()
                if key.startswith("check_") and getattr(value, "__module__", "") == name
            }
    return found


def _silent(*_: Any, **__: Any) -> Iterator[Any]:
    yield from ()


def _modules() -> list[tuple[str, Path]]:
    return [
        (".".join(path.relative_to(ROOT).with_suffix("").parts), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "__init__.py"
    ]


class Trial:
    """A plugin that collects the tests once and then tries one change after another."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.report: dict[str, Any] = {}
        self.killers: list[pytest.Item] = []
        """Tests that noticed something lately, the last first: neighbours fall to the same ones."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of the tests: the tests again and again."""
        items = sorted(session.items, key=lambda item: TESTS.index(item.path.name))
        began = time.monotonic()
        if self._tried(items, lambda: None):
            raise pytest.UsageError("the tests fail without any change")
        base = time.monotonic() - began
        gc.collect()
        gc.freeze()
        self.report = {
            "tests": len(items),
            "seconds_of_one_run": round(base, 1),
            "each_nth_mutant": self.given.every,
            "checks": {} if self.given.only else self._deleted(items),
        }
        self._mutated(items)
        return True

    def write(self) -> None:
        """Writes what is known so far."""
        self.given.report.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.report, ensure_ascii=False, indent=1, sort_keys=True)
        self.given.report.write_text(text + "\n", encoding="utf-8")

    def _deleted(self, items: list[pytest.Item]) -> dict[str, Any]:
        missed = []
        found = checks()
        for name, function in found.items():
            if not self._tried(items, lambda f=function: setattr(f, "__code__", _silent.__code__)):  # type: ignore[misc]
                missed.append(name)
                print("check not missed:", name, file=sys.__stderr__, flush=True)
        return {"deleted": len(found), "noticed": len(found) - len(missed), "unnoticed": missed}

    def _mutated(self, items: list[pytest.Item]) -> None:
        modules: dict[str, dict[str, int]] = {}
        left: dict[str, list[str]] = {}
        for module_name, path in _modules():
            if not any(part in module_name for part in self.given.only or [module_name]):
                continue
            module = importlib.import_module(module_name)
            found = list(mutants(module_name, path))
            chosen = found[self.given.every - 1 :: self.given.every]
            counts = modules[module_name] = {"all": len(found), "tried": 0, "survived": 0}
            for mutant in chosen:
                function = _function_of(module, tuple(mutant.function.split(".")))
                assert function is not None
                counts["tried"] += 1
                if not self._tried(
                    items,
                    lambda f=function, c=mutant.code: setattr(f, "__code__", c),  # type: ignore[misc]
                ):
                    counts["survived"] += 1
                    where = f"{module_name}.{mutant.function}"
                    said = f"{mutant.line} {mutant.what}: {mutant.words}"
                    left.setdefault(where, []).append(said)
                    print("survived:", where, said, file=sys.__stderr__, flush=True)
            self.report["mutants"] = {
                name: sum(one[name] for one in modules.values())
                for name in ("all", "tried", "survived")
            }
            self.report |= {"modules": modules, "survivors": left}
            self.write()

    def _tried(self, items: list[pytest.Item], change: Any) -> bool:
        """Whether a test fails, or hangs, after the change."""
        first = self.killers[:_FIRST]
        order = [*first, *(item for item in items if item not in first)]
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os._exit(self._child(order, change, writing))
        os.close(writing)
        deadline = time.monotonic() + _SLOWEST
        try:
            while time.monotonic() < deadline:
                done, status = os.waitpid(child, os.WNOHANG)
                if done:
                    if told := os.read(reading, 20):
                        self._remember(order[int(told)])
                    return os.waitstatus_to_exitcode(status) != 0
                time.sleep(0.002)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return True
        finally:
            os.close(reading)

    def _remember(self, item: pytest.Item) -> None:
        self.killers = [item, *(one for one in self.killers if one is not item)][:_FIRST]

    def _child(self, items: list[pytest.Item], change: Any, writing: int) -> int:
        with contextlib.suppress(BaseException):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            change()
            for number, item in enumerate(items):
                following = items[number + 1] if number + 1 < len(items) else None
                reports = runtestprotocol(item, nextitem=following, log=False)
                if any(report.failed for report in reports):
                    os.write(writing, str(number).encode())
                    return 1
            return 0
        return 1


def main() -> int:
    """Runs everything and writes the report; 1 when a check can be taken out unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="part of a module's name; no deletions")
    parser.add_argument("--every", type=int, default=1, help="try each n-th mutant only")
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    trial = Trial(given)
    here = Path(__file__).parent
    files = [str(here / name) for name in TESTS if (here / name).exists()]
    code = pytest.main(["-q", "-p", "no:cacheprovider", *files], plugins=[trial])
    if not trial.report:
        return int(code) or 1
    print({name: trial.report[name] for name in ("checks", "mutants")})
    return 1 if trial.report["checks"].get("unnoticed") else 0


if __name__ == "__main__":
    raise SystemExit(main())
