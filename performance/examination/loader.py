"""The one reader of this package's own data: strict, and every list with its standing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from performance.rulebook.loader import RulebookError, read_yaml

HERE = Path(__file__).parent


class DataError(ValueError):
    """Data that must not be used: says the file, the key and what is wrong."""


def load(path: Path) -> dict[str, Any]:
    """The keys of one file. Raises DataError for anything that is no strict YAML mapping."""
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except RulebookError as error:
        raise DataError(f"{path.name}：{error}") from None
    except yaml.YAMLError as error:
        raise DataError(f"{path.name}：不是有效的 YAML：{error}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path.name}：应为键值")
    return content


def only(content: Mapping[str, Any], known: frozenset[str], name: str) -> None:
    """Raises DataError for a key that nothing reads: a typing error must not pass unseen."""
    if unknown := sorted(map(str, set(content) - known)):
        raise DataError(f"{name}：不认识的键 {'、'.join(unknown)}")
    if missing := sorted(known - set(content)):
        raise DataError(f"{name}：缺少 {'、'.join(missing)}")


def texts(value: Any, key: str) -> tuple[str, ...]:
    """A list of texts without repeats."""
    if not isinstance(value, list) or any(not isinstance(v, str) for v in value):
        raise DataError(f"{key} 应为文字的列表")
    if len(set(value)) < len(value):
        raise DataError(f"{key} 有重复的词")
    return tuple(value)


def number(value: Any, key: str) -> Decimal:
    """A decimal written in quotes."""
    if not isinstance(value, str):
        raise DataError(f"{key} 的数字应加引号")
    try:
        found = Decimal(value)
    except ArithmeticError:
        raise DataError(f"{key} 的数字 {value!r} 读不出") from None
    if not found.is_finite():
        raise DataError(f"{key} 的数字 {value!r} 读不出")
    return found


def whole(value: Any, key: str) -> int:
    """A whole number of zero or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DataError(f"{key} 应为不小于 0 的整数")
    return value


def unchecked(content: Mapping[str, Any], name: str) -> bool:
    """``checked``: whether someone held the data against an official text."""
    value = content.get("checked")
    if not isinstance(value, bool):
        raise DataError(f"{name}：checked 应为 true 或 false")
    return value
