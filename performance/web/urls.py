"""Pages."""

from __future__ import annotations

from django.urls import path

from performance.web import (
    desk,
    imports,
    jobs,
    lab,
    library,
    manual,
    overview,
    papers,
    printing,
    projects,
    proof,
    queue,
    rectification,
    rules,
    sheets,
    spot_checks,
    tasks,
    trail,
    views,
)

app_name = "performance"
urlpatterns = [
    path("", views.home, name="home"),
    path("evaluations/<uuid:public_id>/", views.evaluation, name="evaluation"),
    path("target-tables/", views.target_tables, name="target-tables"),
    path("target-tables/<uuid:public_id>/", views.target_table, name="target-table"),
    path("monitorings/", views.monitorings, name="monitorings"),
    path("documents/", views.documents, name="documents"),
    path("documents/<uuid:public_id>/", views.document, name="document"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:public_id>/", imports.import_, name="import"),
    path("imports/<uuid:public_id>/file/", imports.import_file, name="import-file"),
    path("desk/", desk.desk, name="desk"),
    path("desk/glance/", overview.glance, name="glance"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<uuid:public_id>/", projects.project, name="project"),
    path("projects/new/", desk.new_project, name="new-project"),
    path("target-tables/new/", desk.new_target_table, name="new-target-table"),
    path("tasks/", tasks.task_list, name="tasks"),
    path("tasks/new/", tasks.new_task, name="new-task"),
    path("tasks/<uuid:public_id>/", tasks.task, name="task"),
    *(
        path(f"papers/{kind}/<uuid:public_id>/", papers.paper, {"kind": kind}, name="paper")
        for kind in sheets.KINDS
    ),
    *(
        path(
            f"papers/{kind}/<uuid:public_id>/print/", printing.printed, {"kind": kind}, name="print"
        )
        for kind in sheets.KINDS
    ),
    path("overview/", overview.overview, name="overview"),
    path("rules/", rules.rulesets, name="rules"),
    path("rules/<slug:identity>/", rules.ruleset, name="ruleset"),
    # the bureau's queue and spot checks
    path("queue/", queue.queue, name="queue"),
    path("spot-checks/", spot_checks.spot_check_list, name="spot-checks"),
    path("spot-checks/<uuid:public_id>/", spot_checks.spot_check, name="spot-check"),
    # rule lab and indicator library
    path("rule-lab/", lab.rule_lab, name="rule-lab"),
    path("indicator-library/", library.indicator_library, name="indicator-library"),
    # proofreading
    path("proof/", proof.proof, name="proof"),
    # what comes of reviews
    path(
        "tasks/<uuid:public_id>/deviations/", rectification.task_deviations, name="task-deviations"
    ),
    path("rectifications/", rectification.ledger, name="rectifications"),
    path("rectifications/<uuid:public_id>/", rectification.item, name="rectification"),
    # the manual
    path("manual/", manual.contents, name="manual"),
    *(
        path(f"manual/{part}/", manual.chapter, {"part": part}, name=f"manual-{part}")
        for part in manual.PARTS
    ),
    path("audit/", trail.events, name="trail"),
    path("audit/<int:pk>/", trail.event, name="trail-event"),
    path("exports/", jobs.exports, name="exports"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:public_id>/retry/", jobs.retry_job, name="retry-job"),
    path("jobs/<uuid:public_id>/drop/", jobs.drop_job, name="drop-job"),
]
