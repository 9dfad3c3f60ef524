"""Runs the harnesses one after another and keeps their reports: ``python -m tests.torture``.

``SCALE=release`` multiplies the figures and goes on while the time lasts (``HOURS``): each harness
has its share of it, ends what it plays when that is used up, and reports how far it got. Each is a process of its own, so that none can spoil another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.torture.report import UNTIL

ROOT = Path(__file__).resolve().parent.parent.parent
EVIDENCE = ROOT / "docs" / "evidence"
HARNESSES: tuple[tuple[str, dict[str, int]], ...] = (
    ("machine", {"steps": 10_000}),
    ("selfreview", {"tries": 500}),
    ("worlds", {"pairs": 2_000}),
    ("races", {"pairs": 100}),
    ("keys", {"keys": 300}),
    ("faults", {"kills": 40, "writes": 1_000}),
    ("tampering", {"edits": 500}),
    ("lockout", {"rounds": 5}),
    ("load", {"minutes": 5}),
)
"""Name and figures; release multiplies the figures by ten."""


def main() -> int:
    """Exit code 1 when a harness found a violation or did not end."""
    scale = os.environ.get("SCALE", "ci")
    if scale not in {"ci", "release"}:
        print(f"SCALE 应为 ci 或 release，写的是 {scale}", file=sys.stderr)
        return 2
    hours = float(os.environ.get("HOURS", "4" if scale == "release" else "2"))
    deadline = time.monotonic() + hours * 3600
    chosen = sys.argv[1:] or [name for name, _ in HARNESSES]
    seed = os.environ.get("SEED")
    folder = EVIDENCE if scale == "ci" else EVIDENCE / "release"
    outcome: dict[str, str] = {}
    left = [(name, figures) for name, figures in HARNESSES if name in chosen]
    while left:
        name, figures = left.pop(0)
        share = (deadline - time.monotonic()) / (len(left) + 1)
        if share <= 0:
            outcome[name] = "没有开始：时间用完"
            continue
        factor = 10 if scale == "release" else 1
        words = [f"--{key.replace('_', '-')}={value * factor}" for key, value in figures.items()]
        words += [f"--seed={seed}"] if seed else []
        outcome[name] = _run(name, words, folder / f"{name}.json", share)
    for name, words in outcome.items():
        print(f"{name:12} {words}", flush=True)
    return 0 if all(words.startswith("成立") for words in outcome.values()) else 1


_CONTROLS = 1800
"""Seconds that a harness may take for its controls after its time is used up."""


def _run(name: str, words: list[str], report: Path, share: float) -> str:
    command = [sys.executable, "-m", f"tests.torture.{name}", *words, f"--report={report}"]
    print("──", " ".join(command[1:]), flush=True)
    began = time.monotonic()
    report.unlink(missing_ok=True)
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            check=False,
            timeout=share + _CONTROLS,
            env={**os.environ, UNTIL: str(time.time() + share)},
        )
    except subprocess.TimeoutExpired:
        return "没有结束：时间用完"
    seconds = time.monotonic() - began
    if not report.exists():
        return f"没有报告（退出码 {done.returncode}）"
    found = json.loads(report.read_text(encoding="utf-8"))
    violated = len(found.get("violations", ()))
    verdict = "成立" if not done.returncode and not violated else f"违反 {violated} 处"
    reached = "，时间用完，没有走完" if found.get("cut_short") else ""
    return f"{verdict}{reached}，{seconds:.0f} 秒，seed {found.get('seed')}"


if __name__ == "__main__":
    sys.exit(main())
