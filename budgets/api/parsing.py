"""Bodies of requests: JSON that means one thing."""

from __future__ import annotations

import json
import re
from typing import Any

from rest_framework.parsers import JSONParser

from budgets.errors import InvalidInput

_DEEPEST = 20
_HALF = re.compile("[\ud800-\udfff]")


class StrictJSONParser(JSONParser):
    """JSON without duplicate keys, NaN, half characters or nesting deeper than anybody needs."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The body; raises InvalidInput with a sentence."""
        try:
            text = stream.read().decode("utf-8")
            content = json.loads(
                text, object_pairs_hook=_once, parse_constant=_refused, parse_float=str
            )
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, _Unusable) else "不是 UTF-8 的 JSON"
            raise InvalidInput(f"正文读不出来：{reason}") from None
        _refuse_deep(content)
        return content


class _Unusable(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unusable("同一个键写了两次")
    return found


def _refused(text: str) -> Any:
    raise _Unusable(f"{text} 不是 JSON 的数")


def _refuse_deep(content: Any, depth: int = 0) -> None:
    """Raises InvalidInput for what could be nested, or written back, only with trouble."""
    if depth > _DEEPEST:
        raise InvalidInput("正文嵌套太深")
    if isinstance(content, str):
        if _HALF.search(content):
            raise InvalidInput("正文里有半个字符（单独的 \\uD800–\\uDFFF）")
        return
    for inner in (
        [*content, *content.values()]
        if isinstance(content, dict)
        else content
        if isinstance(content, list)
        else ()
    ):
        _refuse_deep(inner, depth + 1)
