"""Pages."""

from __future__ import annotations

from django.urls import path

from performance.web import desk, jobs, papers, rectification, sheets, tasks, trail, views

app_name = "performance"
urlpatterns = [
    path("", views.home, name="home"),
    path("evaluations/<uuid:public_id>/", views.evaluation, name="evaluation"),
    path("target-tables/", views.target_tables, name="target-tables"),
    path("target-tables/<uuid:public_id>/", views.target_table, name="target-table"),
    path("monitorings/", views.monitorings, name="monitorings"),
    path("documents/", views.documents, name="documents"),
    path("documents/<uuid:public_id>/", views.document, name="document"),
    path("desk/", desk.desk, name="desk"),
    path("projects/new/", desk.new_project, name="new-project"),
    path("target-tables/new/", desk.new_target_table, name="new-target-table"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/new/", tasks.new_task, name="new-task"),
    path("tasks/<uuid:public_id>/", tasks.task, name="task"),
    *(
        path(f"papers/{kind}/<uuid:public_id>/", papers.paper, {"kind": kind}, name="paper")
        for kind in sheets.KINDS
    ),
    # what comes of reviews
    path(
        "tasks/<uuid:public_id>/deviations/", rectification.task_deviations, name="task-deviations"
    ),
    path("rectifications/", rectification.ledger, name="rectifications"),
    path("rectifications/<uuid:public_id>/", rectification.item, name="rectification"),
    path("audit/", trail.events, name="trail"),
    path("audit/<int:pk>/", trail.event, name="trail-event"),
    path("exports/", jobs.exports, name="exports"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:public_id>/retry/", jobs.retry_job, name="retry-job"),
    path("jobs/<uuid:public_id>/drop/", jobs.drop_job, name="drop-job"),
]
