"""The loader of rule sets of kind ``review``: as strict as that of the scoring rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from performance.rulebook.loader import (
    RulebookError,
    digest,
    identity_of,
    list_of,
    number_of,
    read_yaml,
    source_of,
    table_of,
    text_of,
)
from performance.scoring.criteria import Criterion, ReviewRules, Taking

REVIEWS = Path(__file__).parent / "reviews"
_KEYS = {"id", "kind", "source", "criteria"}
_CRITERION_KEYS = {"code", "label", "wording", "takes", "levels"}
_IN_USE = "bureau-firm"


def load_review_text(text: str, name: str) -> ReviewRules:
    """The criteria of one YAML text. Raises RulebookError naming ``name`` for anything wrong."""
    try:
        content = table_of(read_yaml(text), "", _KEYS)
        if content.get("kind") != "review":
            raise RulebookError("kind 应为 review")
        found: dict[str, Criterion] = {}
        for item in list_of(content, "criteria"):
            criterion = _criterion(item)
            if criterion.code in found:
                raise RulebookError(f"复核情形“{criterion.code}”写了两次")
            found[criterion.code] = criterion
        if not found:
            raise RulebookError("criteria 不能为空")
        return ReviewRules(
            id=identity_of(content),
            source=source_of(content),
            digest=digest(content),
            criteria=MappingProxyType(found),
        )
    except RulebookError as error:
        raise RulebookError(f"{name}：{error}") from None
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}：不是有效的 YAML：{error}") from None


def _criterion(item: Any) -> Criterion:
    content = table_of(item, "criteria", _CRITERION_KEYS)
    code, label = text_of(content, "code"), text_of(content, "label")
    if not code.replace("_", "").isascii() or len(code) > 40:
        raise RulebookError(f"code “{code}”只能用小写字母、数字和下划线")
    wording, takes = text_of(content, "wording"), text_of(content, "takes")
    levels = content.get("levels", [])
    if not isinstance(levels, list) or not all(isinstance(one, str) and one for one in levels):
        raise RulebookError(f"{code}：levels 应为文字的列表")
    share = None
    if takes in {Taking.ALL, Taking.NONE, Taking.FREE}:
        taking = Taking(takes)
    else:
        taking, share = Taking.SHARE, number_of(takes, f"{code}.takes")
        if not 0 < share <= 1:
            raise RulebookError(f"{code}：takes 应为 all、none、free 或 0 到 1 的比例")
        if f"{(share * 100).normalize():f}%" not in wording:
            raise RulebookError(f"{code}：wording 说的比例与 takes 不一致")
    return Criterion(
        code=code,
        label=label,
        wording=wording,
        taking=taking,
        share=share,
        levels=tuple(levels),
    )


@cache
def all_review_rules() -> dict[str, ReviewRules]:
    """Every set of criteria by id. Raises RulebookError for a bad file."""
    found = {}
    for path in sorted(REVIEWS.glob("*.yaml")):
        rules = load_review_text(path.read_text(encoding="utf-8"), path.name)
        if rules.id != path.stem:
            raise RulebookError(f"{path.name}：id 是 {rules.id}，应与文件名相同")
        found[rules.id] = rules
    return found


def review_rules() -> ReviewRules:
    """The criteria that reviewers use."""
    return all_review_rules()[_IN_USE]
