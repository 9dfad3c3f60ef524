"""Texts that come in at any door, and texts about persons that go out."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from budgets.errors import InvalidInput

_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_PHONE = re.compile(r"(?<![\dA-Za-z])(?:1[3-9]\d{9}|0\d{2,3}[-－—]?\d{7,8})(?!\d)")
HIDDEN = "***"


def clean_text(text: str, *, field: str = "文字") -> str:
    """NFC text with lines as they end here, not as a browser's form ends them.

    Raises InvalidInput for control, direction and unassigned characters.
    """
    text = text.replace("\r\n", "\n")
    found = _REFUSED.search(text)
    if found is not None:
        raise InvalidInput(
            f"{field}的第 {found.start() + 1} 个字符是不能显示的控制字符（U+{ord(found.group()):04X}），请删除后重试"
        )
    return unicodedata.normalize("NFC", text)


def uuid_or_none(text: str) -> UUID | None:
    """A public id as it stands in an address; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def sought_words(text: str) -> str:
    """What is looked for by name, as it stands in an address: at most 60 characters."""
    return text.strip()[:60].replace("\x00", "")


def page_number(text: str) -> int:
    """A page's number as it stands in an address; 1 for what is none."""
    return int(text) or 1 if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def mask_name(name: str) -> str:
    """A person's name with all but the family name hidden."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """A telephone number with only its last two digits."""
    return f"{HIDDEN}{phone[-2:]}" if len(phone) > 4 else HIDDEN


def mask_phones(text: str) -> str:
    """Running text without telephone numbers."""
    return _PHONE.sub(HIDDEN, text)


def without_controls(text: str) -> str:
    """A text as it may be stored: characters that cannot be shown are dropped, NFC."""
    return unicodedata.normalize("NFC", _REFUSED.sub("", text))


def folded_name(name: str) -> str:
    """A user name as it is compared: compatibility forms, case and outer blanks do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
