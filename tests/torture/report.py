"""What a harness says at the end: one JSON object with denominators, kept as evidence."""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from pathlib import Path
from typing import Any

UNTIL = "TORTURE_UNTIL"
"""When the time given to a run is used up, in seconds of the clock; without it there is no end."""


_limited = True
_cut_short = False


def over() -> bool:
    """Whether the time is used up: a harness then ends what it plays and reports how far it got."""
    global _cut_short
    if _limited and time.time() > float(os.environ.get(UNTIL, "inf")):
        _cut_short = True
        return True
    return False


def controls_follow() -> None:
    """What is played from here on shows that the harness sees: it is played whole."""
    global _limited
    _limited = False


def options(what: str, **numbers: int) -> argparse.Namespace:
    """Seed, report file and the harness's own numbers from the command line."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--report", type=Path, default=None)
    for name, default in numbers.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default)
    found = parser.parse_args()
    if found.seed is None:
        found.seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {found.seed}", flush=True)
    return found


class Report:
    """Counts as they come, written at the end."""

    def __init__(self, harness: str, given: argparse.Namespace) -> None:
        asked = {key: value for key, value in vars(given).items() if isinstance(value, int)}
        self.facts: dict[str, Any] = {"harness": harness, "seed": asked.pop("seed"), "asked": asked}
        self.began = time.monotonic()

    def finish(self, path: Path | None, **facts: Any) -> int:
        """Writes the report; 0 when nothing was violated."""
        self.facts.update(facts)
        self.facts["cut_short"] = _cut_short
        self.facts["seconds"] = round(time.monotonic() - self.began, 1)
        text = json.dumps(self.facts, ensure_ascii=False, indent=2, sort_keys=False)
        print(text, flush=True)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        return 1 if self.facts.get("violations") else 0
