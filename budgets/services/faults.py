"""What verifying finds: one sentence, and the place it speaks of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not as it was left."""

    kind: str
    """``event``, ``change``, ``checkpoint`` or ``row``."""
    words: str
    chain: int | None = None
    seq: int | None = None

    def __str__(self) -> str:
        if self.chain is None:
            return self.words
        return f"链 {self.chain} 第 {self.seq} 条：{self.words}"
