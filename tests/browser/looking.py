"""What is asked of any page in the browser: scripts run in it, and what they must find."""

from __future__ import annotations

import os
from typing import Any

from tests.conftest import CHROMIUM

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def launched(playwright: Any) -> Any:
    """The browser, speaking Chinese where its words for that are installed: so do those of its users."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=_ARGUMENTS, env={**os.environ, "LANGUAGE": "zh_CN"}
    )


WATCH = """
(() => {
  window.__watched = { shift: 0, policy: [], focused: [] };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.__watched.shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  document.addEventListener("securitypolicyviolation",
    (event) => window.__watched.policy.push(`${event.violatedDirective} ${event.blockedURI}`));
  document.addEventListener("focusin", (event) => window.__watched.focused.push(event.target));
})();
"""
"""Put into every page before its own scripts."""

DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Waits until what was loaded is drawn."""

_REACHABLE = """
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const radios = new Set();
  const reachable = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && shown(one) && !one.closest("fieldset:disabled"))
    .filter((one) => {
      if (one.type !== "radio" || !one.name) return true;
      const group = [...(one.form || document).querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)];
      return group.some((other) => other.checked) ? one.checked : group.find(shown) === one;
    });
  const named = (one) => one.outerHTML.slice(0, 160).replace(/\\s+/g, " ");
"""
_MARKED = (
    "() => {"
    + _REACHABLE
    + """
  const unmarked = [];
  for (const one of reachable) {
    one.blur();
    const style = getComputedStyle(one), before = [style.boxShadow, style.borderColor, style.backgroundColor].join();
    one.focus();
    if (document.activeElement !== one) { unmarked.push("takes no focus: " + named(one)); continue; }
    const now = getComputedStyle(one);
    const outlined = now.outlineStyle !== "none" && parseFloat(now.outlineWidth) > 0;
    if (!outlined && before === [now.boxShadow, now.borderColor, now.backgroundColor].join())
      unmarked.push("shows no focus: " + named(one));
    const box = one.getBoundingClientRect();
    if (box.right < 1 || box.bottom < 1) unmarked.push("off the page: " + named(one));
  }
  const jumping = [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).map(named);
  document.activeElement.blur();
  window.scrollTo(0, 0);
  window.__watched.focused = [];
  const parts = reachable.slice(0, 60).filter((one) => /^(date|time|month|week)/.test(one.type)).length;
  return [reachable.length, 7 * parts, [...unmarked, ...jumping.map((one) => "out of order: " + one)]];
}"""
)
_WALKED = (
    "(walked) => {"
    + _REACHABLE
    + """
  const met = window.__watched.focused, due = reachable.slice(0, walked);
  return due.filter((one) => !met.includes(one)).map((one) => "not reached by Tab: " + named(one));
}"""
)
_CUT = """
() => {
  const found = [];
  for (const one of document.querySelectorAll("main td, main th, main dd, main li, main p, main button, main a, main label, main legend, main h1, main h2, nav a")) {
    if (one.closest(".visually-hidden") || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || !one.childElementCount && !one.textContent.trim()) continue;
    const style = getComputedStyle(one);
    if (style.overflowX === "visible" && style.textOverflow !== "ellipsis") {
      if (one.matches("td, th") && one.scrollWidth > one.clientWidth + 2) found.push(one.outerHTML.slice(0, 160));
      continue;
    }
    if (style.overflowX !== "auto" && style.overflowX !== "scroll" && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
      found.push(one.outerHTML.slice(0, 160));
  }
  return found;
}
"""
MOST_STEPS = 40


def faults_of(page: Any, *, walk: bool) -> list[str]:
    """What the page itself tells after it was opened: shifts, complaints, width, focus."""
    watched = page.evaluate("({ shift: __watched.shift, policy: __watched.policy })")
    found = [f"refused by the policy: {one}" for one in watched["policy"]]
    if watched["shift"] >= 0.02:
        found.append(f"moves while it loads: {watched['shift']:.3f}")
    found += too_wide(page)
    found += [f"cut off: {one}" for one in page.evaluate(_CUT)]
    if walk:
        found += _keyboard(page)
    return found


def too_wide(page: Any) -> list[str]:
    """Whether the whole page scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} wide"] if width > page.viewport_size["width"] else []


def _keyboard(page: Any) -> list[str]:
    """Everything that takes part shows its focus; the first of it are reached by Tab, in one walk."""
    page.keyboard.press("Tab")  # from here on focus is the keyboard's
    reachable, more, found = page.evaluate(_MARKED)
    steps = min(reachable, MOST_STEPS)
    for _ in range(steps + more + 6):  # parts of dates and wide tables take steps of their own
        page.keyboard.press("Tab")
    found += page.evaluate(_WALKED, steps)
    page.evaluate("document.activeElement.blur()")
    return list(found)
