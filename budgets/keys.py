"""Keys outside the database: what signs checkpoints, encrypts secrets and backs up, and marks tokens.

One file of mode 0600, named by ``KEY_FILE``; ``manage.py keys`` makes it and adds newer keys. The
newest key is used, older ones stay to read and verify what they made. Whoever has the database
without this file can neither use a token or a second factor nor sign a checkpoint.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12
_ID = 8
_PREFIX = 7
_CHUNK = 1024 * 1024
_TAG = 16


class KeyTrouble(RuntimeError):
    """The key file is missing, readable by others or damaged; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``seed`` signs, ``secret`` encrypts and marks."""

    id: str
    made_at: str
    seed: bytes
    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose; keys of two purposes tell nothing of each other."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.secret)


def make(path: Path | None = None) -> Key:
    """Adds a key and returns it; the file is made when it is not there. Older keys are kept."""
    file = _file() if path is None else path
    keys = _read(file) if file.exists() else []
    fresh = _fresh()
    _write(file, [*keys, fresh])
    return fresh


def _fresh() -> Key:
    return Key(
        id=secrets.token_hex(_ID // 2),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=secrets.token_bytes(32),
        secret=secrets.token_bytes(32),
    )


def all_keys() -> list[Key]:
    """Every key, oldest first. In development the first is made by itself.

    Raises KeyTrouble when there is no file (production), it is open to others, or damaged.
    """
    file = _file()
    if not file.exists():
        if settings.PRODUCTION:
            raise KeyTrouble(f"没有密钥文件 {file}：请先运行 manage.py keys make")
        _write(file, [_fresh()], is_first=True)
    return _read(file)


def newest() -> Key:
    """The key for what is made now."""
    return all_keys()[-1]


def _file() -> Path:
    return Path(settings.KEY_FILE)


def _read(file: Path) -> list[Key]:
    try:
        mode = file.stat().st_mode
        content = json.loads(file.read_text(encoding="ascii"))
        keys = [
            Key(
                id=row["id"],
                made_at=row["made_at"],
                seed=bytes.fromhex(row["seed"]),
                secret=bytes.fromhex(row["secret"]),
            )
            for row in content["keys"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyTrouble(f"密钥文件 {file} 读不出来：{type(error).__name__}") from None
    if mode & 0o077:
        raise KeyTrouble(f"密钥文件 {file} 别人也能读：请先 chmod 600")
    if not keys:
        raise KeyTrouble(f"密钥文件 {file} 里没有密钥")
    return keys


def _write(file: Path, keys: list[Key], *, is_first: bool = False) -> None:
    """Whole or not at all: a new file of mode 0600 takes the place of the old.

    With ``is_first`` only where there is none: of two processes that begin at once one wins.
    """
    file.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    rows = [
        {"id": k.id, "made_at": k.made_at, "seed": k.seed.hex(), "secret": k.secret.hex()}
        for k in keys
    ]
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        json.dump({"keys": rows}, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    if not is_first:
        fresh.replace(file)
        return
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


# ── signing ─────────────────────────────────────────────────────────────────────────────────────


def sign(data: bytes) -> tuple[str, str]:
    """Id of the newest key and its Ed25519 signature of ``data`` in hexadecimal."""
    key = newest()
    return key.id, Ed25519PrivateKey.from_private_bytes(key.seed).sign(data).hex()


def public_keys() -> Mapping[str, Ed25519PublicKey]:
    """The public half of every key, by id: verifying needs no more."""
    return {
        key.id: Ed25519PrivateKey.from_private_bytes(key.seed).public_key() for key in all_keys()
    }


def is_signed(data: bytes, key_id: str, signature: str) -> bool:
    """Whether one of our keys signed ``data``."""
    public = public_keys().get(key_id)
    try:
        if public is None:
            return False
        public.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


# ── encrypting, marking ─────────────────────────────────────────────────────────────────────────


def encrypted(data: bytes, purpose: str) -> bytes:
    """``data`` under the newest key: key id, nonce, AES-256-GCM."""
    key = newest()
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key.derived(purpose)).encrypt(nonce, data, purpose.encode())
    return key.id.encode("ascii") + nonce + sealed


def decrypted(data: bytes, purpose: str) -> bytes:
    """What ``encrypted`` was given. Raises KeyTrouble for an unknown key or changed bytes."""
    key = _key_named(data[:_ID].decode("ascii", "replace"))
    nonce, sealed = data[_ID : _ID + _NONCE], data[_ID + _NONCE :]
    try:
        return AESGCM(key.derived(purpose)).decrypt(nonce, sealed, purpose.encode())
    except InvalidTag:
        raise KeyTrouble("加密的内容已被改动，解不开") from None


def encrypt_stream(source: BinaryIO, target: BinaryIO, purpose: str) -> None:
    """Writes ``source`` under the newest key, in chunks: for what does not fit into memory.

    Key id, random prefix, then chunks of AES-256-GCM whose nonces are prefix, counter and whether
    it is the last (the STREAM construction), so that chunks cannot be dropped, swapped or cut off.
    """
    key = newest()
    prefix = secrets.token_bytes(_PREFIX)
    cipher = AESGCM(key.derived(purpose))
    target.write(key.id.encode("ascii") + prefix)
    chunk, counter = source.read(_CHUNK), 0
    while True:
        following = source.read(_CHUNK)
        nonce = _chunk_nonce(prefix, counter, last=not following)
        target.write(cipher.encrypt(nonce, chunk, purpose.encode()))
        if not following:
            return
        chunk, counter = following, counter + 1


def decrypt_stream(source: BinaryIO, target: BinaryIO, purpose: str) -> None:
    """Writes what ``encrypt_stream`` was given. Raises KeyTrouble for changed or missing bytes."""
    identity = source.read(_ID).decode("ascii", "replace")
    prefix = source.read(_PREFIX)
    cipher = AESGCM(_key_named(identity).derived(purpose))
    chunk, counter = source.read(_CHUNK + _TAG), 0
    while True:
        following = source.read(_CHUNK + _TAG)
        nonce = _chunk_nonce(prefix, counter, last=not following)
        try:
            target.write(cipher.decrypt(nonce, chunk, purpose.encode()))
        except (InvalidTag, ValueError):
            raise KeyTrouble("加密的内容已被改动或不完整，解不开") from None
        if not following:
            return
        chunk, counter = following, counter + 1


def _chunk_nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _key_named(identity: str) -> Key:
    found = next((key for key in all_keys() if key.id == identity), None)
    if found is None:
        raise KeyTrouble("加密用的密钥不在密钥文件里")
    return found


def marks(data: bytes, purpose: str) -> list[str]:
    """HMAC-SHA256 of ``data`` under each key, the newest first: the first to store, all to find."""
    return [
        hmac.new(key.derived(purpose), data, sha256).hexdigest() for key in reversed(all_keys())
    ]
