"""The JSON of a proofread draft: the contract of the command and, later, of the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from performance.examination.prose.facts import Fact
from performance.examination.prose.proof import Proofed, Status
from performance.reports.json import Json, as_written


def proofs_json(proofs: Iterable[Proofed]) -> Json:
    """All figures of a draft in order, with how many agree, disagree and were not found."""
    listed = [*proofs]
    counts = Counter(proofed.status for proofed in listed)
    return {
        "counts": {status.value: counts[status] for status in Status},
        "figures": [_proofed(proofed) for proofed in listed],
    }


def _proofed(proofed: Proofed) -> Json:
    figure = proofed.figure
    return {
        "text": figure.written,
        "start": figure.start,
        "end": figure.end,
        "at": proofed.at,
        "kind": figure.kind.value,
        "role": figure.role.value,
        "value": as_written(figure.value),
        "unit": figure.unit,
        "subject": figure.subject or None,
        "status": proofed.status.value,
        "fact": _fact(proofed.fact) if proofed.fact is not None else None,
        "message": proofed.message,
    }


def _fact(fact: Fact) -> Json:
    return {
        "subject": fact.subject,
        "what": fact.what.value,
        "value": as_written(fact.value),
        "unit": fact.unit,
        "source": fact.source,
        "project": fact.project or None,
        "at": fact.at,
    }
