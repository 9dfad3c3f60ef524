"""Sign-in, one's own account, people and places, health."""

from __future__ import annotations

from django.urls import path

from budgets.web import account, people, sign_in, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second/", sign_in.second_step, name="sign-in-second"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.overview, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.second_factor, name="second-factor"),
    path(
        "account/second-factor/picture/",
        account.second_factor_picture,
        name="second-factor-picture",
    ),
    path("account/tokens/", account.own_tokens, name="tokens"),
    path("account/tokens/<uuid:public_id>/revoke/", account.revoke_token, name="token-revoke"),
    path("people/", people.accounts, name="people"),
    path("people/new/", people.new_account, name="person-new"),
    path("people/<uuid:public_id>/", people.account, name="person"),
    *(
        path(f"people/<uuid:public_id>/{verb}/", people.act, {"verb": verb}, name=f"person-{verb}")
        for verb in ("disable", "enable", "unlock", "second-factor")
    ),
    path("people/<uuid:public_id>/password/", people.initial_password, name="person-password"),
    path("people/<uuid:public_id>/roles/", people.grant, name="person-grant"),
    path("people/<uuid:public_id>/roles/<int:member>/revoke/", people.revoke, name="person-revoke"),
    path("places/", people.organisation, name="places"),
]
