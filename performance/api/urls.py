"""The API, version 1."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

from performance.api import (
    evaluating,
    examinations,
    exports,
    lab,
    library,
    monitoring,
    procedure,
    proofs,
    queue,
    reviewing,
    spot_checks,
    trail,
    views,
)

urlpatterns = [
    path("projects/", views.Projects.as_view(), name="api-projects"),
    path("projects/<uuid:public_id>/", views.Project.as_view(), name="api-project"),
    path("target-tables/", views.TargetTables.as_view(), name="api-target-tables"),
    path("target-tables/<uuid:public_id>/", views.TargetTable.as_view(), name="api-target-table"),
    path("evaluations/", views.Evaluations.as_view(), name="api-evaluations"),
    path("evaluations/<uuid:public_id>/", views.Evaluation.as_view(), name="api-evaluation"),
    path(
        "target-tables/<uuid:public_id>/content/",
        procedure.TargetTableContent.as_view(),
        name="api-target-table-content",
    ),
    path(
        "target-tables/<uuid:public_id>/moves/",
        procedure.TargetTableMoves.as_view(),
        name="api-target-table-moves",
    ),
    path(
        "target-tables/<uuid:public_id>/adjustments/",
        procedure.Adjustments.as_view(),
        name="api-target-table-adjustments",
    ),
    path(
        "evaluations/<uuid:public_id>/content/",
        procedure.EvaluationContent.as_view(),
        name="api-evaluation-content",
    ),
    path(
        "evaluations/<uuid:public_id>/moves/",
        procedure.EvaluationMoves.as_view(),
        name="api-evaluation-moves",
    ),
    path(
        "evaluations/<uuid:public_id>/review/",
        procedure.EvaluationReview.as_view(),
        name="api-review",
    ),
    path(
        "evaluations/<uuid:public_id>/review/opinion/",
        procedure.ReviewOpinion.as_view(),
        name="api-review-opinion",
    ),
    path(
        "evaluations/<uuid:public_id>/review/lines/<int:seq>/",
        procedure.ReviewedLine.as_view(),
        name="api-review-line",
    ),
    path(
        "evaluations/<uuid:public_id>/evidence/",
        procedure.EvidenceFiles.as_view(),
        name="api-evidence",
    ),
    path(
        "evaluations/<uuid:public_id>/evidence/<int:seq>/<str:sha256>/",
        procedure.SupportingFile.as_view(),
        name="api-supporting-file",
    ),
    path(
        "evaluations/<uuid:public_id>/trial/",
        evaluating.EvaluationTrial.as_view(),
        name="api-evaluation-trial",
    ),
    path(
        "evaluations/<uuid:public_id>/final-accounts/",
        evaluating.FinalAccounts.as_view(),
        name="api-final-accounts",
    ),
    path("monitorings/", procedure.Monitorings.as_view(), name="api-monitorings"),
    path(
        "monitorings/<uuid:public_id>/content/",
        procedure.MonitoringContent.as_view(),
        name="api-monitoring-content",
    ),
    path(
        "monitorings/<uuid:public_id>/moves/",
        procedure.MonitoringMoves.as_view(),
        name="api-monitoring-moves",
    ),
    path(
        "monitorings/<uuid:public_id>/progress/",
        monitoring.MonitoringProgress.as_view(),
        name="api-monitoring-progress",
    ),
    path(
        "documents/<uuid:public_id>/file/",
        procedure.DocumentFile.as_view(),
        name="api-document-file",
    ),
    # examinations
    path(
        "target-tables/<uuid:public_id>/findings/",
        examinations.TargetTableFindings.as_view(),
        name="api-target-table-findings",
    ),
    path(
        "target-tables/<uuid:public_id>/conclusion/",
        examinations.Conclusion.as_view(),
        name="api-target-table-conclusion",
    ),
    path(
        "evaluations/<uuid:public_id>/findings/",
        examinations.EvaluationFindings.as_view(),
        name="api-evaluation-findings",
    ),
    path(
        "monitorings/<uuid:public_id>/findings/",
        examinations.MonitoringFindings.as_view(),
        name="api-monitoring-findings",
    ),
    path("tasks/", procedure.Tasks.as_view(), name="api-tasks"),
    path(
        "tasks/<uuid:public_id>/deadline/",
        procedure.TaskDeadline.as_view(),
        name="api-task-deadline",
    ),
    path("tasks/<uuid:public_id>/close/", procedure.ClosedTask.as_view(), name="api-task-close"),
    # what comes of reviews
    path(
        "evaluations/<uuid:public_id>/review/feedback/",
        reviewing.ReviewFeedback.as_view(),
        name="api-feedback",
    ),
    path(
        "evaluations/<uuid:public_id>/review/feedback/answers/",
        reviewing.FeedbackAnswers.as_view(),
        name="api-feedback-answers",
    ),
    path(
        "evaluations/<uuid:public_id>/review/feedback/decisions/",
        reviewing.FeedbackDecisions.as_view(),
        name="api-feedback-decisions",
    ),
    path("reviews/deviations/", reviewing.Deviations.as_view(), name="api-deviations"),
    path("rectifications/", reviewing.Rectifications.as_view(), name="api-rectifications"),
    path(
        "rectifications/<uuid:public_id>/",
        reviewing.Rectification.as_view(),
        name="api-rectification",
    ),
    path(
        "rectifications/<uuid:public_id>/answer/",
        reviewing.RectificationAnswer.as_view(),
        name="api-rectification-answer",
    ),
    path(
        "rectifications/<uuid:public_id>/close/",
        reviewing.RectificationClosing.as_view(),
        name="api-rectification-close",
    ),
    path(
        "rectifications/<uuid:public_id>/return/",
        reviewing.RectificationReturn.as_view(),
        name="api-rectification-return",
    ),
    path("exports/", exports.Exports.as_view(), name="api-exports"),
    path("exports/<uuid:public_id>/", exports.Export.as_view(), name="api-export"),
    path("exports/<uuid:public_id>/file/", exports.ExportFile.as_view(), name="api-export-file"),
    # the bureau's queue and spot checks
    path("queue/", queue.Queue.as_view(), name="api-queue"),
    path("queue/decisions/", queue.Decisions.as_view(), name="api-queue-decisions"),
    path("spot-checks/", spot_checks.SpotChecks.as_view(), name="api-spot-checks"),
    path("spot-checks/<uuid:public_id>/", spot_checks.SpotCheck.as_view(), name="api-spot-check"),
    path(
        "spot-checks/<uuid:public_id>/population/",
        spot_checks.SpotCheckPopulation.as_view(),
        name="api-spot-check-population",
    ),
    path(
        "spot-check-items/<uuid:public_id>/",
        spot_checks.SpotCheckItem.as_view(),
        name="api-spot-check-item",
    ),
    # rule lab and indicator library
    path("rule-lab/", lab.RuleLab.as_view(), name="api-rule-lab"),
    path("indicator-library/", library.IndicatorLibrary.as_view(), name="api-indicator-library"),
    path(
        "indicator-library/side-by-side/",
        library.SideBySide.as_view(),
        name="api-indicator-side-by-side",
    ),
    path("waiting/", procedure.Waiting.as_view(), name="api-waiting"),
    path(
        "annual-reports/<int:year>/<uuid:unit>/",
        views.AnnualReport.as_view(),
        name="api-annual-report",
    ),
    # proofreading
    path("proofs/", proofs.Proofs.as_view(), name="api-proofs"),
    path("audit/events/", trail.Events.as_view(), name="api-audit-events"),
    path("audit/events/<int:pk>/", trail.Event.as_view(), name="api-audit-event"),
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
