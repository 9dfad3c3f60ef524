"""What a harness says at the end: one JSON object with denominators, kept as evidence."""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any


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

    def __init__(self, harness: str, seed: int) -> None:
        self.facts: dict[str, Any] = {"harness": harness, "seed": seed}
        self.began = time.monotonic()

    def finish(self, path: Path | None, **facts: Any) -> int:
        """Writes the report; 0 when nothing was violated."""
        self.facts.update(facts)
        self.facts["seconds"] = round(time.monotonic() - self.began, 1)
        text = json.dumps(self.facts, ensure_ascii=False, indent=2, sort_keys=False)
        print(text, flush=True)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        return 1 if self.facts.get("violations") else 0
