"""Keys outside the database: signing, encrypting, marking; newer keys beside older ones."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from budgets import keys


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.KEY_FILE = str(tmp_path / "deep" / "keys.json")
    return Path(settings.KEY_FILE)


def test_the_first_key_makes_itself_in_development_only(settings: Any, key_file: Path) -> None:
    settings.PRODUCTION = True
    with pytest.raises(keys.KeyTrouble, match="keys make"):
        keys.newest()
    settings.PRODUCTION = False
    assert keys.newest().id == keys.all_keys()[0].id
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_file_others_can_read_is_refused(key_file: Path) -> None:
    keys.make()
    key_file.chmod(0o640)
    with pytest.raises(keys.KeyTrouble, match="chmod 600"):
        keys.all_keys()


@pytest.mark.parametrize("text", ["", "{}", '{"keys": []}', '{"keys": [{"id": 1}]}'])
def test_a_damaged_file_is_refused(key_file: Path, text: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(text)
    key_file.chmod(0o600)
    with pytest.raises(keys.KeyTrouble):
        keys.all_keys()


def test_signatures_hold_over_newer_keys_and_for_the_same_bytes_only() -> None:
    key_id, signature = keys.sign(b"head")
    keys.make()
    assert keys.is_signed(b"head", key_id, signature)
    assert not keys.is_signed(b"head ", key_id, signature)
    assert not keys.is_signed(b"head", keys.newest().id, signature)
    assert not keys.is_signed(b"head", "00000000", signature)
    assert not keys.is_signed(b"head", key_id, "zz")


def test_what_is_encrypted_opens_for_its_purpose_with_an_older_key_too() -> None:
    sealed = keys.encrypted("密".encode(), "otp")
    keys.make()
    assert keys.decrypted(sealed, "otp").decode() == "密"
    with pytest.raises(keys.KeyTrouble, match="改动"):
        keys.decrypted(sealed, "backup")
    with pytest.raises(keys.KeyTrouble, match="改动"):
        keys.decrypted(sealed[:-1] + bytes([sealed[-1] ^ 1]), "otp")
    with pytest.raises(keys.KeyTrouble, match="不在"):
        keys.decrypted(b"00000000" + sealed[8:], "otp")


def test_marks_name_every_key_newest_first(key_file: Path) -> None:
    (old,) = keys.marks(b"token", "api")
    keys.make()
    new, again = keys.marks(b"token", "api")
    assert again == old != new
    assert keys.marks(b"token", "other")[0] != new
    assert len(json.loads(key_file.read_text())["keys"]) == 2


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_stream_opens_whole_or_not_at_all(size: int) -> None:
    data, sealed, opened = bytes(range(256)) * (size // 256 + 1), io.BytesIO(), io.BytesIO()
    data = data[:size]
    keys.encrypt_stream(io.BytesIO(data), sealed, "backup")
    keys.make()
    keys.decrypt_stream(io.BytesIO(sealed.getvalue()), opened, "backup")
    assert opened.getvalue() == data
    whole, chunk = sealed.getvalue(), 1024 * 1024 + 16
    head, chunks = whole[:15], [whole[at : at + chunk] for at in range(15, len(whole), chunk)]
    spoilt = [whole[:-1], head + b"".join(chunks[:-1]), whole[:40] + b"\0" + whole[41:], head]
    if len(chunks) > 1:
        spoilt.append(head + b"".join(reversed(chunks)))
    for bytes_ in spoilt:
        if bytes_ != whole:
            with pytest.raises(keys.KeyTrouble):
                keys.decrypt_stream(io.BytesIO(bytes_), io.BytesIO(), "backup")


def test_of_two_that_begin_at_once_one_key_wins(tmp_path: Path, settings: Any) -> None:
    settings.KEY_FILE = str(tmp_path / "var" / "keys.json")
    barrier = threading.Barrier(8)
    found: list[str] = []

    def begin() -> None:
        barrier.wait()
        found.append(keys.newest().id)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["keys.json"]
