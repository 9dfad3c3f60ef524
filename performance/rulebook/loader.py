"""The one loader of rule sets: strict, and every rule with its source."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from performance.scoring.rules import (
    Band,
    Cap,
    ExecutionMethod,
    Grade,
    QuantitativeMethod,
    ReverseMethod,
    RuleSet,
    Source,
    Tier,
)

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LEVELS = {"产出", "效益", "满意度", "成本"}
_KEYS = {
    "id", "from_fiscal_year", "source", "extends", "execution", "goal_points", "level1", "level1_with_cost",
    "level1_without_satisfaction", "level1_with_cost_without_satisfaction", "level1_binding", "quantitative",
    "floor", "reverse", "equal_over", "tiers", "satisfaction", "grades", "over_achievement", "caps",
    "rescale_inapplicable", "rounding",
}  # fmt: skip
_SOURCE_KEYS = {"title", "document", "issuer", "issued_on", "provenance", "clause", "checked"}
_EXECUTION_KEYS = {"points", "method", "finished_within_budget", "bands", "explain_below"}
_TIER_KEYS = {"tier", "label", "from", "to", "default_share"}
_OVER_KEYS = {"flag_at", "deduct_at", "deduct_points"}
_PARTS = {"execution", "over_achievement"}


class RulebookError(ValueError):
    """A rule set that must not be used: says the file, the key and what is wrong."""


class _StrictLoader(yaml.SafeLoader):
    """YAML without duplicate keys and without floats: numbers are written as quoted strings."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise RulebookError(f"键“{key}”写了两次（第 {key_node.start_mark.line + 1} 行）")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _float(_loader: _StrictLoader, node: yaml.ScalarNode) -> Any:
    raise RulebookError(f"数字 {node.value} 没有加引号（第 {node.start_mark.line + 1} 行）")


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _float)


def load_text(text: str, name: str, folder: Path | None = None) -> RuleSet:
    """The rule set of one YAML text. Raises RulebookError naming ``name`` for anything wrong.

    ``folder`` is where the one parent named by ``extends`` stands: the child says only what
    differs, whole keys replace the parent's, lists are never merged.
    """
    try:
        content = table_of(read_yaml(text), "", _KEYS)
        if (parent := content.pop("extends", None)) is not None:
            content = {**_parent(parent, folder), **content}
        return replace(_ruleset(content), extends=parent)
    except RulebookError as error:
        raise RulebookError(f"{name}：{error}") from None
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}：不是有效的 YAML：{error}") from None


def load_changed(path: Path, identity: str, changes: Mapping[str, Any]) -> RuleSet:
    """The rule set of one file with some keys put in its place, as ``identity``.

    Whole keys replace the file's, but those within ``execution`` and ``over_achievement`` one by
    one. Raises RulebookError for whatever the loader would refuse in a file.
    """
    content = table_of(read_yaml(path.read_text(encoding="utf-8")), "", _KEYS)
    if (parent := content.pop("extends", None)) is not None:
        content = {**_parent(parent, path.parent), **content}
    for key, value in changes.items():
        within = {**(content.get(key) or {}), **value} if key in _PARTS else value
        content[key] = within
    return _ruleset(table_of({**content, "id": identity}, "", _KEYS))


def load_file(path: Path) -> RuleSet:
    """The rule set of one file, named as its id."""
    rules = load_text(path.read_text(encoding="utf-8"), path.name, path.parent)
    if rules.id != path.stem:
        raise RulebookError(f"{path.name}：id 是 {rules.id}，应与文件名相同")
    return rules


def read_yaml(text: str) -> Any:
    """The content of a YAML text. Raises RulebookError for repeated keys and bare floats."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader underneath


def _parent(name: Any, folder: Path | None) -> dict[str, Any]:
    """Content of the one parent; it may have none itself."""
    path = folder / f"{name}.yaml" if folder and _ID.fullmatch(str(name)) else None
    if path is None or not path.is_file():
        raise RulebookError(f"extends 指向的规则集“{name}”不存在")
    content = table_of(read_yaml(path.read_text(encoding="utf-8")), "", _KEYS)
    if "extends" in content:
        raise RulebookError(f"extends 只能有一层：“{name}”自己也有 extends")
    return content


def _ruleset(content: Mapping[str, Any]) -> RuleSet:
    execution = table_of(_need(content, "execution"), "execution", _EXECUTION_KEYS)
    over = table_of(content.get("over_achievement") or {}, "over_achievement", _OVER_KEYS)
    year = _need(content, "from_fiscal_year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2100:
        raise RulebookError("from_fiscal_year 应为年度，如 2020")
    identity = identity_of(content)
    _rounding(content)
    method = _choice(ExecutionMethod, execution, "method")
    quantitative = _choice(QuantitativeMethod, content, "quantitative")
    rules = RuleSet(
        id=identity,
        from_fiscal_year=year,
        source=source_of(content),
        digest=digest(content),
        execution_points=_decimal(execution, "points"),
        execution_method=method,
        execution_bands=_bands(execution.get("bands"), "execution.bands"),
        execution_finished_share=_optional(execution, "finished_within_budget"),
        execution_explain_below=_optional(execution, "explain_below"),
        goal_points=_optional(content, "goal_points"),
        level1=_levels(content, "level1"),
        level1_with_cost=_levels(content, "level1_with_cost"),
        level1_without_satisfaction=_levels(content, "level1_without_satisfaction"),
        level1_with_cost_without_satisfaction=_levels(
            content, "level1_with_cost_without_satisfaction"
        ),
        level1_binding=_boolean(content, "level1_binding"),
        quantitative=quantitative,
        floor=_optional(content, "floor"),
        reverse=_choice(ReverseMethod, content, "reverse"),
        tiers=tuple(_tier(item) for item in list_of(content, "tiers")),
        satisfaction_bands=_satisfaction(content),
        grades=tuple(
            Grade(label=str(label), lower=number_of(lower, "grades"))
            for label, lower in _pairs(list_of(content, "grades"), "grades")
        ),
        flag_at=_optional(over, "flag_at"),
        deduct_at=_optional(over, "deduct_at"),
        deduct_points=_optional(over, "deduct_points"),
        caps=tuple(
            Cap(rate_below=number_of(rate, "caps"), total_at_most=number_of(most, "caps"))
            for rate, most in _pairs(content.get("caps") or [], "caps")
        ),
        rescale_inapplicable=_boolean(content, "rescale_inapplicable"),
    )
    _coherent(rules)
    return rules


def _coherent(rules: RuleSet) -> None:
    if rules.execution_method is ExecutionMethod.BANDS and not rules.execution_bands:
        raise RulebookError("execution.method 为 bands，却没有 bands")
    if rules.quantitative is QuantitativeMethod.ABOVE_FLOOR and rules.floor is None:
        raise RulebookError("quantitative 为 above_floor，却没有 floor")
    if rules.goal_points is None and not rules.level1:
        raise RulebookError("goal_points 和 level1 至少要有一个")
    if (rules.deduct_at is None) != (rules.deduct_points is None):
        raise RulebookError("deduct_at 和 deduct_points 要么都写，要么都不写")
    if {tier.tier for tier in rules.tiers} != {"achieved", "partial", "not_achieved"}:
        raise RulebookError("tiers 应为 achieved、partial、not_achieved 三档")
    if not rules.grades:
        raise RulebookError("grades 不能为空")


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form of a rule set's content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# ── parts ───────────────────────────────────────────────────────────────────────────────────────


def identity_of(content: Mapping[str, Any]) -> str:
    """The id of a rule set. Raises RulebookError for other signs than small letters and digits."""
    identity = text_of(content, "id")
    if not _ID.fullmatch(identity):
        raise RulebookError(f"id “{identity}”只能用小写字母、数字和连字符")
    return identity


def source_of(content: Mapping[str, Any]) -> Source:
    """Where a rule set comes from. Raises RulebookError without it, or for an unread clause."""
    if not content.get("source"):
        raise RulebookError("没有出处（source）的规则不能加载")
    source = table_of(content["source"], "source", _SOURCE_KEYS)
    checked = _boolean(source, "checked")
    clause = source.get("clause")
    if clause is not None and not checked:
        raise RulebookError("条款没有核读（checked: false）时 clause 必须是 null")
    return Source(
        title=text_of(source, "title"),
        document=source.get("document"),
        issuer=source.get("issuer"),
        issued_on=source.get("issued_on"),
        provenance=text_of(source, "provenance"),
        clause=clause,
        checked=checked,
    )


def _tier(item: Any) -> Tier:
    tier = table_of(item, "tiers", _TIER_KEYS)
    return Tier(
        tier=text_of(tier, "tier"),
        label=text_of(tier, "label"),
        lower=_decimal(tier, "from"),
        upper=_decimal(tier, "to"),
        default_share=_decimal(tier, "default_share"),
    )


def _satisfaction(content: Mapping[str, Any]) -> tuple[Band, ...]:
    written = _need(content, "satisfaction")
    return () if written == "as_quantitative" else _bands(written, "satisfaction")


def _bands(items: Any, key: str) -> tuple[Band, ...]:
    return tuple(
        Band(lower=number_of(lower, key), share=number_of(share, key))
        for lower, share in _pairs(items or [], key)
    )


def _levels(content: Mapping[str, Any], key: str) -> dict[str, Decimal]:
    levels = table_of(content.get(key) or {}, key, _LEVELS)
    return {name: number_of(points, key) for name, points in levels.items()}


def _rounding(content: Mapping[str, Any]) -> None:
    rounding = table_of(_need(content, "rounding"), "rounding", {"places", "mode"})
    if rounding != {"places": "2", "mode": "half_up"}:
        raise RulebookError("rounding 只支持 places 为 2、mode 为 half_up")
    if content.get("equal_over", "full") != "full":
        raise RulebookError("equal_over 只支持 full")


# ── primitives ──────────────────────────────────────────────────────────────────────────────────


def table_of(content: Any, key: str, known: set[str]) -> dict[str, Any]:
    """A mapping that has no other keys than the known ones; else RulebookError."""
    if not isinstance(content, dict):
        raise RulebookError(f"{key or '文件'}应为键值")
    if unknown := sorted(map(str, set(content) - known)):
        raise RulebookError(f"{key + '：' if key else ''}不认识的键 {'、'.join(unknown)}")
    return content


def _need(content: Mapping[str, Any], key: str) -> Any:
    if key not in content:
        raise RulebookError(f"缺少 {key}")
    return content[key]


def text_of(content: Mapping[str, Any], key: str) -> str:
    """A text that says something; else RulebookError."""
    text = _need(content, key)
    if not isinstance(text, str) or not text.strip():
        raise RulebookError(f"{key} 应为文字")
    return text


def list_of(content: Mapping[str, Any], key: str) -> list[Any]:
    """A list; else RulebookError."""
    items = _need(content, key)
    if not isinstance(items, list):
        raise RulebookError(f"{key} 应为列表")
    return items


def _pairs(items: Any, key: str) -> list[tuple[Any, Any]]:
    if not isinstance(items, list) or any(not isinstance(i, list) or len(i) != 2 for i in items):
        raise RulebookError(f"{key} 的每一项应为两个值")
    return [(first, second) for first, second in items]


def number_of(value: Any, key: str) -> Decimal:
    """A decimal written as a quoted string; else RulebookError."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise RulebookError(f"{key} 的数字 {value!r} 应写成加引号的十进制数")
    return Decimal(value)


def _decimal(content: Mapping[str, Any], key: str) -> Decimal:
    return number_of(_need(content, key), key)


def _optional(content: Mapping[str, Any], key: str) -> Decimal | None:
    return number_of(content[key], key) if content.get(key) is not None else None


def _boolean(content: Mapping[str, Any], key: str) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise RulebookError(f"{key} 应为 true 或 false")
    return value


def _choice(kind: Any, content: Mapping[str, Any], key: str) -> Any:
    value = _need(content, key)
    try:
        return kind(value)
    except ValueError:
        allowed = "、".join(member.value for member in kind)
        raise RulebookError(f"{key} 应为 {allowed} 之一，写的是 {value!r}") from None
