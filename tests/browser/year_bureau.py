"""A bureau on its first day: people, places and no paper yet; prints who may sign in.

Run as a program with DATABASE_URL set: the browser's server works on what it leaves.
"""

from __future__ import annotations

import json
import sys

DEPARTMENT = "壬市生态环境局"
UNIT = "壬市生态环境监测中心（壬市机动车排气污染监督管理站）"


def main() -> int:
    """Makes the people and prints their sessions as one JSON object."""
    import django

    django.setup()
    from budgets.access import seen_by_system
    from budgets.models import BudgetUnit, Department
    from tests.cast import assemble
    from tests.torture.stage import session_of

    names = {"clerk": "王经办", "head": "李主任", "reviewer": "周科长", "finance": "赵科员"}
    with seen_by_system():
        cast = assemble()
        for name, display in names.items():
            cast[name].display_name = display
            cast[name].save(update_fields=["display_name"])
        Department.objects.filter(pk=cast.department.pk).update(name=DEPARTMENT)
        BudgetUnit.objects.filter(pk=cast.unit.pk).update(name=UNIT)
        print(json.dumps({"sessions": {name: session_of(cast[name]) for name in names}}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
