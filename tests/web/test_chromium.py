"""Stylesheets, scripts and templates stay within what Chromium 100 knows and the policy allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.web.chromium import script_faults, stylesheet_faults, template_faults

ROOT = Path(__file__).resolve().parent.parent.parent
_WEB = [
    path
    for app in ("budgets", "performance")
    for path in sorted((ROOT / app).rglob("*"))
    if path.suffix in {".css", ".js", ".html"} and "built" not in path.parts
]
OF_KIND = {suffix: [p for p in _WEB if p.suffix == suffix] for suffix in (".css", ".js", ".html")}
READ = {".css": stylesheet_faults, ".js": script_faults, ".html": template_faults}


@pytest.mark.parametrize("suffix", READ)
def test_nothing_newer_is_used(suffix: str) -> None:
    found = {
        str(path.relative_to(ROOT)): faults
        for path in OF_KIND[suffix]
        if (faults := READ[suffix](path.read_text(encoding="utf-8")))
    }
    assert len(OF_KIND[suffix]) >= 3
    assert found == {}


def test_the_bundle_of_the_charts_is_built_for_it() -> None:
    build = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["scripts"]["build"]
    assert "--target=chrome100" in build.split()


@pytest.mark.parametrize(
    "planted",
    [
        "tr:has(> td) { color: red }",
        ".a { color: red; & .b { color: blue } }",
        ".a { color: red; .b { color: blue } }",
        ".a { @media print { color: blue } }",
        "@media print { .a { .b { color: blue } } }",
        "@page { @top-left { content: '1' } }",
        "@container (min-width: 3em) { .a { color: red } }",
        "@scope (.a) { p { color: red } }",
        "@starting-style { .a { opacity: 0 } }",
        "@import 'other.css';",
        "@media (width >= 600px) { .a { color: red } }",
        "@supports selector(:has(a)) { .a { color: red } }",
        ".a { grid-template-rows: subgrid }",
        ".a { color: color-mix(in srgb, red, blue) }",
        ".a { color: oklch(40% 0.2 30) }",
        ".a { color: hwb(194 0% 0%) }",
        ".a { height: 100dvh }",
        ".a { min-height: calc(50svh - 1px) }",
        ".a { padding: 1lh }",
        ".a { width: 20cqw }",
        ".a { text-wrap: balance }",
        ".a { translate: 2px }",
        ".a { width: round(2.5px, 1px) }",
        ".a { scrollbar-width: thin }",
        ":popover-open { color: red }",
        "li:nth-child(2 of .a) { color: red }",
        "input:user-invalid { color: red }",
        ".a { color: red",
    ],
)
def test_a_newer_stylesheet_is_noticed(planted: str) -> None:
    assert len(stylesheet_faults(f".before {{ color: red }}\n{planted}\n")) >= 1


def test_what_it_knows_is_let_by() -> None:
    known = """
    /* :has( and 100dvh in a comment & so on */
    .a::before { content: ":has( { & }"; transform: translate(2px) rotate(3deg); accent-color: red }
    @layer base { @media (min-width: 3em) { .a > .b:is(.c, .d):not(.e) { inset: 0; height: 100vh } } }
    @page { size: A4 landscape; margin: 12mm }
    @keyframes turn { from { opacity: 0 } 50% { opacity: .5 } to { opacity: 1 } }
    .x { color: rgb(0 0 0 / 25%); background: url(data:image/svg+xml,a); aspect-ratio: 1; --lab: 3 }
    @supports (display: grid) { .a { width: min(3em, 2vw); margin: env(safe-area-inset-top) } }
    """
    assert stylesheet_faults(known) == []


@pytest.mark.parametrize(
    "planted",
    [
        "const a = rows.toSorted();",
        "const a = [...rows].toReversed()[0];",
        "Object.groupBy(rows, (one) => one.a);",
        "const { promise } = Promise.withResolvers();",
        "await Array.fromAsync(rows);",
        "one.union(other);",
        "main.inert = true;",
        "menu.setAttribute('popover', '');",
        "menu.showPopover();",
        "scheduler.postTask(work);",
        "import words from './words.json' with { type: 'json' };",
        "text.match(/[\\p{L}--[a-z]]/v);",
        "text.match(/(?i:abc)/);",
        "const a = `${rows.toSorted().join()}`;",
        "const a = `${{ b: 1 }.b} ${rows.toSorted()}`;",
        "URL.canParse(text);",
        "fetch(where, { signal: AbortSignal.timeout(3000) });",
        "using file = opened();",
        "const a = 4 / 2 + rows.toSorted() / 3;",
        "document.startViewTransition(draw);",
    ],
)
def test_a_newer_script_is_noticed(planted: str) -> None:
    assert len(script_faults(f"'use strict';\n{planted}\n")) >= 1


def test_a_script_it_knows_is_let_by() -> None:
    known = r"""
    // rows.toSorted() in a comment; it's fine
    const words = "rows.toSorted()", also = 'it\'s .inert', more = `with ${also} .toSorted( ${[1].at(-1)}`;
    class One { static { One.two = 2; } #three = 3; has(one) { return #three in one; } }
    const half = words.length / 2, other = half / 3, found = /["'`/]\/(?:a|b)/gu.test(words);
    const last = [1, 2].findLast((n) => n > 1), copy = structuredClone({ a: last ?? 1 });
    if (row.difference) row.union = row.group + 1;
    if (found) { half.a ||= /x.toSorted()/y.exec(words); }
    """
    assert script_faults(known) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">x</p>',
        "<p {% if a %}class='b'{% endif %} style='color: red'>x</p>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>p { color: red }</style>",
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        '<script src="https://elsewhere.example/a.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.example/a.css">',
        "<div popover>x</div>",
        '<main inert="">x</main>',
    ],
)
def test_markup_the_policy_refuses_is_noticed(planted: str) -> None:
    assert len(template_faults(f"<h1>x</h1>\n{planted}\n")) >= 1


def test_plain_markup_is_let_by() -> None:
    known = (
        "<script src=\"{% static 'a.js' %}\" defer></script>{# style= #}"
        '<details class="a"><summary>style = 1</summary></details>'
        '<a href="https://www.mof.gov.cn/">财政部</a><input name="once" data-style="x">'
    )
    assert template_faults(known) == []
