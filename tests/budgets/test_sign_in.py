"""Signing in: the policy of passwords, the lock, the second factor, and how long a session lasts."""

from __future__ import annotations

import itertools
import re
import time
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from budgets import audit
from budgets.errors import Conflict, Invalid
from budgets.models import AttemptCount, AuditEvent, Member, PastPassword, Role, SecondFactor, User
from budgets.services import attempts, passwords, second_factors, sign_in
from budgets.web import sessions
from tests.worlds import PASSWORD, World

NEW = "Nine-lives-4-cats"
HERE = audit.Origin(ip="192.0.2.7")


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def events(db: None) -> Any:
    first = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def since() -> list[tuple[str, str, int | None]]:
        rows = AuditEvent.objects.filter(id__gt=first).order_by("id")
        return [(row.verb, row.object_id, row.actor_id) for row in rows]

    return since


def _post(client: Client, name: str, password: str, **more: Any) -> Any:
    return client.post("/sign-in/", {"username": name, "password": password}, **more)


def _signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


# ── passwords ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Short-1aa", "10 到 256"),
        ("x" * 300 + "A1-", "10 到 256"),
        ("onlyletters", "三种"),
        ("lower0and1digits", "三种"),
        ("UPPER0123456", "三种"),
        ("Abc-Wang-12345", "用户名"),
        ("GNAW-abc-12345", "用户名"),
        ("Ｗang-ABC-12345", "用户名"),
        (PASSWORD, "最近 5 次"),
        ("Password123", "常见"),
    ],
)
def test_a_weak_password_is_refused_in_chinese(world: World, password: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.change_own(
            actor=world.clerk, old=PASSWORD, new=password, again=password, origin=HERE
        )
    assert said in refused.value.fields["new"]
    assert not re.search("[A-Za-z]{4,}", refused.value.fields["new"])


def test_changing_the_password(world: World, events: Any) -> None:
    with pytest.raises(Invalid, match="原密码不对"):
        passwords.change_own(actor=world.clerk, old="x", new=NEW, again=NEW, origin=HERE)
    with pytest.raises(Invalid, match="不一致"):
        passwords.change_own(actor=world.clerk, old=PASSWORD, new=NEW, again="y", origin=HERE)
    passwords.change_own(actor=world.clerk, old=PASSWORD, new=NEW, again=NEW, origin=HERE)
    world.clerk.refresh_from_db()
    assert world.clerk.check_password(NEW)
    assert [verb for verb, _, _ in events()] == ["password_change_failed", "change_password"]


def test_the_last_five_may_not_come_back_and_the_sixth_may(world: World) -> None:
    user = world.clerk
    used = [PASSWORD, *(f"Number-{n}-of-many" for n in range(5))]
    for old, new in itertools.pairwise(used):
        for past in used[max(0, used.index(new) - 5) : used.index(new)]:
            with pytest.raises(ValidationError):
                passwords.NotUsedBefore().validate(past, user)
        passwords.change_own(actor=user, old=old, new=new, again=new, origin=HERE)
        user.refresh_from_db()
    passwords.NotUsedBefore().validate(PASSWORD, user)
    assert PastPassword.objects.filter(user=user).count() <= 5


def test_wrong_old_passwords_count_to_the_lock(world: World) -> None:
    for _ in range(5):
        with pytest.raises(Invalid, match="原密码不对"):
            passwords.change_own(actor=world.clerk, old="x", new=NEW, again=NEW, origin=HERE)
    with pytest.raises(Invalid, match="锁定"):
        passwords.change_own(actor=world.clerk, old=PASSWORD, new=NEW, again=NEW, origin=HERE)
    with pytest.raises(sign_in.Locked):
        sign_in.with_password(name="wang", password=PASSWORD, origin=HERE)


def test_made_up_passwords_meet_the_policy() -> None:
    seen = {passwords.made_up() for _ in range(200)}
    assert len(seen) == 200
    for password in seen:
        passwords.LongEnough().validate(password)
        passwords.ThreeClasses().validate(password)


def test_a_given_or_old_password_comes_first(world: World, settings: Any) -> None:
    client = Client()
    User.objects.filter(pk=world.clerk.pk).update(must_change_password=True)
    assert _post(client, "wang", PASSWORD)["Location"] == "/"
    assert client.get("/documents/")["Location"] == "/account/password/"
    refused = client.get("/api/v1/projects/")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    assert "请先修改" in client.get("/account/password/").content.decode()
    done = client.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert done["Location"] == "/account/"
    assert client.get("/documents/").status_code == 200
    settings.PASSWORD_MAX_AGE_DAYS = 90
    assert client.get("/documents/").status_code == 200
    old = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=world.clerk.pk).update(password_changed_at=old)
    assert client.get("/documents/")["Location"] == "/account/password/"


# ── the lock ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["wang", "nobody-here"])
def test_five_wrong_guesses_lock_known_and_unknown_alike(
    world: World, events: Any, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    for spelling in (name, name.upper(), f" {name}", name, f"{name} "):
        wrong = _post(client, spelling, "wrong-guess")
        assert wrong.status_code == 200
        assert "用户名或密码不对" in wrong.content.decode()
    for _ in range(3):
        locked = _post(client, name, PASSWORD)
        assert locked.status_code == 429
        assert "已暂时锁定，请 15 分钟后再试" in locked.content.decode()
        assert locked["Retry-After"] == "900"
    found = events()
    assert [verb for verb, _, _ in found] == ["sign_in_failed"] * 5 + ["sign_in_refused"]
    assert {actor for _, _, actor in found} == {None}
    known = str(world.clerk.public_id)
    assert {row for _, row, _ in found} == {known if name == "wang" else "-"}
    texts = " ".join(AuditEvent.objects.values_list("canonical", flat=True)) + caplog.text
    assert "nobody-here" not in texts
    assert "wrong-guess" not in texts
    assert _post(Client(), "zhao", PASSWORD).status_code == 302


def test_the_lock_ends_and_the_count_begins_anew(world: World) -> None:
    for _ in range(5):
        _post(Client(), "wang", "x")
    assert _post(Client(), "wang", PASSWORD).status_code == 429
    past = timezone.now() - timedelta(seconds=1)
    AttemptCount.objects.filter(kind="name").update(locked_until=past)
    assert _post(Client(), "wang", "x").status_code == 200
    assert _post(Client(), "wang", PASSWORD).status_code == 302
    assert AttemptCount.objects.get(kind="name").count == 0


def test_a_right_password_takes_back_what_was_counted(world: World) -> None:
    for _ in range(3):
        for _ in range(4):
            _post(Client(), "wang", "x", REMOTE_ADDR="192.0.2.1")
        assert _post(Client(), "wang", PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 302
    counts = dict(AttemptCount.objects.values_list("kind", "count"))
    assert counts == {"name": 0, "pair": 0, "address": 12}


def test_one_address_cannot_spray(world: World, settings: Any) -> None:
    settings.SIGN_IN_ADDRESS_FAILURES = 12
    statuses = [_post(Client(), f"name{n}", "Spring-2026!").status_code for n in range(20)]
    assert statuses == [200] * 12 + [429] * 8
    assert _post(Client(), "zhao", PASSWORD).status_code == 429
    assert _post(Client(), "zhao", PASSWORD, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_a_patient_address_is_locked_out_of_one_name_longer(world: World) -> None:
    for _ in range(2):
        for _ in range(5):
            _post(Client(), "wang", "x")
        ended = timezone.now() - timedelta(seconds=1)
        AttemptCount.objects.filter(kind="name").update(locked_until=ended)
    locked = _post(Client(), "wang", PASSWORD)
    assert locked.status_code == 429
    assert 3000 < int(locked["Retry-After"]) <= 3600
    assert _post(Client(), "wang", PASSWORD, REMOTE_ADDR="198.51.100.9").status_code == 302


@pytest.mark.parametrize("name", ["", "   ", "　", "x" * 65])
def test_a_name_that_is_none_makes_no_row(world: World, name: str) -> None:
    assert "用户名或密码不对" in _post(Client(), name, PASSWORD).content.decode()
    assert AttemptCount.objects.count() == 0


@pytest.mark.parametrize("name", ["wa\0ng", "' OR 1=1 --", "ＷＡＮＧ", "wang\u200b"])
def test_odd_names_are_only_names(world: World, name: str) -> None:
    status = _post(Client(), name, PASSWORD).status_code
    assert status == (302 if name == "ＷＡＮＧ" else 200)


def test_forwarded_addresses_count_only_from_our_proxies(world: World, settings: Any) -> None:
    settings.SIGN_IN_ADDRESS_FAILURES = 3
    for n in range(3):
        _post(Client(), f"name{n}", "x", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert _post(Client(), "zhao", PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 429
    settings.TRUSTED_PROXIES = 1
    for n in range(3):
        chain = f"203.0.113.{n}, 203.0.113.50"
        _post(Client(), f"other{n}", "x", HTTP_X_FORWARDED_FOR=chain)
    chain = "198.51.100.1, 203.0.113.50"
    assert _post(Client(), "zhao", PASSWORD, HTTP_X_FORWARDED_FOR=chain).status_code == 429
    chain = "203.0.113.50, 198.51.100.1"
    assert _post(Client(), "zhao", PASSWORD, HTTP_X_FORWARDED_FOR=chain).status_code == 302


def test_old_counts_are_dropped(world: World) -> None:
    attempts.take("somebody", "192.0.2.1")
    old = timezone.now() - timedelta(days=3)
    AttemptCount.objects.update(last_at=old)
    attempts.take("other", "192.0.2.2")
    assert not AttemptCount.objects.filter(last_at=old).exists()
    assert AttemptCount.objects.count() == 3


def test_a_disabled_account_is_a_wrong_password(world: World) -> None:
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert "用户名或密码不对" in _post(Client(), "wang", PASSWORD).content.decode()


def test_an_unknown_name_takes_as_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> Any:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    amounts = []
    for name in ("wang", "nobody-here"):
        hashed.clear()
        _post(Client(), name, "wrong-guess")
        amounts.append(len(hashed))
    assert amounts == [1, 1]


# ── sessions ────────────────────────────────────────────────────────────────────────────────────


def _age(client: Client, **stamps: int) -> None:
    session = client.session
    for name, seconds in stamps.items():
        session[name] = int(time.time()) - seconds
    session.save()


@pytest.mark.parametrize(
    ("idle", "age", "lives"),
    [(29 * 60, 11 * 3600, True), (31 * 60, 3600, False), (10, 12 * 3600 + 5, False)],
)
def test_a_session_ends_when_idle_or_old(world: World, idle: int, age: int, lives: bool) -> None:
    client = Client()
    _post(client, "wang", PASSWORD)
    _age(client, seen_at=idle, signed_in_at=age)
    assert client.get("/documents/").status_code == (200 if lives else 302)
    assert client.get("/api/v1/projects/").status_code == (200 if lives else 401)


def test_a_session_is_written_once_a_minute(world: World) -> None:
    client = Client()
    _post(client, "wang", PASSWORD)
    _age(client, seen_at=30)
    before = client.session[sessions.SEEN]
    client.get("/documents/")
    assert client.session[sessions.SEEN] == before
    _age(client, seen_at=61)
    client.get("/documents/")
    assert client.session[sessions.SEEN] > before


def test_a_session_without_stamps_begins_now(world: World) -> None:
    client = Client()
    client.force_login(world.clerk)
    assert client.get("/documents/").status_code == 200
    assert abs(client.session[sessions.SIGNED_IN] - time.time()) < 5


def test_nothing_typed_goes_into_nowhere(world: World) -> None:
    client = Client()
    asked = client.post("/account/tokens/", {"name": "x"})
    assert asked.status_code == 401
    assert "登录已失效" in asked.content.decode()
    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        for method in (client.get, client.post):
            answer = method("/account/tokens/", headers=headers)
            assert answer.status_code == 401
            assert answer["Content-Type"].startswith("application/problem+json")
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer.json()["code"] == "signed_out"
    assert client.get("/account/tokens/").status_code == 302


def test_other_sessions_end_with_the_password_and_this_one_stays(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        _post(client, "wang", PASSWORD)
    here.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert _signed_in(here)
    assert not _signed_in(there)


def test_signing_in_gives_a_new_key_and_signing_out_kills_it(world: World, events: Any) -> None:
    client = Client()
    client.get("/sign-in/")
    _post(client, "wang", PASSWORD)
    stolen = client.cookies["sessionid"].value
    client.post("/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not _signed_in(thief)
    assert [verb for verb, _, _ in events()] == ["sign_in", "sign_out"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_the_way_on_stays_here(world: World, target: str) -> None:
    done = Client().post("/sign-in/", {"username": "wang", "password": PASSWORD, "next": target})
    assert done["Location"] == "/"


@pytest.mark.parametrize(
    ("role", "page"),
    [("security_admin", "/people/"), ("system_admin", "/places/"), ("audit_admin", "/")],
)
def test_administrators_begin_where_their_work_is(world: World, role: str, page: str) -> None:
    user = User.objects.create_user("admin-one", PASSWORD, display_name="管")
    Member.objects.create(user=user, role=role)
    assert _post(Client(), "admin-one", PASSWORD)["Location"] == page
    asked = {"username": "admin-one", "password": PASSWORD, "next": "/account/"}
    assert Client().post("/sign-in/", asked)["Location"] == "/account/"


# ── the second factor ───────────────────────────────────────────────────────────────────────────


def _enrol(client: Client) -> tuple[pyotp.TOTP, list[str]]:
    assert client.post("/account/second-factor/", {"step": "begin"}).status_code == 302
    page = client.get("/account/second-factor/").content.decode()
    found = re.search(r'<code class="secret">([A-Z2-7]+)</code>', page)
    assert found
    generator = pyotp.TOTP(found.group(1))
    picture = client.get("/account/second-factor/picture/")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    done = client.post("/account/second-factor/", {"step": "confirm", "code": generator.now()})
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", done.content.decode())
    assert len(set(codes)) == 10
    return generator, codes


def _forget_used_steps() -> None:
    SecondFactor.objects.update(last_step=0)


def test_the_second_factor(world: World, events: Any) -> None:
    client = Client()
    _post(client, "wang", PASSWORD)
    other = Client()
    _post(other, "wang", PASSWORD)
    generator, codes = _enrol(client)
    assert _signed_in(client)
    assert client.get("/account/second-factor/picture/").status_code == 404
    fresh = Client()
    assert _post(fresh, "wang", PASSWORD)["Location"] == "/sign-in/second/"
    assert not _signed_in(fresh)
    used = generator.generate_otp(SecondFactor.objects.get().last_step)
    assert "不对" in fresh.post("/sign-in/second/", {"code": used}).content.decode()
    _forget_used_steps()
    assert fresh.post("/sign-in/second/", {"code": generator.now()}).status_code == 302
    assert _signed_in(fresh)
    for attempt in (codes[0], codes[0].upper().replace("-", " ")):
        again = Client()
        _post(again, "wang", PASSWORD)
        again.post("/sign-in/second/", {"code": attempt})
        assert _signed_in(again) == (attempt == codes[0])
    verbs = [verb for verb, _, _ in events()]
    assert verbs == [
        "sign_in", "sign_in", "enable_second_factor", "sign_in_failed", "sign_in", "sign_in",
        "sign_in_failed",
    ]  # fmt: skip


def test_codes_are_guessed_five_times_at_most_whatever_the_password(world: World) -> None:
    client = Client()
    _post(client, "wang", PASSWORD)
    generator, _ = _enrol(client)
    tried = 0
    for _ in range(12):
        half = Client()
        if _post(half, "wang", PASSWORD).status_code == 429:
            break
        tried += 1
        half.post("/sign-in/second/", {"code": "000000"})
    assert tried == 5
    _forget_used_steps()
    assert half.post("/sign-in/second/", {"code": generator.now()}).status_code == 302
    assert not _signed_in(half)


def test_the_second_step_waits_five_minutes_for_the_same_password(world: World) -> None:
    client = Client()
    _post(client, "wang", PASSWORD)
    generator, _ = _enrol(client)
    _forget_used_steps()
    late = Client()
    _post(late, "wang", PASSWORD)
    session = late.session
    session["half_signed_in"] = {**session["half_signed_in"], "at": int(time.time()) - 301}
    session.save()
    assert late.post("/sign-in/second/", {"code": generator.now()})["Location"] == "/sign-in/"
    half = Client()
    _post(half, "wang", PASSWORD)
    passwords.change_own(actor=world.clerk, old=PASSWORD, new=NEW, again=NEW, origin=HERE)
    assert half.post("/sign-in/second/", {"code": generator.now()})["Location"] == "/sign-in/"
    assert not _signed_in(half)


def test_a_time_step_is_used_once_and_never_an_earlier_one(world: World) -> None:
    second_factors.begin(actor=world.clerk)
    secret = second_factors.offered_secret(world.clerk)
    assert secret
    generator = pyotp.TOTP(secret)
    second_factors.confirm(actor=world.clerk, code=generator.now(), origin=HERE)
    with pytest.raises(Conflict):
        second_factors.begin(actor=world.clerk)
    _forget_used_steps()
    step = int(time.time()) // 30
    assert second_factors.is_right(world.clerk, generator.generate_otp(step)) == "totp"
    for other in (step - 1, step, step - 2, step + 40):
        assert second_factors.is_right(world.clerk, generator.generate_otp(other)) is None
    assert second_factors.is_right(world.clerk, generator.generate_otp(step + 1)) == "totp"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "abcdef", "٠١٢٣٤٥", "\0"])
def test_a_code_that_is_none(world: World, code: str) -> None:
    second_factors.begin(actor=world.clerk)
    factor = SecondFactor.objects.get()
    factor.confirmed_at = timezone.now()
    factor.save()
    assert second_factors.is_right(world.clerk, code) is None


def test_roles_that_must_have_a_second_factor(world: World, settings: Any) -> None:
    settings.TOTP_REQUIRED_ROLES = ["finance_reviewer"]
    client = Client()
    _post(client, "wang", PASSWORD)
    assert client.get("/documents/").status_code == 200
    Member.objects.create(user=world.clerk, role=Role.FINANCE_REVIEWER, region=world.region)
    assert client.get("/documents/")["Location"] == "/account/second-factor/"
    refused = client.get("/api/v1/projects/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    _enrol(client)
    assert client.get("/documents/").status_code == 200
