"""The API of people and places, version 1."""

from __future__ import annotations

from django.urls import path

from budgets.api import own_tokens, people, places, schema

__all__ = ["schema", "urlpatterns"]

_PERSON = "people/<uuid:public_id>/"

urlpatterns = [
    path("me/", people.Me.as_view(), name="api-me"),
    path("people/", people.People.as_view(), name="api-people"),
    path(_PERSON, people.Person.as_view(), name="api-person"),
    path(f"{_PERSON}disable/", people.Disabled.as_view(), name="api-person-disable"),
    path(f"{_PERSON}enable/", people.Enabled.as_view(), name="api-person-enable"),
    path(f"{_PERSON}unlock/", people.Unlocked.as_view(), name="api-person-unlock"),
    path(
        f"{_PERSON}second-factor/",
        people.SecondFactorReset.as_view(),
        name="api-person-second-factor",
    ),
    path(f"{_PERSON}password/", people.InitialPassword.as_view(), name="api-person-password"),
    path(f"{_PERSON}roles/", people.Roles.as_view(), name="api-person-roles"),
    path(f"{_PERSON}roles/<int:member>/", people.HeldRole.as_view(), name="api-person-role"),
    path("tokens/", own_tokens.Tokens.as_view(), name="api-tokens"),
    path("tokens/<uuid:public_id>/", own_tokens.Token.as_view(), name="api-token"),
    path("places/regions/", places.Regions.as_view(), name="api-regions"),
    path("places/offices/", places.Offices.as_view(), name="api-offices"),
    path("places/departments/", places.Departments.as_view(), name="api-departments"),
    path("places/units/", places.Units.as_view(), name="api-units"),
]
