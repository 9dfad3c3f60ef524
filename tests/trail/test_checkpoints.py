"""Checkpoints, the commands around them, and what they print."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from budgets import keys
from budgets.canonical import canonical
from budgets.digests import sm3
from budgets.services.checkpoints import Shelf, make_checkpoint, read_shelf
from budgets.services.trail import verify
from tests.office import Office


def _said(name: str, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command(name, *arguments, stdout=out)
    except SystemExit as left:
        return int(str(left.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_checkpoint_vouches_for_every_chain(real_office: Office, aside: Path) -> None:
    real_office.approved()
    first = make_checkpoint()
    real_office.table("clinic")
    second = make_checkpoint()
    assert (first.number, second.number) == (1, 2)
    assert first.path.parent == aside / "checkpoints"
    shelf = read_shelf()
    assert shelf.faults == []
    verdict = verify(shelf=shelf)
    assert verdict.sound
    assert verdict.checkpoints == 2
    assert verdict.heads == first.chains + second.chains


def test_a_second_folder_and_a_second_digest(
    real_office: Office, aside: Path, settings: Any
) -> None:
    settings.CHECKPOINT_COPY_DIR = str(aside / "copy")
    settings.SM3 = True
    made = make_checkpoint()
    assert (aside / "copy" / made.path.name).read_bytes() == made.path.read_bytes()
    whole = json.loads(made.path.read_text())
    assert whole["sm3"] == sm3(canonical(whole["checkpoint"]).encode())
    assert verify(shelf=read_shelf()).sound
    whole["sm3"] = "0" * 64
    for folder in ("copy", "checkpoints"):
        (aside / folder / made.path.name).write_text(canonical(whole) + "\n")
    assert any("SM3" in str(fault) for fault in read_shelf().faults)


def test_none_is_ever_overwritten(real_office: Office, aside: Path, monkeypatch: Any) -> None:
    from budgets.services import checkpoints

    first = make_checkpoint()
    kept = first.path.read_bytes()
    real = checkpoints._files
    blind = [True]

    def not_yet(folder: Path) -> dict[int, Path]:
        """Another process makes number 1 after this one looked."""
        return {} if blind and blind.pop() else real(folder)

    monkeypatch.setattr(checkpoints, "_files", not_yet)
    second = make_checkpoint()
    assert (second.number, blind) == (2, [])
    assert first.path.read_bytes() == kept


def test_the_commands(real_office: Office, aside: Path) -> None:
    real_office.approved()
    code, said = _said("audit_checkpoint")
    assert code == 0
    assert "第 1 号检查点" in said
    code, said = _said("audit_verify")
    assert (code, "核验通过" in said, "检查点 1 个" in said) == (0, True, True)
    (aside / "public.json").write_text(_said("keys", "public")[1])
    arguments = ("--json", "--checkpoints", str(aside / "checkpoints"))
    code, said = _said("audit_verify", *arguments, "--public-keys", str(aside / "public.json"))
    assert (code, json.loads(said)["sound"]) == (0, True)
    (aside / "other.json").write_text(json.dumps({"00000000": "ab" * 32}))
    code, said = _said("audit_verify", *arguments, "--public-keys", str(aside / "other.json"))
    assert code == 1
    assert "签名不对" in said
    (aside / "checkpoints" / "checkpoint-00000001.json").unlink()
    code, said = _said("audit_verify")
    assert code == 1
    assert "第 1 号检查点留痕记有这个检查点，文件不见了" in said
    assert "核验不通过" in said


def test_keys_are_named_and_never_printed(aside: Path, settings: Any) -> None:
    settings.KEY_FILE = str(aside / "keys.json")
    said = "".join(_said("keys", word)[1] for word in ("make", "make", "list", "public"))
    for key in keys.all_keys():
        assert key.id in said
        assert key.seed.hex() not in said
        assert key.secret.hex() not in said


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"checkpoint": {}, "key": 1, "signature": 2}']
)
def test_a_damaged_file_is_a_fault(aside: Path, content: str) -> None:
    folder = aside / "checkpoints"
    folder.mkdir()
    (folder / "checkpoint-00000001.json").write_text(content)
    assert [str(fault) for fault in read_shelf().faults] == ["第 1 号检查点读不出来"]


@pytest.mark.parametrize("noted", ["", "[]", "{}", '{"detail": {"number": []}}', "'"])
def test_a_damaged_note_of_a_checkpoint_stops_nothing(noted: str) -> None:
    assert list(Shelf().missing([noted])) == []
