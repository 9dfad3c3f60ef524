"""A long run is started by hand, before Django is set up: every harness must open that way."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT
from tests.torture.__main__ import HARNESSES


def test_every_harness_opens_without_django() -> None:
    names = ", ".join(f"tests.torture.{name}" for name, _ in HARNESSES)
    bare = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    done = subprocess.run(
        [sys.executable, "-c", f"import {names}"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-1000:]
