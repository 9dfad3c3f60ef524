"""The API, version 1."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

from performance.api import views

urlpatterns = [
    path("projects/", views.Projects.as_view(), name="api-projects"),
    path("projects/<uuid:public_id>/", views.Project.as_view(), name="api-project"),
    path("target-tables/", views.TargetTables.as_view(), name="api-target-tables"),
    path("target-tables/<uuid:public_id>/", views.TargetTable.as_view(), name="api-target-table"),
    path("evaluations/", views.Evaluations.as_view(), name="api-evaluations"),
    path("evaluations/<uuid:public_id>/", views.Evaluation.as_view(), name="api-evaluation"),
    path(
        "annual-reports/<int:year>/<uuid:unit>/",
        views.AnnualReport.as_view(),
        name="api-annual-report",
    ),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        login_required(
            SpectacularSwaggerSplitView.as_view(
                url_name="api-schema",
                template_name="performance/api_docs.html",
                renderer_classes=[TemplateHTMLRenderer],
            )
        ),
        name="api-docs",
    ),
]
