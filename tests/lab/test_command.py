"""``rule_lab --document``: a process that needs no database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.samples.build import HERE

ROOT = Path(__file__).resolve().parents[2]
HUBEI = HERE / "hubei-final-accounts-2022.txt"


def _run(*args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "rule_lab", *args],
        env={"PATH": os.defpath, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        cwd="/",
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_a_document_is_tried_without_a_database() -> None:
    done = _run("--document", str(HUBEI), "--base=hubei-2020", "--against=mof-2020-10", "--against=mof-2021-101", "--against=capped-by-execution")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert "基准 hubei-2020，自评表 4 张" in text
    assert "■ mof-2020-10：等级变化 1 张，平均差 +2.89 分" in text
    assert "■ mof-2021-101：等级变化 1 张，平均差 +0.78 分" in text
    assert "■ capped-by-execution：等级变化 2 张，平均差 -12.72 分" in text
    assert "84.92 良 → 59.00 差，差 -25.92（分值 +0.00，规则 +0.00，封顶 -25.92）" in text


def test_what_cannot_be_tried_is_one_line() -> None:
    done = _run("--document", str(HUBEI), "--base=hubei-2020", "--against=none")
    assert done.returncode == 2
    assert done.stdout == b""
    assert "没有规则集“none”" in done.stderr.decode()
