"""The rules as pages: what each set says, with examples, and where it differs from another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from performance.rulebook import UnknownRuleset, all_rulesets, load, words


@require_safe
def rulesets(request: HttpRequest) -> HttpResponse:
    """All rule sets side by side."""
    sets = [(rules, words.described(rules)) for rules in all_rulesets().values()]
    context = {"section": "rules", "sets": sets, "unread": words.UNREAD}
    return render(request, "performance/rules.html", context)


@require_safe
def ruleset(request: HttpRequest, identity: str) -> HttpResponse:
    """One rule set: source, rules beside those of the set it is compared with, worked examples."""
    try:
        rules = load(identity)
    except UnknownRuleset:
        raise Http404 from None
    other = words.compared_with(rules)
    theirs = words.described(other) if other else words.described(rules)
    context = {
        "section": "rules",
        "rules": rules,
        "other": other,
        "rows": tuple(zip(words.described(rules), theirs, strict=True)),
        "differing": len(words.differences(rules, other)) if other else 0,
        "examples": words.examples(rules),
        "unread": words.UNREAD,
    }
    return render(request, "performance/ruleset.html", context)
