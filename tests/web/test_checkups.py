"""The check-up on the page and over HTTP: seen before submission, nothing written, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from budgets.models import AuditEvent, IdempotencyKey
from performance.models import Examination, Snapshot, TargetTable
from performance.services import drafts
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import actuals, targets
from tests.talk import ClientApi
from tests.web.scenes import drafted, evaluated, handed_on
from tests.web.test_page_guards import _asked

COST = {
    "level1": "产出指标", "level2": "成本指标", "name": "医疗救助总金额", "target": "≥6670104元", "points": "10",
}  # fmt: skip


def _with_cost(**changes: Any) -> dict[str, Any]:
    rows = [dict(row) for row in targets()["indicators"]]
    rows[0]["points"] = "30"
    return targets(indicators=[*rows, COST], **changes)


def _costly(cast: Cast) -> str:
    """A draft with a cost that grows; its page's address."""
    address = drafted(cast)
    drafts.save(
        actor=cast["clerk"],
        paper=Paper.TARGET_TABLE,
        public_id=_id(address),  # type: ignore[arg-type]
        version=2,
        body=_with_cost(),
    )
    return address


def _id(address: str) -> str:
    return address.strip("/").rpartition("/")[2]


def _counted() -> tuple[int, ...]:
    return (
        AuditEvent.objects.count(),
        Snapshot.unscoped.count(),
        Examination.unscoped.count(),
        IdempotencyKey.objects.count(),
        TargetTable.unscoped.get().lock_version,
    )


# ── the clerk's ─────────────────────────────────────────────────────────────────────────────────


def test_a_draft_shows_what_would_be_found_and_where(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(_costly(cast))
    checkup = clerk.page.one("section", id="checkup")
    assert "错误 1" in checkup.one("p").text
    found = clerk.page.one(id="found-error").one("li")
    assert "成本指标“医疗救助总金额”用了“≥”，花得越多得分越高" in found.text
    assert found.one("a", has="to-cell").given["href"] == "#f-indicators.4.target"
    assert found.one("a", has="to-cell").text == "指标 第4行 指标值"
    assert "财预〔2015〕88号" in found.one("details").text
    assert clerk.page.one(id="f-indicators.4.target").tag == "textarea"
    mark = clerk.page.one("a", has="found-error")
    assert (mark.text, mark.given["href"]) == ("错误 C01", f"#{found.given['id']}")
    assert "open" in clerk.page.one(id="found-error").given
    assert "open" not in clerk.page.one(id="found-notice").given


def test_what_is_typed_is_examined_and_nothing_is_written(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    assert "C01" not in clerk.page.one(id="checkup").text
    before = _counted()
    clerk.press(
        "examine", indicators__2__target="显著提高", indicators__1__points="35", unit="我写的"
    )
    assert _counted() == before
    assert (clerk.value("unit"), clerk.value("indicators.1.points")) == ("我写的", "35")
    assert clerk.value("version") == "2"
    assert "合计 85 分" in clerk.page.one(id="found-block").text
    assert "还没有保存的内容" in clerk.page.one(id="checkup").text
    assert "data-unsaved" in clerk.page.one("form", id="content").given
    assert clerk.page.one("a", has="found-block").given["href"] == "#finding-1"
    clerk.press("save")
    assert TargetTable.unscoped.get().unit_text == "我写的"


def test_what_cannot_be_read_is_said_instead(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    before = _counted()
    clerk.press("examine", 400, goal_points="九十", unit="我写的")
    assert "不是 0 到 1000 之间的分数" in clerk.page.one(id="error-goal_points").text
    assert clerk.value("unit") == "我写的"
    assert _counted() == before


def test_saving_and_examining_in_one(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    clerk.press("save:checkup", indicators__1__points="35")
    assert TargetTable.unscoped.get().lock_version == 3
    assert "合计 85 分" in clerk.page.one(id="found-block").text
    assert "改正后才能提交" in clerk.page.one(id="checkup").text


def test_what_blocks_is_saved_and_said_but_not_handed_on(at: Any, cast: Cast) -> None:
    clerk = at("clerk").open(drafted(cast))
    clerk.press("save:submit", indicators__1__points="35", unit="我写的")
    table = TargetTable.unscoped.get()
    assert (table.status, table.unit_text, table.lock_version) == ("draft", "我写的", 3)
    assert "已保存，没有提交。审核发现 1 处阻断" in clerk.text
    assert "合计 85 分" in clerk.page.one("p", has="message").text
    assert not AuditEvent.objects.filter(verb="submit").exists()
    assert not Examination.unscoped.exists()
    clerk.press("save:submit", indicators__1__points="40")
    assert TargetTable.unscoped.get().status == "submitted"


def test_an_evaluation_says_what_the_target_table_must_mend(at: Any, cast: Cast) -> None:
    address = _costly(cast)
    handed_on(at, address)
    from tests.web.scenes import issued

    clerk = at("clerk").open(issued(at, cast, "evaluation"))
    clerk.press("start", project=str(cast.projects["road"].public_id))
    rows = [
        *actuals()["actuals"],
        {"seq": 4, "actual": "≥6670104元", "claimed": "10", "deviation": ""},
    ]
    rows[0] = {**rows[0], "claimed": "30"}
    from tests.web.scenes import filled

    clerk.press(
        "save", **{k.replace(".", "__"): v for k, v in filled(actuals(actuals=rows)).items()}
    )
    errors = {
        one.one("code").text: one
        for one in clerk.page.one(id="found-error").all("li")
        if one.all("a", has="to-cell")
    }
    assert errors["A01"].one("a", has="to-cell").given["href"] == "#f-actuals.4.actual"
    assert errors["C01"].one("a", has="to-cell").given["href"] == f"{address}#f-indicators.4.target"
    assert "须办理目标调整才能改" in errors["C01"].text
    assert at("head").open(address).page.one(id="f-indicators.4.target").text == "≥6670104元"
    assert clerk.page.one("a", has="found-error").given["href"].startswith("#finding-")


# ── those who review ────────────────────────────────────────────────────────────────────────────


def test_who_reviews_sees_the_same_and_a_reader_does_not(at: Any, cast: Cast) -> None:
    address = _costly(cast)
    handed_on(at, address)
    for name in ("clerk", "head", "reviewer", "finance", "auditor"):
        page = at(name).open(address)
        assert "用了“≥”" in page.page.one(id="found-error").text, name
        assert "提交时的审核结果" in page.page.one(id="checkup").text
        assert page.page.one("a", has="found-error").text == "错误 C01"
    assert "用了“≥”" not in at("reader").open(address).text
    api = ClientApi(cast["reader"])
    assert api.get(f"target-tables/{_id(address)}/findings/").status == 404


def test_what_was_handed_on_is_shown_as_it_was_found(
    at: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _costly(cast)
    at("clerk").open(address).press("save:submit")
    monkeypatch.setattr("performance.selectors.checkups.examine_paper", _never)
    assert "用了“≥”" in at("head").open(address).text


def _never(*given: Any) -> Any:
    raise AssertionError("what is kept is not worked out again")


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────


def test_the_api_gives_findings_with_their_cells(cast: Cast) -> None:
    address = _costly(cast)
    path = f"target-tables/{_id(address)}/"
    found = ClientApi(cast["clerk"]).get(f"{path}findings/").body
    assert found["counts"] == {"block": 0, "error": 1, "notice": len(found["findings"]) - 1}
    assert found["examined_at"] is None
    first = found["findings"][0]
    assert (first["code"], first["severity"], first["at"]) == (
        "C01",
        "error",
        "indicators.4.target",
    )
    assert first["place"] == "指标 第4行 指标值" and first["basis"] and first["aspect"] == "适当性"
    for name in ("foreign_clerk", "sister_clerk", "elsewhere", "reviewer", "finance"):
        assert ClientApi(cast[name]).get(f"{path}findings/").status == 404, name


def test_a_refused_submission_names_what_blocks(cast: Cast) -> None:
    address = drafted(cast)
    api, path = ClientApi(cast["clerk"]), f"target-tables/{_id(address)}/"
    rows = [dict(row) for row in targets()["indicators"]]
    rows[0]["points"] = "35"
    assert api.put(f"{path}content/", targets(indicators=rows), version=2).status == 200
    refused = api.move("target-tables", _id(address), "submit")
    assert (refused.status, refused.body["code"]) == (409, "blocked")
    assert [(one["code"], one["at"]) for one in refused.body["findings"]] == [
        ("W01", "goal_points")
    ]
    assert api.get(f"{path}content/").body["state"] == "draft"


def test_the_conclusion_over_http(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    handed_on(at, address, to="")
    path = f"target-tables/{_id(address)}/conclusion/"
    api = ClientApi(cast["finance"])
    shown = api.get(path)
    assert (shown.status, shown.version) == (200, 1)
    assert [one["aspect"] for one in shown.body["aspects"]] == [
        "完整性",
        "相关性",
        "适当性",
        "可行性",
    ]
    digest = api.content("target-tables", _id(address)).body["digest"]
    grades = {one["aspect"]: one["computed"] for one in shown.body["aspects"]}
    body = {"digest": digest, "aspects": grades, "overall": "差", "words": "与职责无关"}
    assert api.put(path, {**body, "words": ""}, version=1).body["errors"] == {
        "words": "结论与系统算出的不同，请写明理由"
    }
    assert api.put(path, body, version=1).version == 2
    stale = ClientApi(cast["finance2"]).put(path, body, version=1)
    assert (stale.status, stale.body["current_version"]) == (409, 2)
    assert stale.body["theirs"]["own"] == "差" and stale.body["mine"]["words"] == "与职责无关"
    unseen = api.put(path, {**body, "digest": "0" * 64}, version=2)
    assert (unseen.status, unseen.body["code"]) == (409, "content_changed")
    for name in ("clerk", "head", "reviewer", "reader"):
        assert ClientApi(cast[name]).get(path).status == 404, name
    at("finance").open(address).press("move:approve")
    for name in ("clerk", "head", "reviewer", "reader", "auditor"):
        assert ClientApi(cast[name]).get(path).body["own"] == "差", name
    assert ClientApi(cast["foreign_clerk"]).get(path).status == 404


# ── the conclusion on the page ──────────────────────────────────────────────────────────────────


def test_the_bureau_concludes_on_the_page(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    handed_on(at, address, to="")
    finance = at("finance").open(address)
    section = finance.page.one(id="conclusion")
    assert [row.one("th").text for row in section.one("tbody").all("tr")] == [
        "完整性", "相关性", "适当性", "可行性", "总体",
    ]  # fmt: skip
    assert "不得进入预算安排流程" in section.one("select", name="overall").text
    finance.press("conclude", 400, overall="差")
    assert "请写明理由" in finance.page.one(id="error-conclusion-words").text
    assert finance.value("overall") == "差"
    finance.press("conclude", overall="差", words="与职责无关")
    assert "finance甲" in finance.page.one(id="conclusion").text
    assert "审核结论为“差”" in finance.page.one(id="moves").text
    other = at("finance2").open(address)
    assert other.value("words") == "与职责无关"
    assert AuditEvent.objects.filter(verb="conclude_targets").count() == 1
    for name in ("clerk", "head", "reviewer"):
        assert "审核结论" not in at(name).open(address).text, name
    finance.press("move:approve")
    for name in ("clerk", "head", "reviewer", "reader"):
        shown = at(name).open(address).page.one(id="conclusion")
        assert "与职责无关" in shown.text and not shown.all("select"), name


def test_two_who_conclude_at_once(at: Any, cast: Cast) -> None:
    address = drafted(cast)
    handed_on(at, address, to="")
    first, second = at("finance").open(address), at("finance2").open(address)
    first.press("conclude", words="先写")
    second.press("conclude", 409, words="后写", overall="中")
    assert (second.value("words"), second.value("overall")) == ("后写", "中")
    assert Examination.unscoped.get().own_words == "先写"
    second.press("conclude")
    assert Examination.unscoped.get().own_words == "后写"


def test_only_target_tables_are_concluded_on(at: Any, cast: Cast) -> None:
    evaluation = evaluated(at, cast)
    finance = at("finance").open(evaluation)
    assert not finance.page.all(id="conclusion")
    form = {**finance.fields("open_review"), "act": "conclude", "version": "1"}
    finance.send(form, 400)


# ── speed ───────────────────────────────────────────────────────────────────────────────────────


def test_the_page_asks_a_constant_number_of_questions(at: Any, cast: Cast) -> None:
    address = _costly(cast)
    clerk = at("clerk").client
    few = _asked(clerk, address)
    body = _with_cost()
    body["indicators"] += [{**COST, "name": f"第{n}项总金额"} for n in range(50)]
    drafts.save(
        actor=cast["clerk"],
        paper=Paper.TARGET_TABLE,
        public_id=_id(address),  # type: ignore[arg-type]
        version=3,
        body=body,
    )
    assert _asked(clerk, address) == few
    assert few <= 45, few
