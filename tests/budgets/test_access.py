"""Who sees what: the one door, and the roles that exclude each other."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from budgets import audit
from budgets.access import (
    chains_visible_to,
    events_visible_to,
    holds,
    may_import,
    projects_visible_to,
    reach_of,
    roles_for,
    seen_by,
)
from budgets.models import BudgetUnit, Department, Member, Office, Project, Region, Role, User
from tests.worlds import World


def _project(unit: BudgetUnit, name: str, **fields: str) -> Project:
    return Project.unscoped.create(department=unit.department, unit=unit, name=name, **fields)


def _user(name: str, role: str | None = None, **scope: object) -> User:
    user = User.objects.create_user(name, None, display_name=name)
    if role is not None:
        Member.objects.create(user=user, role=role, **scope)
    return user


def test_each_role_sees_its_own(world: World) -> None:
    sister = BudgetUnit.objects.create(department=world.department, name="丁市医保信息中心")
    far = Region.objects.create(code="429000", name="戊市")
    elsewhere = BudgetUnit.objects.create(
        department=Department.objects.create(region=far, name="戊市医疗保障局"), name="戊市中心"
    )
    rows = {name: _project(unit, name) for name, unit in {
        "own": world.unit, "sister": sister, "other": world.other, "far": elsewhere}.items()}  # fmt: skip
    _project(world.unit, "secret", confidentiality="secret")
    province = Region.objects.get(code="420000")

    def names(user: User) -> set[str]:
        return set(projects_visible_to(user).values_list("name", flat=True))

    assert names(world.clerk) == {"own"}
    assert names(_user("head", Role.UNIT_HEAD, department=world.department, unit=world.unit)) == {
        "own"
    }
    assert names(_user("dept", Role.DEPARTMENT_REVIEWER, department=world.department)) == {
        "own",
        "sister",
    }
    assert names(world.finance) == {"own", "sister", "other"}
    assert names(_user("auditor", Role.AUDITOR, region=province)) == set(rows)
    assert names(_user("admin", Role.SYSTEM_ADMIN)) == set()
    assert names(_user("nobody")) == set()
    world.clerk.is_active = False
    assert names(world.clerk) == set()
    assert names(AnonymousUser()) == set()  # type: ignore[arg-type]


def test_both_nets_work_out_the_same_departments(world: World) -> None:
    """The database's by itself, from the same memberships; of one role where it is asked for one."""
    province, city = Region.objects.get(code="420000"), world.region
    district = Region.objects.create(code="420704", name="戌区", parent=city)
    far = Region.objects.create(code="429000", name="戊市", parent=province)
    social = Office.objects.create(region=city, name="社会保障科")
    for region, office in ((district, None), (far, None), (city, social), (district, social)):
        Department.objects.create(region=region, name=f"{region.code}{office}", office=office)
    finance, reader = Role.FINANCE_REVIEWER, Role.REPORT_READER
    people = [
        _user("whole", finance, region=province),
        _user("city", Role.AUDITOR, region=city),
        _user("district", reader, region=district),
        _user("office", finance, region=city, office=social),
        _user("dept", Role.DEPARTMENT_REVIEWER, department=world.department),
        _user("system", Role.SYSTEM_ADMIN),
        _user("several", finance, region=district, office=social),
        world.clerk,
        world.finance,
    ]
    Member.objects.create(user=people[6], role=reader, region=far)
    Member.objects.create(
        user=people[6], role=Role.DEPARTMENT_REVIEWER, department=world.department
    )
    gone = _user("gone", finance, region=province)
    gone.is_active = False
    gone.save()
    sizes = []
    for user in (*people, gone):
        held = {
            row.pk: roles_for(user, unit_id=0, department_id=row.pk)
            for row in Department.objects.all()
        }
        with seen_by(user.pk), connection.cursor() as cursor:
            cursor.execute(
                "SELECT budgets_my_departments(), budgets_my_departments(%s)", [[finance]]
            )
            every, reviewed = cursor.fetchone()
        assert sorted(every) == sorted(pk for pk, roles in held.items() if roles), user
        assert sorted(reviewed) == sorted(pk for pk, roles in held.items() if finance in roles), (
            user
        )
        sizes.append(len(every))
    assert sizes == [6, 5, 2, 2, 1, 0, 3, 0, 5, 0]


def test_both_nets_reach_the_same_departments(world: World) -> None:
    for code in ("420000", "420100", "420702", "420702103", "423000", "110000", "110101"):
        region, _ = Region.objects.get_or_create(code=code, defaults={"name": code})
        office = Office.objects.create(region=region, name="一股")
        for name, own in (("甲", None), ("乙", office)):
            Department.objects.create(region=region, name=f"{code}{name}", office=own)
    found: dict[tuple[str, bool], set[str]] = {}
    for region in Region.objects.all():
        for office in (None, *region.offices.all()):
            user = _user(f"{region}{office}", Role.FINANCE_REVIEWER, region=region, office=office)
            ((_, reached),) = reach_of(user)
            ids = set(dict(reached.children)["department_id__among"])
            with seen_by(user.pk), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT budgets_my_departments(), budgets_my_departments('{finance_reviewer}'),"
                    " budgets_my_departments('{auditor}')"
                )
                every, of_role, of_another = cursor.fetchone()
            assert (set(every), set(of_role), of_another) == (ids, ids, [])
            names = Department.objects.filter(pk__in=ids, name__regex="^[0-9]")
            found[region.code, office is not None] = set(names.values_list("name", flat=True))
    below = {"420000甲", "420000乙", "420100甲", "420100乙", "420702甲", "420702乙"}
    below |= {"420702103甲", "420702103乙", "423000甲", "423000乙"}
    assert found["420000", False] == below
    assert found["420000", True] == {"420000乙"}
    assert found["420702", False] == {"420702甲", "420702乙", "420702103甲", "420702103乙"}
    assert found["423000", False] == {"423000甲", "423000乙"}
    assert found["110000", False] == {"110000甲", "110000乙", "110101甲", "110101乙"}


def test_who_may_bring_documents_in(world: World) -> None:
    pk = world.department.pk
    assert may_import(world.finance, pk)
    assert may_import(world.clerk, pk)
    assert not may_import(world.stranger, pk)
    assert not may_import(_user("auditor", Role.AUDITOR, region=world.region), pk)
    assert not may_import(world.finance, 10**9)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_exclude_each_other(world: World, role: str) -> None:
    user = _user("admin", Role.SYSTEM_ADMIN)
    with pytest.raises(DatabaseError, match="互斥"), transaction.atomic():
        Member.objects.create(user=user, role=role)


def test_administrators_hold_no_business_role(world: World) -> None:
    with pytest.raises(DatabaseError, match="互斥"), transaction.atomic():
        Member.objects.create(user=world.clerk, role=Role.SYSTEM_ADMIN)
    with pytest.raises(DatabaseError, match="member_role_has_its_scope"), transaction.atomic():
        Member.objects.create(user=world.clerk, role=Role.UNIT_HEAD)


@pytest.mark.django_db(transaction=False)
def test_an_event_belongs_to_a_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Outside:
        in_atomic_block = False

    monkeypatch.setattr("budgets.audit.transaction.get_connection", Outside)
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(actor=None, verb="x", object_type="x", object_id=1, department_id=1, detail={})


def test_things_say_what_they_are(world: World) -> None:
    project = _project(world.unit, "项目甲")
    assert [str(one) for one in (world.region, world.department, world.unit, project)] == [
        "丁市", "丁市医疗保障局", "丁市医疗保障服务中心", "项目甲"]  # fmt: skip
    assert str(Member.objects.get(user=world.clerk)) == "王经办 经办"


def test_who_holds_nothing_towards_a_unit(world: World) -> None:
    where = {"unit_id": world.unit.pk, "department_id": world.department.pk}
    assert roles_for(world.clerk, **where) == {Role.CLERK}
    assert roles_for(_user("admin", Role.SYSTEM_ADMIN), **where) == frozenset()
    assert not holds(AnonymousUser(), Role.CLERK)  # type: ignore[arg-type]
    assert holds(world.clerk, Role.CLERK)
    world.clerk.is_active = False
    assert roles_for(world.clerk, **where) == frozenset()


def test_the_trail_is_shown_to_those_who_audit(world: World) -> None:
    with transaction.atomic():
        audit.record(
            actor=None,
            verb="x",
            object_type="x",
            object_id=1,
            department_id=world.department.pk,
            detail={},
        )
    auditor = _user("auditor", Role.AUDITOR, region=world.region)
    every = _user("every", Role.AUDIT_ADMIN)
    assert events_visible_to(auditor).filter(verb="x").count() == 1
    assert events_visible_to(every).filter(verb="x").count() == 1
    assert not events_visible_to(world.clerk).exists()
    assert not events_visible_to(AnonymousUser()).exists()  # type: ignore[arg-type]
    assert chains_visible_to(auditor) == {world.department.pk, world.other.department_id}
    assert chains_visible_to(every) is None
    assert chains_visible_to(world.clerk) == frozenset()
    every.is_active = False
    assert not events_visible_to(every).exists()
    assert chains_visible_to(every) == frozenset()
