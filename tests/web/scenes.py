"""How far things are when a test begins: drafted, handed on, asked for, evaluated."""

from __future__ import annotations

from typing import Any

from performance.services import drafts
from performance.web.fields import flat_content
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import actuals, targets


def filled(content: dict[str, Any]) -> dict[str, str]:
    return flat_content(content)


def drafted(cast: Cast, project: str = "road") -> str:
    """A draft that may be submitted; its page's address."""
    clerk = cast["clerk"]
    table = drafts.create_target_table(
        actor=clerk, project=cast.projects[project].public_id, fiscal_year=2024
    )
    drafts.save(
        actor=clerk, paper=Paper.TARGET_TABLE, public_id=table.public_id, version=1, body=targets()
    )
    return f"/papers/target-tables/{table.public_id}/"


def handed_on(at: Any, address: str, *, to: str = "approve", by: str = "clerk") -> None:
    at(by).open(address).press("save:submit")
    for name, verb in (("head", "check"), ("reviewer", "review"), ("finance", to)):
        if verb:
            at(name).open(address).press(f"move:{verb}")


def issued(at: Any, cast: Cast, paper: str, **more: Any) -> str:
    """A task for the first department; its page's address."""
    finance = at("finance").open("/tasks/new/")
    fields = {
        **finance.form(),
        "paper": paper,
        "title": f"2024 年{paper}",
        "fiscal_year": "2024",
        "deadline": "2098-12-31T18:00",
        "department": str(cast.department.public_id),
        **more,
    }
    finance.send(fields)
    assert "任务已下达给 2 个单位" in finance.text
    return str(finance.address)


def evaluated(at: Any, cast: Cast) -> str:
    """An evaluation that waits for the bureau."""
    handed_on(at, drafted(cast))
    task = issued(at, cast, "evaluation")
    clerk = at("clerk").open(task)
    clerk.press("start", project=str(cast.projects["road"].public_id))
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(actuals()).items()})
    address = str(clerk.address)
    handed_on(at, address, to="")
    return address
