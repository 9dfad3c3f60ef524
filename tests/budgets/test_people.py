"""Accounts, rights and places: who may, what it leaves in the trail, and what acts at once."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from budgets.errors import Conflict, Invalid, NotAllowed, NotFound
from budgets.models import (
    AuditChange,
    AuditEvent,
    BudgetUnit,
    Department,
    Member,
    Office,
    Region,
    Role,
    User,
)
from budgets.selectors.people import locked_names
from budgets.services import attempts, people, places, second_factors
from tests.cast import Cast, assemble
from tests.talk import ClientApi

ADMINS = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def _last() -> AuditEvent:
    event = AuditEvent.objects.order_by("-id").first()
    assert event is not None
    return event


def _locked(user: User) -> None:
    for _ in range(5):
        attempts.take(user.username, "192.0.2.1")


def _with_factor(user: User) -> None:
    second_factors.begin(actor=user)
    user.second_factor.confirmed_at = user.created_at
    user.second_factor.save()


# ── verbs ───────────────────────────────────────────────────────────────────────────────────────

Verb = Callable[[User | None, Cast], Any]
SECURITY: dict[str, Verb] = {
    "create_account": lambda actor, cast: people.create_account(
        actor=actor, username="new", display_name="新人"
    ),
    "disable_account": lambda actor, cast: people.disable_account(
        actor=actor, public_id=cast["clerk"].public_id
    ),
    "enable_account": lambda actor, cast: people.enable_account(
        actor=actor, public_id=cast["clerk2"].public_id
    ),
    "set_initial_password": lambda actor, cast: people.set_initial_password(
        actor=actor, public_id=cast["clerk"].public_id
    ),
    "unlock_account": lambda actor, cast: people.unlock(
        actor=actor, public_id=cast["clerk"].public_id
    ),
    "reset_second_factor": lambda actor, cast: people.reset_second_factor(
        actor=actor, public_id=cast["clerk"].public_id
    ),
    "grant_role": lambda actor, cast: people.grant_role(
        actor=actor, public_id=cast["clerk"].public_id, role="auditor", region="360100"
    ),
    "revoke_role": lambda actor, cast: people.revoke_role(
        actor=actor,
        public_id=cast["clerk"].public_id,
        member=Member.objects.get(user=cast["clerk"]).pk,
    ),
}
SYSTEM: dict[str, Verb] = {
    "create_region": lambda actor, cast: places.create_region(
        actor=actor, code="360101", name="辛区", parent="360100"
    ),
    "create_office": lambda actor, cast: places.create_office(
        actor=actor, region="360100", name="农业科"
    ),
    "create_department": lambda actor, cast: places.create_department(
        actor=actor, region="360100", name="丙局", code="301"
    ),
    "create_unit": lambda actor, cast: places.create_unit(
        actor=actor, department=cast.department.public_id, name="甲三中心", code="101003"
    ),
    "change_department": lambda actor, cast: places.change_department(
        actor=actor, public_id=cast.department.public_id, name="甲局（新）", office=None
    ),
    "rename_unit": lambda actor, cast: places.rename_unit(
        actor=actor, public_id=cast.unit.public_id, name="甲一服务中心"
    ),
}


def _ready(cast: Cast) -> None:
    User.objects.filter(pk=cast["clerk2"].pk).update(is_active=False)
    _locked(cast["clerk"])
    _with_factor(cast["clerk"])


@pytest.mark.parametrize("verb", [*SECURITY, *SYSTEM])
def test_each_verb_is_one_persons_and_one_event(cast: Cast, verb: str) -> None:
    _ready(cast)
    act = SECURITY.get(verb) or SYSTEM[verb]
    rightful = "security" if verb in SECURITY else "system"
    before = AuditEvent.objects.count()
    refused = 0
    for name, person in cast.people.items():
        if name == rightful or not User.objects.get(pk=person.pk).is_active:
            continue
        with pytest.raises(NotAllowed), transaction.atomic():
            act(person, cast)
        refused += 1
    assert refused == len(cast.people) - 2
    assert AuditEvent.objects.count() == before
    act(cast[rightful], cast)
    event = _last()
    assert AuditEvent.objects.count() == before + 1
    assert (event.chain, event.verb, event.actor) == (0, verb, cast[rightful])
    changes = AuditChange.objects.filter(event=event)
    assert changes.exists() or verb in {"unlock_account"}
    for change in changes:
        if change.table_name == "budgets_user":
            personal = {"password", "username", "display_name", "email", "person_key"}
            assert not personal & {*(change.old or {}), *(change.new or {})}


@pytest.mark.parametrize("verb", [v for v in SECURITY if v != "create_account"])
def test_nobody_changes_the_own_account(cast: Cast, verb: str) -> None:
    cast.people["clerk"] = cast.people["clerk2"] = cast["security"]
    with pytest.raises(NotAllowed, match="自己"):
        SECURITY[verb](cast["security"], cast)
    assert Member.objects.filter(user=cast["security"]).count() == 1


def test_what_the_verbs_do(cast: Cast) -> None:
    _ready(cast)
    security, clerk = cast["security"], cast["clerk"]
    made = people.create_account(
        actor=security, username="  Zhang.San ", display_name="张三", identity="E-1001"
    )
    assert made.user.username == "zhang.san"
    assert made.user.check_password(made.password)
    assert made.user.must_change_password
    for identity in ("e-1001", "Ｅ-1001", " E-1001 "):
        with pytest.raises(Conflict, match="一人"):
            people.create_account(
                actor=security, username="other", display_name="张三", identity=identity
            )
    with pytest.raises(Conflict, match="已有用户名"):
        people.create_account(actor=security, username="ZHANG.SAN", display_name="某")
    with pytest.raises(Invalid) as wrong:
        people.create_account(
            actor=security, username="张", display_name=" ", email="not-an-address"
        )
    assert set(wrong.value.fields) == {"username", "display_name", "email"}
    assert locked_names(["clerk", "head"]).keys() == {"clerk"}
    people.unlock(actor=security, public_id=clerk.public_id)
    assert not locked_names(["clerk"])
    people.reset_second_factor(actor=security, public_id=clerk.public_id)
    with pytest.raises(Conflict):
        people.reset_second_factor(actor=security, public_id=clerk.public_id)
    with pytest.raises(Conflict):
        people.enable_account(actor=security, public_id=clerk.public_id)
    with pytest.raises(NotFound):
        people.unlock(actor=security, public_id=uuid.uuid4())


def test_one_person_has_one_account_in_the_database_too(cast: Cast) -> None:
    User.objects.filter(pk=cast["clerk"].pk).update(person_key="a" * 64)
    with pytest.raises(DatabaseError, match="user_one_account_a_person"), transaction.atomic():
        User.objects.filter(pk=cast["head"].pk).update(person_key="a" * 64)


@pytest.mark.parametrize(
    ("role", "scope", "field"),
    [
        ("clerk", {}, "unit"),
        ("unit_head", {"unit": uuid.uuid4()}, "unit"),
        ("department_reviewer", {}, "department"),
        ("finance_reviewer", {}, "region"),
        ("auditor", {"region": "999999"}, "region"),
        ("auditor", {"region": "360100", "office": uuid.uuid4()}, "office"),
        ("king", {}, "role"),
    ],
)
def test_a_role_needs_its_scope(cast: Cast, role: str, scope: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        people.grant_role(
            actor=cast["security"], public_id=cast["reader"].public_id, role=role, **scope
        )
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    "roles", [*itertools.combinations(ADMINS, 2), tuple(ADMINS)], ids=lambda r: "+".join(r)
)
def test_the_three_administrators_cannot_combine(cast: Cast, roles: tuple[Role, ...]) -> None:
    """Any two, all three: refused by the service, and by the database whatever asks it."""
    user = people.create_account(actor=cast["security"], username="power", display_name="权").user
    people.grant_role(actor=cast["security"], public_id=user.public_id, role=roles[0])
    for role in roles[1:]:
        with pytest.raises(Conflict, match="互斥"):
            people.grant_role(actor=cast["security"], public_id=user.public_id, role=role)
    tried = 0
    for role in roles[1:]:
        with (
            pytest.raises(DatabaseError, match="互斥"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO budgets_member (user_id, role) VALUES (%s, %s)", [user.pk, role]
            )
        with pytest.raises(DatabaseError, match="互斥"), transaction.atomic():
            Member.objects.create(user=user, role=Role.CLERK, department=cast.department, unit=cast.unit)  # fmt: skip
        tried += 1
    assert tried == len(roles) - 1
    assert list(Member.objects.filter(user=user).values_list("role", flat=True)) == [roles[0]]


# ── at once ─────────────────────────────────────────────────────────────────────────────────────

EVERY_ROLE = {
    "clerk": "clerk", "head": "unit_head", "reviewer": "department_reviewer",
    "finance": "finance_reviewer", "auditor": "auditor", "reader": "report_reader",
    "system": "system_admin", "security": "security_admin", "audit_admin": "audit_admin",
}  # fmt: skip


def test_every_role_is_among_them() -> None:
    assert sorted(EVERY_ROLE.values()) == sorted(Role.values)


@pytest.mark.parametrize("name", EVERY_ROLE)
def test_rights_changed_during_a_session_act_on_the_next_request(cast: Cast, name: str) -> None:
    security = User.objects.create_user("security2", None, display_name="安全二")
    Member.objects.create(user=security, role=Role.SECURITY_ADMIN)
    user = cast[name]
    api = ClientApi(user)
    sees: dict[str, Callable[[], bool]] = {
        "system_admin": lambda: api.client.get("/places/").status_code == 200,
        "security_admin": lambda: api.client.get("/people/").status_code == 200,
        "audit_admin": lambda: bool(api.get("me/").body["roles"]),
    }

    def has_rights() -> bool:
        if special := sees.get(EVERY_ROLE[name]):
            return special()
        return bool(api.get("projects/").body["results"]) and bool(api.get("me/").body["roles"])

    assert has_rights()
    member = Member.objects.get(user=user)
    people.revoke_role(actor=security, public_id=user.public_id, member=member.pk)
    assert not has_rights()
    people.grant_role(
        actor=security,
        public_id=user.public_id,
        role=member.role,
        region=member.region.code if member.region else "",
        department=member.department.public_id if member.department else None,
        unit=member.unit.public_id if member.unit else None,
    )
    assert has_rights()
    people.disable_account(actor=security, public_id=user.public_id)
    assert api.get("me/").status == 401
    people.enable_account(actor=security, public_id=user.public_id)
    assert api.get("me/").status == 401, "the session of before must not come back"


@pytest.mark.parametrize("verb", ["set_initial_password", "reset_second_factor"])
def test_sessions_end_with_what_guarded_them(cast: Cast, verb: str) -> None:
    _with_factor(cast["clerk"])
    api = ClientApi(cast["clerk"])
    assert api.get("me/").status == 200
    SECURITY[verb](cast["security"], cast)
    assert api.get("me/").status == 401


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────


def test_accounts_are_found_by_place_and_by_lock(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_FAILURES = 1
    client = Client()
    client.force_login(cast["security"])

    def found(query: str) -> set[str]:
        page = client.get(f"/people/?{query}").content.decode()
        return {name for name in cast.people if f"<td>{name}</td>" in page}

    assert found("state=locked") == set()
    attempts.take("Foreign_Clerk", None)
    assert found("state=locked") == {"foreign_clerk"}
    assert found("place=乙") == {"foreign_clerk", "foreign_head", "foreign_reviewer"}
    assert found("place=乙&role=clerk") == {"foreign_clerk"}
    assert found("place=行政政法科") == {"elsewhere"}
    assert found("place=没有") == set()


def test_the_api_of_people(cast: Cast) -> None:
    api = ClientApi(cast["security"])
    made = api.post("people/", {"username": "new", "display_name": "新人"}, key="key-people-1")
    assert made.status == 201
    assert made.body["password"]
    again = api.post("people/", {"username": "new", "display_name": "新人"}, key="key-people-1")
    assert (again.status, again.body) == (201, {"id": made.body["id"], "password": None})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM budgets_idempotencykey WHERE key = 'key-people-1'")
        assert made.body["password"] not in str(cursor.fetchall())
    one = f"people/{made.body['id']}/"
    role = {"role": "clerk", "unit": str(cast.unit.public_id)}
    granted = api.post(f"{one}roles/", role)
    assert granted.status == 201
    assert granted.body["roles"][0]["place"] == "甲一中心"
    assert api.post(f"{one}roles/", role).status == 409
    assert api.post(f"{one}roles/", {"role": "clerk"}).status == 400
    assert api.post(f"{one}disable/", {}).body["is_active"] is False
    assert api.post(f"{one}disable/", {}).status == 409
    assert api.post(f"{one}enable/", {}).body["is_active"] is True
    assert api.post(f"{one}unlock/", {}).status == 200
    assert api.post(f"{one}second-factor/", {}).status == 409
    assert api.post(f"{one}password/", {}).body["password"]
    held = api.get(one).body["roles"][0]["id"]
    assert api.write("DELETE", f"{one}roles/{held}/", None).status == 204
    assert api.get(one).body["roles"] == []
    found = api.get("people/?words=new&state=active").body["results"]
    assert [row["username"] for row in found] == ["new"]
    assert api.get("people/?role=auditor").body["results"][0]["username"] == "auditor"
    for name in ("clerk", "system", "audit_admin", "finance"):
        other = ClientApi(cast[name])
        assert other.get("people/").status == other.get(one).status == 403
        assert other.post(f"{one}disable/", {}).status == 403


def test_the_api_of_places(cast: Cast) -> None:
    api = ClientApi(cast["system"])
    assert api.post("places/regions/", {"code": "360102", "name": "辛县"}).status == 201
    office = api.post("places/offices/", {"region": "360102", "name": "社保股"})
    department = api.post(
        "places/departments/",
        {"region": "360102", "name": "丁局", "office": office.body["id"]},
    )
    unit = {"department": department.body["id"], "name": "丁中心", "code": "1"}
    made = api.post("places/units/", unit)
    assert made.status == 201
    assert api.post("places/units/", unit).status == 409
    assert api.post("places/units/", {**unit, "name": "二", "code": "中"}).status == 400
    below = {**unit, "name": "丁中心分部", "code": "2", "parent": made.body["id"]}
    assert api.post("places/units/", below).status == 201
    assert api.post("places/units/", {**below, "parent": str(cast.unit.public_id)}).status == 404
    assert api.post("places/regions/", {"code": "36", "name": "x"}).status == 400
    assert BudgetUnit.objects.filter(department__name="丁局").count() == 2
    assert ClientApi(cast["security"]).post("places/units/", unit).status == 403


def test_the_pages_of_people(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(cast["security"])
    client.get("/account/")
    amounts = []
    for more in range(2):
        if more:
            for n in range(30):
                user = User.objects.create_user(f"more{n}", None, display_name=f"多{n}")
                Member.objects.create(user=user, role=Role.AUDITOR, region=cast.region)
        with django_assert_max_num_queries(14) as asked:
            page = client.get("/people/").content.decode()
        amounts.append(len(asked))
    assert amounts[0] == amounts[1]
    assert "甲一中心" in page
    made = client.post("/people/new/", {"username": "new", "display_name": "新人"})
    assert "初始密码" in made.content.decode()
    user = User.objects.get(username="new")
    one = f"/people/{user.public_id}/"
    assert client.post("/people/new/", {"username": "new", "display_name": "新"}).status_code == 400
    assert client.post(f"{one}roles/", {"role": "clerk", "unit": str(cast.unit.public_id)}).status_code == 302  # fmt: skip
    assert "甲一中心" in client.get(one).content.decode()
    assert "请选择地区" in client.post(f"{one}roles/", {"role": "auditor"}).content.decode()
    held = Member.objects.get(user=user).pk
    assert client.post(f"{one}roles/{held}/revoke/").status_code == 302
    for verb in ("disable", "enable", "unlock", "second-factor"):
        assert client.post(f"{one}{verb}/").status_code == 302
    assert "初始密码" in client.post(f"{one}password/").content.decode()
    _locked(user)
    assert "锁定至" in client.get(one).content.decode()
    assert "已锁定" in client.get("/people/", {"words": "new"}).content.decode()
    own = client.post(f"/people/{cast['security'].public_id}/disable/", follow=True)
    assert "不能改变自己" in own.content.decode()
    for name in ("clerk", "system", "audit_admin"):
        other = Client()
        other.force_login(cast[name])
        answers = [other.get("/people/"), other.get(one), other.get("/people/new/"), other.post(f"{one}disable/"),
                   other.post(f"{one}roles/", {"role": "auditor"}), other.post("/people/new/", {})]  # fmt: skip
        assert {answer.status_code for answer in answers} == {403}


def test_a_role_is_offered_for_few_places_others_are_found(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("budgets.selectors.places.OFFERED", 1)
    client = Client()
    client.force_login(cast["security"])
    one = f"/people/{cast['clerk'].public_id}/"
    page = client.get(one).content.decode()
    assert "下面各列出前" in page and page.count("中心</option>") == 1
    assert "甲二中心</option>" in client.get(f"{one}?find=甲二").content.decode()
    wrong = {"role": "auditor", "unit": str(cast.sister.public_id), "find": "乙一"}
    page = client.post(f"{one}roles/", wrong).content.decode()
    assert "乙一中心</option>" in page, "what was looked for is still listed"
    assert f'value="{cast.sister.public_id}" selected' in page, "and what was chosen stays"


def test_the_page_of_places(cast: Cast, monkeypatch: Any) -> None:
    client = Client()
    client.force_login(cast["system"])

    def post(**fields: Any) -> int:
        return int(client.post("/places/", fields).status_code)

    assert post(kind="region", code="360103", name="辛二县") == 302
    assert post(kind="office", region="360103", name="股") == 302
    office = Office.objects.get(name="股")
    assert post(kind="department", region="360103", name="戊局", office=office.public_id) == 302
    department = Department.objects.get(name="戊局")
    assert post(kind="unit", department=department.public_id, name="戊中心") == 302
    unit = BudgetUnit.objects.get(name="戊中心")
    assert post(kind="rename_unit", id=unit.public_id, name="戊服务中心") == 302
    assert post(kind="change_department", id=department.public_id, name="己局", office="") == 302
    assert post(kind="region", code="360103", name="又") == 400
    assert post(kind="nothing") == 400
    page = client.get("/places/").content.decode()
    assert "己局" in page and "戊服务中心" not in page
    own = f"/places/?department={department.public_id}"
    assert "戊服务中心" in client.get(own).content.decode()
    assert client.post(own, {"kind": "rename_unit", "id": unit.public_id, "name": "戊\n中心"}).url == own  # fmt: skip
    found = client.get("/places/?words=戊中").content.decode()
    assert "戊中心" in found and "己局" in found and "没有名称里有“戊中”的主管部门" in found
    monkeypatch.setattr("budgets.selectors.places.PAGE_SIZE", 1)
    pages = [client.get(f"/places/?page={page}").content.decode() for page in (1, 2, 3)]
    for name in ("甲局", "乙局", "己局"):
        assert sum(f">{name}</a>" in page for page in pages) == 1, name
    assert client.get(f"/places/?department={uuid.uuid4()}").status_code == 404
    assert Region.objects.filter(code="360103").exists()
    other = Client()
    other.force_login(cast["clerk"])
    assert other.get("/places/").status_code == other.post("/places/", {}).status_code == 403
    other.force_login(cast["security"])
    assert other.get("/places/").status_code == 200
    assert other.post("/places/", {"kind": "region", "code": "360109", "name": "x"}).status_code == 403  # fmt: skip


# ── the first three ─────────────────────────────────────────────────────────────────────────────


def test_the_first_three_administrators(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("people", "bootstrap")
    told = capsys.readouterr().out
    assert sorted(Member.objects.values_list("role", flat=True)) == sorted(ADMINS)
    for user in User.objects.all():
        assert user.must_change_password
        password = told.split(user.username)[1].split()[0]
        assert user.check_password(password)
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", "actor"))
    assert verbs == [("create_account", None), ("grant_role", None)] * 3
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("people", "bootstrap")
    assert User.objects.count() == 3


def test_a_lost_administrator_is_let_in_from_the_server(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    _locked(cast["security"])
    _with_factor(cast["security"])
    call_command("people", "rescue", "security")
    user = User.objects.get(username="security")
    assert user.check_password(capsys.readouterr().out.split("security")[1].split()[0])
    assert user.must_change_password and not second_factors.is_on(user)
    assert not locked_names(["security"])
    with pytest.raises(CommandError, match="管理员"):
        call_command("people", "rescue", "clerk")
