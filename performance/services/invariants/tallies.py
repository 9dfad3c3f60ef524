"""Sums: what is not marked to be counted anew is what the papers come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from performance.models import Tally
from performance.selectors.tallies import departments_with_papers, marked_departments, tallies_of
from performance.services.invariants.shapes import Result


def sums_agree() -> Result:
    """I14: every department's sums are those of its papers, or it is marked."""
    result = Result("I14", "各主管部门的计数与表相符，不符的都已标记待重新计数")
    marked = marked_departments()
    kept = _by_department(Tally.objects.all())
    departments = departments_with_papers() | set(kept)
    result.checked = len(departments)
    found = _by_department(tallies_of(departments - marked))
    for department in sorted(departments - marked):
        if kept[department] != found[department]:
            result.add(f"编号 {department} 的主管部门计数与表不符")
    return result


def _by_department(tallies: Iterable[Tally]) -> dict[int, Counter[tuple[object, ...]]]:
    sums: dict[int, Counter[tuple[object, ...]]] = defaultdict(Counter)
    for one in tallies:
        key = (
            one.fiscal_year, one.paper, one.status, one.imported, one.claimed_grade,
            one.computed_grade,
        )  # fmt: skip
        sums[one.department_id][key] += one.count
    return sums
