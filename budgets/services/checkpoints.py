"""Checkpoints outside the database: where every chain of the trail stood, signed.

A trail that was cut or computed anew no longer passes through the heads that were written down
elsewhere. Files are never overwritten; each names the one before it; making one is an event of the
trail, so that trail and files vouch for each other.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection

from budgets import audit, keys
from budgets.access import seen_by_system
from budgets.canonical import canonical
from budgets.digests import FIRST, sm3
from budgets.services.digests import second_digest
from budgets.services.faults import Fault

OFFICE_CHAIN = 0
"""Chain of what concerns no department alone."""
_NAME = re.compile(r"checkpoint-(\d{8})\.json")
_HEADS = """
SELECT DISTINCT ON (e.chain) e.chain, e.seq, s.digest, sum(s.changes) OVER (PARTITION BY e.chain)
FROM budgets_auditevent e JOIN budgets_auditseal s ON s.event_id = e.id ORDER BY e.chain, e.seq DESC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A checkpoint that was just made."""

    number: int
    path: Path
    digest: str
    chains: int


# ── making ──────────────────────────────────────────────────────────────────────────────────────


def make_checkpoint() -> Made:
    """Writes down where every chain stands, signs it and keeps it in the checkpoint folders.

    Run by the service itself. Raises KeyTrouble without a key, OSError when a folder takes no file.
    """
    with seen_by_system():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '120s'")
            cursor.execute(_HEADS)
            chains = [
                {"chain": chain, "seq": seq, "head": head, "changes": int(changes)}
                for chain, seq, head, changes in cursor.fetchall()
            ]
        made = _kept(chains)
        audit.record(
            actor=None,
            verb="make_checkpoint",
            object_type="checkpoint",
            object_id=made.number,
            department_id=OFFICE_CHAIN,
            detail={"number": made.number, "digest": made.digest, "chains": made.chains},
        )
    return made


def folders() -> list[Path]:
    """Where checkpoints are kept: the folder, and the second one where it is set."""
    named = [settings.CHECKPOINT_DIR, settings.CHECKPOINT_COPY_DIR]
    return [Path(name) for name in named if name]


def _kept(chains: list[dict[str, Any]]) -> Made:
    while True:
        files = {
            number: path
            for folder in reversed(folders())
            for number, path in _files(folder).items()
        }
        last = max(files, default=0)
        previous = hashlib.sha256(files[last].read_bytes()).hexdigest() if last else FIRST
        data = _signed(last + 1, previous, chains)
        name = f"checkpoint-{last + 1:08d}.json"
        try:
            paths = [_linked(folder, name, data) for folder in folders()]
        except FileExistsError:
            continue  # another was quicker; the next number is free
        digest = hashlib.sha256(data).hexdigest()
        return Made(number=last + 1, path=paths[0], digest=digest, chains=len(chains))


def _signed(number: int, previous: str, chains: list[dict[str, Any]]) -> bytes:
    body = {
        "number": number,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "previous": previous,
        "chains": chains,
    }
    data = canonical(body).encode("ascii")
    key, signature = keys.sign(data)
    whole = {"checkpoint": body, "key": key, "signature": signature}
    if second := second_digest(data):
        whole["sm3"] = second
    return canonical(whole).encode("ascii") + b"\n"


def _files(folder: Path) -> dict[int, Path]:
    if not folder.is_dir():
        return {}
    found = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return {int(match.group(1)): path for match, path in found if match}


def _linked(folder: Path, name: str, data: bytes) -> Path:
    """Whole or not at all, and never over another: raises FileExistsError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}.{secrets.token_hex(6)}"
    try:
        with fresh.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, folder / name)
    finally:
        fresh.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return folder / name


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one checkpoint says of one chain."""

    number: int
    head: str
    changes: int


@dataclass(slots=True)
class Shelf:
    """All checkpoints of the folders, read and held against each other."""

    heads: dict[tuple[int, int], list[Claim]] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: list[Path] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.digests)

    def missing(self, noted: Iterable[str]) -> Iterator[Fault]:
        """Checkpoints that the trail tells of and that are not here as they were made."""
        for text in noted:
            try:
                detail = json.loads(text)["detail"]
                number, digest = detail["number"], detail["digest"]
            except (ValueError, KeyError, TypeError):
                continue  # damaged: the event's own digest says so
            here = self._digest_of(number) if isinstance(number, int) else None
            if here is None:
                yield _fault(number, "留痕记有这个检查点，文件不见了")
            elif here != digest:
                yield _fault(number, "不是留痕所记的那个文件：被改写或替换")

    def _digest_of(self, number: int) -> str | None:
        """Of a checkpoint that was read, or was made since: it is there by now."""
        if number in self.digests:
            return self.digests[number]
        later = [files[number] for files in map(_files, self.places) if number in files]
        return hashlib.sha256(later[0].read_bytes()).hexdigest() if later else None


def read_shelf(
    places: Iterable[Path] | None = None, public: Mapping[str, Ed25519PublicKey] | None = None
) -> Shelf:
    """Reads every checkpoint: signature, number, link to the one before, both folders alike.

    To be read before the trail is: a checkpoint made later speaks of what that reading cannot see.
    Without arguments the folders of the settings and the keys of the key file.
    """
    known = keys.public_keys() if public is None else public
    shelf = Shelf(places=list(folders() if places is None else places))
    listed = [_files(place) for place in shelf.places]
    numbers = sorted({number for files in listed for number in files})
    for number in range(1, max(numbers, default=0) + 1):
        contents = [files[number].read_bytes() for files in listed if number in files]
        if len(contents) < len(listed):
            where = "不见了" if not contents else "两个文件夹里有一个没有"
            shelf.faults.append(_fault(number, where))
        if len(set(contents)) > 1:
            shelf.faults.append(_fault(number, "两个文件夹里的内容不同"))
        if contents:
            _shelve(shelf, number, contents[0], known)
    return shelf


def _shelve(shelf: Shelf, number: int, data: bytes, public: Mapping[str, Ed25519PublicKey]) -> None:
    digest = hashlib.sha256(data).hexdigest()
    shelf.digests[number] = digest
    try:
        whole = json.loads(data)
        body, key, signature = whole["checkpoint"], whole["key"], whole["signature"]
        signed = canonical(body).encode("ascii")
        claims = [
            (
                (row["chain"], row["seq"]),
                Claim(number=number, head=row["head"], changes=row["changes"]),
            )
            for row in body["chains"]
        ]
        says, previous = body["number"], body["previous"]
    except (ValueError, KeyError, TypeError):
        shelf.faults.append(_fault(number, "读不出来"))
        return
    if not _is_signed(public.get(key), signature, signed):
        shelf.faults.append(_fault(number, "签名不对：内容被改动，或不是用本单位的密钥签的"))
        return
    if data != canonical(whole).encode("ascii") + b"\n":
        shelf.faults.append(_fault(number, "文件不是原样"))
    if "sm3" in whole and whole["sm3"] != sm3(signed):
        shelf.faults.append(_fault(number, "SM3 摘要不符"))
    if says != number:
        shelf.faults.append(_fault(number, f"内容是第 {says} 号：文件被换了名字"))
        return
    before = shelf.digests.get(number - 1, FIRST if number == 1 else None)
    if before is not None and previous != before:
        shelf.faults.append(_fault(number, "不接前一个检查点：前一个被替换"))
    for place, claim in claims:
        shelf.heads.setdefault(place, []).append(claim)


def _is_signed(key: Ed25519PublicKey | None, signature: str, data: bytes) -> bool:
    if key is None:
        return False
    try:
        key.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _fault(number: int, words: str) -> Fault:
    return Fault(kind="checkpoint", words=f"第 {number} 号检查点{words}")


def public_keys_of(path: Path) -> dict[str, Ed25519PublicKey]:
    """Public keys as ``manage.py keys public`` prints them. Raises ValueError, OSError."""
    given = json.loads(path.read_text(encoding="ascii"))
    return {
        name: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for name, key in given.items()
    }
