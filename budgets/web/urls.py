"""Sign-in and health."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path

from budgets.web import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(
        "sign-in/",
        auth.LoginView.as_view(
            template_name="budgets/sign_in.html", redirect_authenticated_user=True
        ),
        name="sign-in",
    ),
    path("sign-out/", auth.LogoutView.as_view(), name="sign-out"),
]
