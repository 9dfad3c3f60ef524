"""Published documents of two departments and the library gathered from them, beside the bureau.

Run as a program with DATABASE_URL set, after ``tests.browser.bureau``.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Brings in the same final accounts for both units, and gathers."""
    import django

    django.setup()
    from budgets.access import seen_by, seen_by_system
    from budgets.models import BudgetUnit, User
    from performance.services.imports import import_document
    from performance.services.library import gather_indicators
    from tests.samples.build import HERE

    sample = HERE / "hubei-final-accounts-2022.txt"
    with seen_by_system():
        finance = User.objects.get(username="finance")
        units = list(BudgetUnit.objects.filter(parent=None).order_by("pk"))
    for unit in units:
        with seen_by(finance.pk):
            import_document(actor=finance, unit=unit, data=sample.read_bytes(), name=sample.name)
    with seen_by_system():
        sys.stdout.write(f"{gather_indicators()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
