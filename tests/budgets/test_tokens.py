"""Tokens of programs: scopes, ends, places; and that the database alone is of no use to a thief."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from budgets import keys
from budgets.api.tokens import InScope
from budgets.errors import Conflict, Invalid, InvalidInput, NotFound
from budgets.models import AccessToken, AuditEvent, Member, PastPassword, SecondFactor, User
from budgets.services import passwords, people, second_factors, tokens
from tests.cast import Cast, assemble
from tests.talk import ClientApi

HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def _make(user: User, *scopes: str, **more: Any) -> str:
    given = {"name": "报表程序", "scopes": scopes or ("read",), "days": 30, **more}
    return tokens.make_token(actor=user, **given).text


def _ask(text: str, path: str = "projects/", method: str = "GET", **more: Any) -> Any:
    """One request as a program makes it: no cookie, no CSRF token."""
    client = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {text}", **more.pop("headers", {})}
    return client.generic(
        method, f"/api/v1/{path}", content_type="application/json", headers=headers, **more
    )


def test_a_token_sees_what_its_account_sees(cast: Cast) -> None:
    for name in ("clerk", "foreign_clerk", "finance", "reader"):
        by_hand = ClientApi(cast[name]).get("projects/").body
        assert by_hand["results"]
        answer = _ask(_make(cast[name]))
        assert (answer.status_code, answer.json()) == (200, by_hand), name


def test_the_database_knows_the_account_of_a_token(cast: Cast, monkeypatch: Any) -> None:
    """With the application's own net switched off the rows are still the account's."""
    from django.db.models import Q

    monkeypatch.setattr("budgets.access.scope_of", lambda user: Q(pk__isnull=False))
    names = {row["name"] for row in _ask(_make(cast["foreign_clerk"])).json()["results"]}
    assert names == {"foreign项目"}


# ── what it may do ──────────────────────────────────────────────────────────────────────────────


def test_scopes(cast: Cast) -> None:
    unit = str(cast.unit.public_id)
    report = f"annual-reports/2024/{unit}/"
    body = f'{{"unit": "{unit}", "name": "程序建的"}}'
    allowed = {  # there is no report to be found: 404 when it may be asked for
        ("read",): (200, 404, 403),
        ("report",): (403, 404, 403),
        ("write",): (403, 403, 201),
        ("read", "write"): (200, 404, 201),
    }
    for number, (scopes, statuses) in enumerate(allowed.items()):
        text = _make(cast["clerk"], *scopes)
        write = _ask(
            text, method="POST", data=body.replace("的", f"的{number}"), headers={"Idempotency-Key": f"key-{number:08}"},
        )  # fmt: skip
        found = (
            _ask(text).status_code,
            _ask(text, report).status_code,
            write.status_code,
        )
        assert found == statuses, scopes


def _api_views(resolver: Any, prefix: str = "") -> Any:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _api_views(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "cls"):
            yield prefix + str(entry.pattern), entry.callback.cls, entry.callback.initkwargs


def _filled(pattern: str) -> str:
    nobody = "00000000-0000-4000-8000-000000000000"
    return re.sub(r"<int:\w+>", "2024", re.sub(r"<uuid:\w+>", nobody, pattern))


def test_every_view_asks_for_the_scope_and_writes_need_write(cast: Cast) -> None:
    """Every API route × unsafe method: refused to a token that may only read."""
    text = _make(cast["finance"], "read", "report")
    writes = views = 0
    for pattern, view, options in _api_views(get_resolver()):
        permissions = options.get("permission_classes", view.permission_classes)
        assert InScope in permissions, pattern
        views += 1
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if hasattr(view, method.lower()):
                path = _filled(pattern).removeprefix("api/v1/")
                assert _ask(text, path, method, data="{}").status_code == 403, (method, pattern)
                writes += 1
    assert views > 25
    assert writes > 20


def test_a_token_makes_no_tokens_and_administers_nothing(cast: Cast) -> None:
    text = _make(cast["clerk"], "read", "write")
    for path in ("tokens/", "people/", f"people/{cast['clerk'].public_id}/"):
        assert _ask(text, path).status_code == 403
    body = '{"name": "x", "scopes": ["read"], "days": 1}'
    made = _ask(text, "tokens/", "POST", data=body, headers={"Idempotency-Key": "key-12345678"})
    assert made.status_code == 403
    assert AccessToken.objects.count() == 1
    for name in ("system", "security", "audit_admin"):
        with pytest.raises(Invalid):
            _make(cast[name])
    for page in ("/account/tokens/", "/documents/", "/people/"):
        answer = Client().get(page, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code in {302, 401}, page


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("reader", {"scopes": ["write"]}, "scopes"),
        ("auditor", {"scopes": ["read", "write"]}, "scopes"),
        ("clerk", {"scopes": []}, "scopes"),
        ("clerk", {"scopes": ["everything"]}, "scopes"),
        ("clerk", {"days": 0}, "days"),
        ("clerk", {"days": 91}, "days"),
        ("clerk", {"name": "  "}, "name"),
        ("clerk", {"networks": ["10.0.0.1/8"]}, "networks"),
        ("clerk", {"networks": ["example.org"]}, "networks"),
        ("clerk", {"networks": [f"10.0.0.{n}" for n in range(21)]}, "networks"),
    ],
)
def test_a_token_that_would_be_too_wide(
    cast: Cast, name: str, given: dict[str, Any], field: str
) -> None:
    whole = {"name": "x", "scopes": ["read"], "days": 30, **given}
    with pytest.raises(Invalid) as refused:
        tokens.make_token(actor=cast[name], **whole)
    assert set(refused.value.fields) == {field}


def test_so_many_and_no_more(cast: Cast) -> None:
    for _ in range(tokens.MOST):
        _make(cast["clerk"])
    with pytest.raises(Conflict, match="20"):
        _make(cast["clerk"])


# ── when and where it works ─────────────────────────────────────────────────────────────────────


def test_it_ends(cast: Cast) -> None:
    text = _make(cast["clerk"])
    assert _ask(text).status_code == 200
    soon = timezone.now()
    AccessToken.objects.update(created_at=soon - timedelta(days=30), expires_at=soon)
    ended = _ask(text)
    assert ended.status_code == 401
    assert ended["WWW-Authenticate"] == 'Bearer realm="jiheng"'
    assert ended["Content-Type"].startswith("application/problem+json")


def test_ninety_days_in_the_database_too(cast: Cast) -> None:
    _make(cast["clerk"])
    with pytest.raises(DatabaseError, match="token_lives_ninety_days"), transaction.atomic():
        AccessToken.objects.update(expires_at=timezone.now() + timedelta(days=92))
    with pytest.raises(DatabaseError, match="token_scopes_known"), transaction.atomic():
        AccessToken.objects.update(scopes=["everything"])


def test_it_is_revoked(cast: Cast) -> None:
    text = _make(cast["clerk"])
    token = AccessToken.objects.get()
    with pytest.raises(NotFound):
        tokens.revoke_token(actor=cast["head"], public_id=token.public_id)
    tokens.revoke_token(actor=cast["clerk"], public_id=token.public_id)
    assert _ask(text).status_code == 401
    with pytest.raises(Conflict):
        tokens.revoke_token(actor=cast["clerk"], public_id=token.public_id)
    verbs = list(
        AuditEvent.objects.exclude(verb="direct_write")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs == ["make_token", "revoke_token"]


@pytest.mark.parametrize("verb", [people.disable_account, people.set_initial_password])
def test_it_ends_with_its_account(cast: Cast, verb: Any) -> None:
    text = _make(cast["clerk"])
    verb(actor=cast["security"], public_id=cast["clerk"].public_id)
    assert _ask(text).status_code == 401
    User.objects.update(is_active=True, must_change_password=False)
    assert _ask(text).status_code == 401


def test_it_loses_what_its_account_loses(cast: Cast) -> None:
    text = _make(cast["clerk"])
    assert _ask(text).json()["results"]
    Member.objects.filter(user=cast["clerk"]).delete()
    assert _ask(text).json()["results"] == []


def test_it_works_from_its_networks_only(cast: Cast, settings: Any) -> None:
    text = _make(cast["clerk"], networks=["10.1.0.0/16", "2001:db8::/32"])
    for address, status in (
        ("10.1.2.3", 200),
        ("2001:db8::1", 200),
        ("10.2.0.1", 401),
        ("::ffff:10.1.2.3", 200),
        ("", 401),
    ):
        assert _ask(text, REMOTE_ADDR=address).status_code == status, address
    spoofed = {"X-Forwarded-For": "10.1.2.3"}
    assert _ask(text, REMOTE_ADDR="10.2.0.1", headers=spoofed).status_code == 401


def test_when_it_was_used_is_noted_once_an_hour(cast: Cast) -> None:
    text = _make(cast["clerk"])
    _ask(text)
    first = AccessToken.objects.get().last_used_at
    assert first is not None
    _ask(text)
    assert AccessToken.objects.get().last_used_at == first
    AccessToken.objects.update(last_used_at=first - timedelta(hours=2))
    _ask(text)
    again = AccessToken.objects.get().last_used_at
    assert again is not None and again >= first


@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.upper(),
        lambda text: "jh_" + "0" * 8 + text[11:],
        lambda text: "",
        lambda text: AccessToken.objects.get().mark,
        lambda text: f"jh_{AccessToken.objects.get().prefix}_{AccessToken.objects.get().mark}",
        lambda text: "中文",
        lambda text: "a b c",
    ],
)
def test_anything_else_is_no_token(cast: Cast, mangle: Any) -> None:
    text = _make(cast["clerk"])
    with pytest.raises(InvalidInput):
        tokens.verified(mangle(text), HERE)
    assert tokens.verified(text, HERE).user == cast["clerk"]


def test_never_in_the_address_nor_in_a_cookie(cast: Cast) -> None:
    text = _make(cast["clerk"])
    client = Client()
    client.cookies["token"] = client.cookies["sessionid"] = text
    for path in (f"projects/?token={text}", f"projects/?access_token={text}", "projects/"):
        assert client.get(f"/api/v1/{path}").status_code == 401


def test_a_session_comes_first_and_needs_its_csrf_token(cast: Cast) -> None:
    text = _make(cast["clerk"], "read", "write")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["reader"])
    asked = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {text}"})
    assert asked.json()["username"] == "reader"
    write = client.post(
        "/api/v1/projects/", "{}", content_type="application/json",
        headers={"Authorization": f"Bearer {text}", "Idempotency-Key": "key-12345678"},
    )  # fmt: skip
    assert write.status_code == 403


def test_no_credentials_are_told_what_to_bring(cast: Cast) -> None:
    asked = 0
    for pattern, view, _ in _api_views(get_resolver()):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if hasattr(view, method.lower()):
                answer = Client().generic(method, "/" + _filled(pattern))
                if answer.status_code == 302:
                    continue  # the page of the API's description
                assert answer.status_code == 401, (method, pattern)
                assert answer["WWW-Authenticate"].startswith("Bearer"), pattern
                asked += 1
    assert asked > 40


def test_the_page_of_tokens(cast: Cast) -> None:
    client = Client()
    client.force_login(cast["clerk"])
    given = {
        "name": "报表程序",
        "scopes": ["read"],
        "days": "30",
        "networks": "10.0.0.0/8 10.1.1.1",
    }
    page = client.post("/account/tokens/", given).content.decode()
    found = re.search(r"jh_[0-9a-f]{8}_[0-9a-f]{64}", page)
    assert found
    assert _ask(found.group(), REMOTE_ADDR="10.9.9.9").status_code == 200
    again = client.get("/account/tokens/").content.decode()
    assert found.group() not in again and found.group()[:11] in again
    wrong = client.post("/account/tokens/", {**given, "days": "一"})
    assert wrong.status_code == 400
    assert "有效期应为" in wrong.content.decode()
    token = AccessToken.objects.get()
    other = Client()
    other.force_login(cast["head"])
    assert other.post(f"/account/tokens/{token.public_id}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{token.public_id}/revoke/").status_code == 302
    assert "已吊销" in client.get("/account/tokens/").content.decode()


def test_the_api_of_tokens(cast: Cast) -> None:
    api = ClientApi(cast["clerk"])
    given = {"name": "程序", "scopes": ["read"], "days": 10}
    made = api.post("tokens/", given, key="key-tokens-1")
    assert _ask(made.body["token"]).status_code == 200
    again = api.post("tokens/", given, key="key-tokens-1")
    assert again.body == {"id": made.body["id"], "token": None}
    listed = api.get("tokens/")
    assert [row["id"] for row in listed.body] == [made.body["id"]]
    assert made.body["token"] not in listed.raw.decode()
    assert api.write("DELETE", f"tokens/{made.body['id']}/", None).status == 204
    assert _ask(made.body["token"]).status_code == 401


# ── a stolen database ───────────────────────────────────────────────────────────────────────────


def _everything() -> str:
    """Every column of every table as text: what somebody has who has the database."""
    with connection.cursor() as cursor:
        cursor.execute(  # partitions are read through the whole they belong to
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'SELECT')"
        )
        tables = [row[0] for row in cursor.fetchall()]
        assert len(tables) > 30
        found = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found.extend(row[0] for row in cursor.fetchall())
    return "\n".join(found)


def test_the_database_alone_opens_nothing(cast: Cast) -> None:
    user, security = cast["clerk"], cast["security"]
    api = ClientApi(user)
    identity = "110101199003078888"
    made = people.create_account(
        actor=security, username="new", display_name="新", identity=identity
    )
    first = people.set_initial_password(actor=security, public_id=made.user.public_id)
    given = {"name": "程序", "scopes": ["read"], "days": 10}
    by_api = api.post("tokens/", given).body["token"]
    by_hand = _make(user)
    second_factors.begin(actor=user)
    secret = second_factors.offered_secret(user)
    assert secret
    codes = second_factors.confirm(actor=user, code=pyotp.TOTP(secret).now())
    passwords.store(user, "Kept-secret-2026", must_change=False)
    dump = _everything()
    secrets = [identity, made.password, first, by_api, by_hand, secret, "Kept-secret-2026", *codes]
    secrets += [text.rsplit("_", 1)[-1] for text in (by_api, by_hand)]
    secrets += [secret.encode().hex(), *(code.replace("-", "") for code in codes)]
    assert len(secrets) == 30
    assert [value for value in secrets if value in dump] == []
    assert PastPassword.objects.exists() and AccessToken.objects.count() == 2
    # Nothing that does stand there works as a token or a code either.
    words = set(re.findall(r"[0-9A-Za-z_+/=-]{6,}", dump))
    assert len(words) > 300
    usable = [word for word in words if _works(word, user)]
    assert usable == []
    assert tokens.verified(by_hand, HERE).user == user
    assert second_factors.is_right(user, codes[0]) == "recovery"


def _works(word: str, user: User) -> bool:
    for text in (word, f"jh_{word[:8]}_{word}"):
        try:
            tokens.verified(text, HERE)
        except InvalidInput:
            continue
        return True
    return False


def test_without_the_key_file_the_second_factor_cannot_be_read(
    cast: Cast, settings: Any, tmp_path: Any
) -> None:
    text = _make(cast["clerk"])
    second_factors.begin(actor=cast["clerk"])
    settings.KEY_FILE = str(tmp_path / "other.json")
    with pytest.raises(keys.KeyTrouble):
        second_factors.offered_secret(cast["clerk"])
    with pytest.raises(InvalidInput):
        tokens.verified(text, HERE)
    assert SecondFactor.objects.exists()


def test_a_newer_key_leaves_tokens_and_codes_as_they_were(
    cast: Cast, settings: Any, tmp_path: Any
) -> None:
    settings.KEY_FILE = str(tmp_path / "own.json")
    text = _make(cast["clerk"])
    second_factors.begin(actor=cast["clerk"])
    secret = second_factors.offered_secret(cast["clerk"])
    assert secret
    codes = second_factors.confirm(actor=cast["clerk"], code=pyotp.TOTP(secret).now())
    keys.make()
    assert tokens.verified(text, HERE).user == cast["clerk"]
    assert second_factors.is_right(cast["clerk"], codes[3]) == "recovery"
