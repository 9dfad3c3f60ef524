"""The plain half needs no Django: shown in a process where Django cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import sys
for name in ("django", "rest_framework", "psycopg", "celery"):
    sys.modules[name] = None
from decimal import Decimal
from performance.appraisal import appraise
from performance.documents import read
from performance.rulebook import all_rulesets, load
from performance.scoring import score
text = open("tests/samples/hubei-final-accounts-2022.txt", "rb").read()
document = read(text, "sample.txt")
print([str(sheet.total) for sheet in appraise(document, load("hubei-2020")).sheets], len(all_rulesets()))
"""


def test_reading_and_scoring_without_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "['100.00', '91.95', '84.92', '100.00'] 7"
