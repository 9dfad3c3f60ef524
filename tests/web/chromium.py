"""What the browsers of the offices (Chromium 100) do not know: found by reading the text alone.

Stylesheets and scripts are taken apart by small scanners, so that a word in a comment or in a
sentence is not mistaken for code. Rules of CSS are an allowlist where one is possible (at-rules), and
lists of what came later where not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# ── stylesheets ─────────────────────────────────────────────────────────────────────────────────

_AT_RULES = frozenset(
    [
        "charset",
        "counter-style",
        "font-face",
        "keyframes",
        "layer",
        "media",
        "page",
        "property",
        "supports",
    ]
)
_GROUPS = frozenset(["layer", "media", "supports"])
"""At-rules that hold rules; the others hold declarations, or keyframes."""
_SELECTORS = re.compile(
    r":has\(|&|:dir\(|:modal\b|:popover-open|:user-(?:in)?valid|:open\b|:state\(|:autofill"
    r"|:picture-in-picture|:active-view-transition|::view-transition|::highlight\("
    r"|::details-content|::(?:grammar|spelling)-error|::scroll-|::checkmark|::picker"
    r"|:nth-(?:last-)?child\([^)]*\bof\b"
)
_PROPERTIES = re.compile(
    r"^(?:translate|rotate|scale|text-wrap.*|white-space-collapse|container.*|anchor-.*"
    r"|position-(?:anchor|area|try.*|visibility)|view-transition-.*|animation-(?:timeline|range.*)"
    r"|animation-composition|(?:scroll|view)-timeline.*|timeline-scope|hyphenate-.*|initial-letter"
    r"|font-palette|font-size-adjust|field-sizing|interpolate-size|mask(?:-.*)?|object-view-box"
    r"|transition-behavior|line-clamp|text-box.*|text-spacing.*|text-autospace|scrollbar-(?:color|width)"
    r"|print-color-adjust|overlay|reading-.*|corner-.*|offset-(?:position|anchor)|math-.*"
    r"|baseline-source|ruby-align|contain-intrinsic-.*-auto|overflow-(?:inline|block)|zoom)$"
)
_VALUES = re.compile(
    r"(?<![\w-])(?:color-mix|oklch|oklab|lch|lab|hwb|color|light-dark|linear|image-set|cross-fade"
    r"|anchor|anchor-size|calc-size|round|mod|rem|abs|sign|sin|cos|tan|asin|acos|atan2?|pow|sqrt"
    r"|hypot|log|exp|if|sibling-index|sibling-count)\("
    r"|(?<![\w-])subgrid\b|\bauto-phrase\b|\bmasonry\b|\bfit-content\("
    r"|(?<![\w#.-])[\d.]+(?:[dsl]v(?:h|w|min|max|i|b)|cq(?:w|h|i|b|min|max)|r?lh|r?cap|r?ic|rex|rch)\b"
)
_MEDIA = re.compile(
    r"[<>]|\((?:scripting|update|overflow-(?:block|inline)|prefers-reduced-(?:transparency|data)"
    r"|inverted-colors|dynamic-range|video-dynamic-range)\b|font-(?:tech|format)\("
)


def stylesheet_faults(text: str) -> list[str]:
    """Each thing in a stylesheet that Chromium 100 does not know, with its line."""
    bare = _without(text, r"/\*.*?\*/", r'"(?:\\.|[^"\\])*"', r"'(?:\\.|[^'\\])*'")
    return [f"line {bare.count(chr(10), 0, at) + 1}: {words}" for at, words in _rules(bare)]


def _without(text: str, *patterns: str) -> str:
    """The text with comments and strings blanked; lines stay where they are."""
    return re.sub(
        "|".join(patterns),
        lambda found: re.sub(r"[^\n]", " ", found[0]) if found[0][0] == "/" else '""',
        text,
        flags=re.DOTALL,
    )


def _rules(text: str) -> Iterator[tuple[int, str]]:
    """Faults with their place. A stack of what the open braces belong to; the text between them."""
    stack: list[str] = []
    begun = 0
    for found in re.finditer(r"[{};]", text):
        words = text[begun : found.start()]
        at, said = begun + len(words) - len(words.lstrip()), words.strip()
        begun = found.end()
        inside = stack[-1] if stack else ""
        if found[0] == "{":
            kind = _kind(said, inside)
            if inside not in ({"", "keyframes"} | _GROUPS):
                yield at, f"nesting: {said[:40]}"
            yield from _prelude(at, said, kind)
            stack.append(kind)
            continue
        if said.startswith("@"):
            yield from _prelude(at, said, _kind(said, inside))
        elif said:
            yield from _declaration(at, said)
        if found[0] == "}":
            if not stack:
                yield at, "a brace too many"
                return
            stack.pop()
    if stack or text[begun:].strip():
        yield begun, "a rule that does not end"


def _kind(said: str, inside: str) -> str:
    """What a block is: the at-rule's name, or a style rule."""
    if said.startswith("@"):
        return re.split(r"[\s({;]", said[1:], maxsplit=1)[0].lower()
    return "keyframe" if inside == "keyframes" else "style"


def _prelude(at: int, said: str, kind: str) -> Iterator[tuple[int, str]]:
    if kind == "style":
        for found in _SELECTORS.finditer(said):
            yield at, f"selector {found[0]}"
    elif kind != "keyframe":
        if kind not in _AT_RULES:
            yield at, f"@{kind}"
        for found in _MEDIA.finditer(said):
            yield at, f"@{kind} {found[0]}"
        for found in _SELECTORS.finditer(said):
            yield at, f"@{kind} {found[0]}"


def _declaration(at: int, said: str) -> Iterator[tuple[int, str]]:
    name, _, value = said.partition(":")
    name = name.strip().lower()
    if _PROPERTIES.match(name):
        yield at, f"property {name}"
    for found in _VALUES.finditer(value):
        yield at, f"value {found[0]}"


# ── scripts ─────────────────────────────────────────────────────────────────────────────────────

_CALLS = re.compile(
    r"\.(?:with|group|union|intersection|difference)\s*\("  # as names of figures they are anybody's
    r"|\.(?:toSorted|toReversed|toSpliced|groupToMap|isWellFormed|toWellFormed"
    r"|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom"
    r"|withResolvers|fromAsync|groupBy|canParse|checkVisibility|startViewTransition"
    r"|showPopover|hidePopover|togglePopover|requestClose|setHTML|setHTMLUnsafe|parseHTMLUnsafe"
    r"|getHTML|moveBefore|rawJSON|sumPrecise|isError|scheduler|toBase64|toHex)\b"
    r"|\.(?:inert|popover|popoverTargetElement|commandForElement)\b"
    r"|\bPromise\.try\b|\bURL\.parse\b|\bAbortSignal\.(?:timeout|any)\b|\bRegExp\.escape\b"
    r"|\bCSS\.highlights\b|\bReadableStream\.from\b|\bMath\.f16round\b"
    r"|\bIterator\b|\bHighlight\b|\bscheduler\s*[.?]|\bnavigation\s*[.?]|\bTemporal\s*\."
    r"|\bFloat16Array\b|\bDurationFormat\b|\bCloseWatcher\b|\bSuppressedError\b|\bDisposableStack\b"
    r"|\b(?:await\s+)?using\s+\w+\s*=|\bimport\b[^;\n]*\b(?:with|assert)\s*\{"
)
_WORDS = re.compile(r"^(?:inert|popover(?:target(?:action)?)?|beforetoggle|scrollend|commandfor)$")
"""Names of attributes and events that stand in strings."""
_TOKENS = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*|[A-Za-z_$][\w$]*|[`{}]|\S",
    re.DOTALL,
)
_BEFORE_A_DIVISION = re.compile(r"[\w$)\]\"'`}]$")
_KEYWORDS = frozenset(
    [
        "return",
        "typeof",
        "case",
        "in",
        "of",
        "delete",
        "void",
        "throw",
        "new",
        "instanceof",
        "else",
        "do",
    ]
)


def script_faults(text: str) -> list[str]:
    """Each thing in a script that Chromium 100 does not know, with its line."""
    return [f"line {text.count(chr(10), 0, at) + 1}: {words}" for at, words in _script(text)]


def _script(text: str) -> Iterator[tuple[int, str]]:
    code = list(text)
    for at, token in _tokens(text):
        if token[:2] in {"//", "/*"} or token[0] in "\"'`" or (token[0] == "/" and len(token) > 2):
            code[at : at + len(token)] = re.sub(r"[^\n]", " ", token)
        if token[0] in "\"'" and _WORDS.match(token[1:-1]):
            yield at, f"word {token}"
        flags = (
            token.rpartition("/")[2] if token[0] == "/" and token[:2] not in {"//", "/*"} else ""
        )
        if "v" in flags or (
            flags != token and re.search(r"\(\?[ims-]+:", token) and token[0] == "/"
        ):
            yield at, f"regular expression {token}"
    for found in _CALLS.finditer("".join(code)):
        yield found.start(), found[0]


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """The tokens that matter: comments, strings, parts of templates, regular expressions, the rest.

    A slash divides after a value and begins an expression elsewhere. ``nested`` counts the braces
    open inside each ``${`` of a template.
    """
    at, before, nested = 0, "", []
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] == "}" and nested and nested[-1] == 0:
            nested.pop()
            at += 1
            part = _template(text, at)
            yield at - 1, f"`{part}"  # the brace is the template's, as much as its own sign
            before = "`"
            if part.endswith("${"):
                nested.append(0)
            at += len(part)
            continue
        found = _TOKENS.match(text, at)
        assert found is not None
        token = found[0]
        comment = token[:2] in {"//", "/*"}
        if token[0] == "/" and not comment and len(token) > 1:
            divides = _BEFORE_A_DIVISION.search(before) and before not in _KEYWORDS
            token = "/" if divides else token
        if token == "`":
            token += _template(text, at + 1)
            if token.endswith("${"):
                nested.append(0)
        elif nested and token in {"{", "}"}:
            nested[-1] += 1 if token == "{" else -1
        yield at, token
        before = before if comment else token
        at += len(token)


def _template(text: str, at: int) -> str:
    """A part of a template from ``at`` to its end or to the next ``${``, that included."""
    found = re.compile(r"(?:\\.|(?!\$\{)[^`\\])*(?:`|\$\{)", re.DOTALL).match(text, at)
    return found[0] if found else text[at:]


# ── templates ───────────────────────────────────────────────────────────────────────────────────

_MARKUP = re.compile(
    r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|<script(?![^>]*\bsrc=)|\s(?:inert|popover(?:target)?|commandfor|closedby)\b(?=[\s=>])"
    r"|<details[^>]*\sname=|(?:src|<link[^>]*href)=[\"'](?:https?:)?//",
    re.IGNORECASE,
)


def template_faults(text: str) -> list[str]:
    """What the policy refuses in a template, and attributes that came after Chromium 100."""
    bare = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)
    tags = "\n".join(
        re.findall(r"<[a-zA-Z][^<]*?>", re.sub(r"\{[%{].*?[%}]\}", "x", bare), re.DOTALL)
    )
    return [found[0].strip() for found in _MARKUP.finditer(tags)]
