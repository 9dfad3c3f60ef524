"""Which departments somebody of a region reaches: both nets, each by itself."""

from __future__ import annotations

from django.db import connection

from budgets.access import reach_of, seen_by
from budgets.models import Department, Member, Office, Region, Role, User

_ROLE = Role.FINANCE_REVIEWER


def test_a_region_reaches_what_is_below_it_in_both_nets(db: None) -> None:
    for code in ("420000", "420100", "420702", "420702103", "423000", "110000", "110101"):
        region = Region.objects.create(code=code, name=code)
        office = Office.objects.create(region=region, name="一股")
        for name, own in (("甲", None), ("乙", office)):
            Department.objects.create(region=region, name=f"{code}{name}", office=own)
    found: dict[tuple[str, bool], set[str]] = {}
    for region in Region.objects.all():
        for office in (None, *region.offices.all()):
            user = User.objects.create_user(f"{region}{office}", None, display_name="财政")
            Member.objects.create(user=user, role=_ROLE, region=region, office=office)
            ((_, reached),) = reach_of(user)
            ids = set(dict(reached.children)["department_id__among"])
            with seen_by(user.pk), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT budgets_my_departments(), budgets_my_departments('{finance_reviewer}'),"
                    " budgets_my_departments('{auditor}')"
                )
                every, of_role, of_another = cursor.fetchone()
            assert (set(every), set(of_role), of_another) == (ids, ids, [])
            names = Department.objects.filter(pk__in=ids)
            found[region.code, office is not None] = set(names.values_list("name", flat=True))
    below = {"420000甲", "420000乙", "420100甲", "420100乙", "420702甲", "420702乙"}
    below |= {"420702103甲", "420702103乙", "423000甲", "423000乙"}
    assert found["420000", False] == below
    assert found["420000", True] == {"420000乙"}
    assert found["420702", False] == {"420702甲", "420702乙", "420702103甲", "420702103乙"}
    assert found["423000", False] == {"423000甲", "423000乙"}
    assert found["110000", False] == {"110000甲", "110000乙", "110101甲", "110101乙"}
