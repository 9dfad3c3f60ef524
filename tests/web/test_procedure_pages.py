"""The procedure over its pages, by people without scripts: a whole year, and nothing typed lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from budgets.models import AuditEvent, Notice, Project
from performance.models import Evaluation, Monitoring, Review, Step, TargetTable
from performance.web.sheets import STAGES
from performance.workflow import MOVES, Paper, State
from tests.cast import Cast
from tests.contents import actuals, progress, targets
from tests.web.scenes import drafted, evaluated, filled, handed_on, issued


def test_every_state_a_paper_can_reach_is_one_stage() -> None:
    for paper in Paper:
        reached = {State.DRAFT, *(move.target for move in MOVES if paper in move.papers)}
        held = [state for _, states in STAGES[paper] for state in states]
        assert len(held) == len(set(held))
        assert reached <= set(held), paper
    assert [label for label, _ in STAGES[Paper.EVALUATION]][4:] == ["复核确认", "公开", "办结"]


def test_a_whole_year_over_pages(at: Any, cast: Cast) -> None:
    clerk, head, finance = at("clerk"), at("head"), at("finance")
    # a project, its table, filled in row by row with the buttons of the page
    clerk.open("/desk/").open("/projects/new/")
    form = clerk.form()
    clerk.send({**form, "name": "道路养护"})
    form = clerk.form()
    assert form["project"] == str(Project.unscoped.get(name="道路养护").public_id)
    clerk.send({**form, "fiscal_year": "2024"}, address="/target-tables/new/")
    address = clerk.address
    clerk.press("add:indicators", indicators__1__name="一").press(
        "add:indicators", indicators__2__name="二"
    )
    assert clerk.value("indicators.3.name") == ""
    clerk.press("remove:indicators", row="2")
    assert (clerk.value("indicators.1.name"), TargetTable.unscoped.get().lock_version) == ("一", 1)
    sent = {"version": clerk.value("version"), "act": "save", "form_key": uuid4().hex}
    clerk.send({**sent, **filled(targets())})
    assert "已保存" in clerk.text
    assert clerk.value("indicators.3.name") == "服务对象满意度"
    clerk.press("save:submit")
    assert "已提交，待单位审核" in clerk.text

    # back with a mark, mended, and on through all hands
    head.open("/desk/")
    assert "道路养护" in head.text
    head.open(address).press(
        "move:return_to_clerk",
        reason_code="target_unclear",
        reason="与去年相差太大",
        cell=["indicators.1.target"],
        **{"note.indicators.1.target": "请说明依据"},
    )
    clerk.open("/desk/")
    assert "与去年相差太大" in clerk.text
    assert "指标 第1行 指标值：请说明依据" in clerk.text
    clerk.open(address)
    assert "存疑 请说明依据" in clerk.text
    clerk.press("save", indicators__1__target="≥120人次")
    handed_on(at, address)
    assert "已批复" in finance.text
    finance.press("move:publish")
    assert "已公开" in finance.text

    # monitoring and self-evaluation begin from tasks
    task = issued(at, cast, "monitoring", month="7")
    clerk.open(task).press("start", project=str(Project.unscoped.get(name="道路养护").public_id))
    monitoring = clerk.address
    assert monitoring.startswith("/papers/monitorings/")
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(progress()).items()})
    handed_on(at, monitoring)
    assert Monitoring.unscoped.get().status == "approved"

    clerk.open(address).press("adjust", adjustment_code="budget_changed", adjustment="预算调减")
    new = clerk.address
    clerk.press("save", indicators__1__target="≥80人次")
    assert "调整前后对照" in clerk.text
    assert re.search(r"≥120人次.*≥80人次", clerk.text)
    handed_on(at, new)
    clerk.open(address)
    assert "已调整，另有新版本" in clerk.text
    assert "各版本" in clerk.text

    task = issued(at, cast, "evaluation")
    clerk.open(task).press("start", project=str(Project.unscoped.get(name="道路养护").public_id))
    evaluation = clerk.address
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(actuals()).items()})
    upload = {
        **clerk.fields("evidence"),
        "seq": "1",
        "file": SimpleUploadedFile("签到表.txt", "九十人".encode()),
        "note": "签到",
    }
    clerk.send(upload)
    assert "签到表.txt" in clerk.text
    link = clerk.page.one(id="evidence").one("a").given["href"]
    assert finance.client.get(link).status_code == 404  # nobody's business before it is handed on
    kept = clerk.client.get(link)
    assert kept.status_code == 200, kept.content
    assert b"".join(kept) == "九十人".encode()
    handed_on(at, evaluation, to="")
    finance.open(evaluation)
    assert "复核确认" in finance.text
    assert "move:confirm" not in finance.acts()
    finance.press("open_review")
    finance.press("line:", seq="1", points="20", reason_code="rule", reason="没有签到表")
    assert "与评分规则不符（rule，条款待核）：没有签到表" in finance.text
    finance.press("adopt:1")
    assert "没有签到表" not in finance.text
    finance.press("line:", seq="1", points="20", reason_code="rule", reason="没有签到表")
    finance.press("opinion", opinion="请补充")
    clerk.open(evaluation)
    assert "复核得分" not in clerk.text
    finance.press("move:confirm").press("move:publish")
    clerk.open(evaluation)
    assert "与评分规则不符（rule，条款待核）：没有签到表" in clerk.text
    assert "请补充" in clerk.text
    assert Evaluation.unscoped.get().status == "published"


# ── nothing typed is lost ───────────────────────────────────────────────────────────────────────


def test_what_cannot_be_used_is_said_beside_its_field_and_stays(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    clerk.press("save", 400, goal_points="九十", unit="我写的", funds__1__initial="很多")
    assert (clerk.value("goal_points"), clerk.value("unit")) == ("九十", "我写的")
    assert clerk.value("funds.1.initial") == "很多"
    beside = clerk.page.one(id="error-goal_points").text
    assert "不是 0 到 1000 之间的分数" in beside
    assert clerk.page.one(name="goal_points").given["aria-describedby"] == "error-goal_points"
    assert TargetTable.unscoped.get().goal_points == 90
    clerk.press("save", goal_points="80", funds__1__initial="1")
    assert TargetTable.unscoped.get().unit_text == "我写的"


def test_what_is_missing_on_submission_is_said_and_the_text_stays(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    clerk.press("save:submit", 400, indicators__2__target="", supervisor="改了")
    assert "请填写指标值" in clerk.page.one(id="error-indicators-2-target").text
    assert clerk.value("supervisor") == "改了"
    assert TargetTable.unscoped.get().status == "draft"


def test_a_return_without_a_reason_keeps_words_and_marks(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    at("clerk").open(address).press("save:submit")
    head = at("head").open(address)
    head.press(
        "move:return_to_clerk",
        400,
        reason="写了理由",
        cell=["indicators.2.name"],
        **{"note.indicators.2.name": "写了疑问"},
    )
    assert "请选择退回的原因" in head.text
    assert "incomplete" not in head.text
    assert head.value("reason") == "写了理由"
    assert head.value("note.indicators.2.name") == "写了疑问"
    assert "checked" in head.page.one("input", value="indicators.2.name").given


def test_a_stale_save_shows_three_columns_and_is_merged_as_chosen(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    mine, theirs = at("clerk").open(address), at("clerk2").open(address)
    theirs.press("save", unit="他写的", supervisor="他改的", goal_points="70")
    mine.press("save", 409, unit="我写的", indicators__1__name="我改的名称", goal_points="80")
    rows = {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in mine.page.one("table", has="compare").one("tbody").all("tr")
    }
    assert rows == {
        "指标总分": ["80", "70", "90"],
        "主管部门": ["甲局", "他改的", "甲局"],
        "实施单位": ["我写的", "他写的", "甲一中心"],
        "指标 第1行 三级指标": ["我改的名称", "培训人次", "培训人次"],
    }
    checked = {
        one.given["name"]: one.value
        for one in mine.page.all("input", type="radio")
        if "checked" in one.given
    }
    assert checked == {"take.supervisor": "theirs", "take.indicators.1.name": "mine"}
    assert TargetTable.unscoped.get().unit_text == "他写的"
    # meanwhile a third one: the page comes again, the choices in it
    theirs.press("save", goal_points="60")
    chosen = {"take__unit": "mine", "take__goal_points": "theirs"}
    mine.press("merge", 409, **chosen)
    shown = mine.page.one("tbody").text
    assert "70 60" in shown
    mine.press("merge", take__goal_points="mine", take__unit="mine")
    table = TargetTable.unscoped.get()
    assert (table.unit_text, table.supervisor_text, table.goal_points) == ("我写的", "他改的", 70)
    assert mine.value("indicators.1.name") == "我改的名称"


def test_what_was_typed_while_another_submitted_is_shown(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    mine = at("clerk").open(address)
    at("clerk2").open(address).press("save:submit")
    mine.press("save", 409, unit="我写的")
    assert "不能修改" in mine.text
    assert "我写的" in mine.text
    assert TargetTable.unscoped.get().unit_text == "甲一中心"


def test_a_changed_content_is_decided_anew(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    clerk = at("clerk").open(address).press("save:submit")
    head = at("head").open(address)
    clerk.press("move:withdraw").press("save:submit", goal_points="80")
    head.press("move:check", 409, reason="还在想")
    assert "您看过之后的变化" in head.text
    assert "指标总分 90 80" in head.text
    assert head.value("reason") == "还在想"
    head.press("move:check")
    assert TargetTable.unscoped.get().status == "unit_checked"


def test_two_reviewers_of_a_line(at: Any, cast: Cast) -> None:
    evaluation = evaluated(at, cast)
    first, second = at("finance").open(evaluation).press("open_review"), at("finance2")
    second.open(evaluation)
    first.press("line:", seq="1", points="20", reason_code="rule", reason="没有签到表")
    typed = {"points": "15", "reason_code": "other", "reason": "另一种看法"}
    second.press("line:", 409, seq="1", **typed)
    form = second.page.one("form", id="line-1").fields()
    assert form["points"] == "15"
    assert form["reason"] == "另一种看法"
    assert "与评分规则不符（rule，条款待核）：没有签到表" in second.text
    second.press("line:1", 400, points="41", reason_code="", reason="")
    assert "应为 0 到 40 的分数" in second.text
    assert "请选择原因并写明理由" in second.text
    second.press("line:1", 400, points="很多", reason_code="other", reason="")
    assert "请填写分数" in second.text
    second.press("adopt:all")
    assert "adopt:all" not in second.acts()
    assert Review.unscoped.get().total == 95


# ── one effect ──────────────────────────────────────────────────────────────────────────────────


def test_a_form_sent_twice_takes_effect_once(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    clerk = at("clerk").open(address)
    save = {**clerk.fields("save"), "unit": "一次"}
    before = AuditEvent.objects.count()
    first = clerk.client.post(address, save)
    again = clerk.client.post(address, save)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"] == address
    assert AuditEvent.objects.count() == before + 1
    clerk.send({**save, "unit": "别的"}, 422)
    assert "已经提交过一次" in clerk.text
    assert clerk.value("unit") == "别的"
    assert TargetTable.unscoped.get().unit_text == "一次"
    submit = clerk.open(address).fields("save:submit")
    for _ in range(3):
        clerk.send(submit)
    assert Step.unscoped.filter(verb="submit").count() == 1
    clerk.send({"act": "save"}, 400)
    clerk.send({"act": "save", "version": "1"}, 428)
    clerk.send({"act": "nonsense", "form_key": uuid4().hex}, 400)


def test_every_beginning_takes_effect_once(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open("/projects/new/")
    form = clerk.form()
    for _ in range(2):
        clerk.send({**form, "name": "只有一个"}, address="/projects/new/")
    assert Project.unscoped.filter(name="只有一个").count() == 1
    clerk.open("/projects/new/")
    form = clerk.form()
    clerk.send({**form, "name": "只有一个"}, 409)
    assert clerk.value("name") == "只有一个"
    clerk.send({**form, "name": "只有一个", "code": "九"}, 400)
    assert "项目代码最多 21 个字符" in clerk.text


def test_messages_are_read_once_and_for_all(at: Any, cast: Cast) -> None:
    at("clerk").open(drafted(cast)).press("save:submit")
    head = at("head").open("/desk/")
    assert "未读消息 1 条" in head.text
    head.press("read")
    assert "没有未读消息" in head.text
    assert Notice.objects.get(user=cast["head"]).read_at is not None
