"""The ground of all tests: their own PostgreSQL, the roles, and what is left out and counted."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
SEEDS = Path(os.environ.get("JIHENG_SEEDS", ROOT.parent / "shared" / "data"))
CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)

hypothesis_settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("steady")

FOLDERS = {ROOT / "tests/browser": "browser", ROOT / "tests/torture": "harness"}
"""Folders all of whose tests have a step of their own."""
_left_out: dict[str, int] = {}


def _missing() -> dict[str, bool]:
    """Marks whose tool is not there."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        playwright_there = False
    else:
        playwright_there = True
    return {
        "seeds": not (SEEDS / "seeds").is_dir(),
        "browser": not (playwright_there and CHROMIUM),
        "tools": not (shutil.which("git") and shutil.which("redis-server")),
    }


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks whole folders; leaves out the marked tests whose tool is missing, and counts them."""
    for item in items:
        for folder in FOLDERS.keys() & set(item.path.parents):
            item.add_marker(FOLDERS[folder])
    missing = {mark for mark, gone in _missing().items() if gone}
    kept, dropped = [], []
    for item in items:
        marks = missing & {mark.name for mark in item.iter_markers()}
        if marks:
            dropped.append(item)
            for mark in marks:
                _left_out[mark] = _left_out.get(mark, 0) + 1
        else:
            kept.append(item)
    if dropped:
        items[:] = kept
        config.hook.pytest_deselected(items=dropped)


def pytest_testnodedown(node: Any, error: object) -> None:
    """Takes the counts of a worker process."""
    for mark, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        _left_out[mark] = max(count, _left_out.get(mark, 0))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything must run, leaving out is a failure."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(_left_out)
    elif _left_out and os.environ.get("JIHENG_REQUIRE_ALL") == "1":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """Says last what was left out for want of a tool."""
    if _left_out and not hasattr(config, "workeroutput"):
        counts = "，".join(f"{mark} {count}" for mark, count in sorted(_left_out.items()))
        print(f"未运行（缺少工具）：{counts}")


@pytest.fixture(scope="session")
def seeds_dir() -> Path:
    """Folder of the published documents, with ``seeds`` and ``golden`` in it."""
    return SEEDS


# ── database ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A PostgreSQL of the tests' own: started for them, thrown away after them."""
    from config.postgres import throwaway

    folder = Path(tempfile.mkdtemp(prefix="jh-"))
    folder.chmod(0o711)
    server = throwaway(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(cluster: Any, django_db_blocker: Any) -> Iterator[str]:
    """A database migrated by its owner; the tests themselves work as the application."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    name = "jiheng_test"
    cluster.provide_database(name)
    with django_db_blocker.unblock():
        _point(settings, connections, cluster, name, "perf_owner")
        call_command("migrate", verbosity=0)
        _point(settings, connections, cluster, name, "perf_app")
        yield name
        connections["default"].close()


def _point(settings: Any, connections: Any, cluster: Any, name: str, role: str) -> None:
    """Points the default connection at a database under a role."""
    connections["default"].close()
    connection = connections["default"]
    for target in (settings.DATABASES["default"], connection.settings_dict):
        target.update(
            NAME=name,
            USER=role,
            HOST=str(cluster.places.sockets),
            PORT=str(cluster.places.port),
            PASSWORD="",
        )


@pytest.fixture(scope="session")
def django_db_setup(migrated: str) -> None:
    """pytest-django's own database is not used: no test runs as a superuser."""


@pytest.fixture
def committed(cluster: Any, migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that really commits: cloned, and dropped afterwards."""
    import psycopg
    from django.conf import settings
    from django.db import connections

    name = f"jiheng_{os.urandom(4).hex()}"
    connections["default"].close()
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}" OWNER perf_owner')
        with django_db_blocker.unblock():
            _point(settings, connections, cluster, name, "perf_app")
            yield name
            _point(settings, connections, cluster, migrated, "perf_app")
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def _scenes(
    cluster: Any, migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Callable[[], Any]], tuple[str, Path, Any]]]:
    """Worlds that take long to build: each once per process, committed in a database of its own."""
    import psycopg
    from django.conf import settings
    from django.db import connections

    built: dict[Callable[[], Any], tuple[str, Path, Any]] = {}

    def of(builder: Callable[[], Any]) -> tuple[str, Path, Any]:
        if builder not in built:
            from budgets.access import seen_by_system

            name, media = f"jiheng_{os.urandom(4).hex()}", tmp_path_factory.mktemp("scene")
            connections["default"].close()
            with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}" OWNER perf_owner')
            before = settings.MEDIA_ROOT
            with django_db_blocker.unblock():
                _point(settings, connections, cluster, name, "perf_app")
                settings.MEDIA_ROOT = media
                try:
                    with seen_by_system():
                        built[builder] = name, media, builder()
                finally:
                    settings.MEDIA_ROOT = before
                    _point(settings, connections, cluster, migrated, "perf_app")
        return built[builder]

    yield of
    with psycopg.connect(cluster.address("postgres", "postgres"), autocommit=True) as admin:
        for name, _, _ in built.values():
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    _scenes: Any,
    cluster: Any,
    migrated: str,
    django_db_blocker: Any,
    settings: Any,
    tmp_path: Path,
) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Enters a world that was built before: a copy of what its builder handed out, its files too.

    What the test does to it stands in the test's own transaction, as with ``db``, and is undone.
    """
    from django.conf import settings as whole
    from django.db import connections

    assert "db" not in request.fixturenames, "a scene brings its own database"

    def enter(builder: Callable[[], Any]) -> Any:
        from budgets.access import told

        name, media, kept = _scenes(builder)
        settings.MEDIA_ROOT = shutil.copytree(media, tmp_path / "media", dirs_exist_ok=True)
        with django_db_blocker.unblock():
            _point(whole, connections, cluster, name, "perf_app")
        request.getfixturevalue("db")
        told(0)
        return copy.deepcopy(kept)

    yield enter
    with django_db_blocker.unblock():
        _point(whole, connections, cluster, migrated, "perf_app")


@pytest.fixture(scope="session", autouse=True)
def _keys_aside(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tests' own key file, never that of the clone."""
    from django.conf import settings

    settings.KEY_FILE = str(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(autouse=True)
def _as_the_service(request: pytest.FixtureRequest) -> None:
    """A test's own queries are the service's: rows of all departments. Requests set their account."""
    if "db" in request.fixturenames or "world" in request.fixturenames:
        request.getfixturevalue("db")
        from budgets.access import told

        told(0)


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Any:
    """The small known world, with uploads kept aside."""
    from tests.worlds import build

    settings.MEDIA_ROOT = tmp_path / "media"
    return build()
