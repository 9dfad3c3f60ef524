"""Following a task: who is how far, who is late first, and reminding those who owe."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core import mail
from django.utils import timezone

from budgets.access import units_in_reach
from budgets.models import AuditEvent, Notice, Role, User
from performance.models import Task, TaskUnit
from performance.services import tasks
from performance.workflow import Paper
from tests.cast import Cast
from tests.contents import targets
from tests.web.scenes import filled, issued


def _started(at: Any, cast: Cast, task: str) -> str:
    """The target table that a task asks for, with its content; its page's address."""
    clerk = at("clerk").open(task).press("start", project=str(cast.projects["road"].public_id))
    clerk.press("save", **{k.replace(".", "__"): v for k, v in filled(targets()).items()})
    return str(clerk.address)


def test_units_are_followed_the_late_ones_first(at: Any, cast: Cast) -> None:
    address = issued(at, cast, "target_table")
    finance = at("finance").open(address)
    assert "甲一中心 甲局 还没有交来" in finance.text
    assert "甲一中心 甲局 没有开始" in at("clerk").open(address).text
    road = _started(at, cast, address)
    assert "甲一中心 甲局 填报中 1" in at("clerk").open(address).text
    at("clerk").open(road).press("save:submit")
    finance.open(address)
    assert finance.text.index("甲二中心") < finance.text.index("甲一中心"), "who owes comes first"
    assert "甲一中心 甲局 待单位审核 1" in finance.text
    assert "甲一中心" not in finance.open(f"{address}?standing=owing").text.split("各单位")[1]
    assert "没有这种情况的单位" in finance.open(f"{address}?standing=late").text
    assert "甲二中心" in finance.open(f"{address}?standing=nonsense").text


def test_owing_units_are_reminded_once_a_day(
    at: Any, cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    User.objects.filter(pk=cast["sister_clerk"].pk).update(email="jingban@example.com")
    address = issued(at, cast, "target_table")
    at("clerk").open(_started(at, cast, address)).press("save:submit")
    finance = at("finance").open(address)
    units = [str(cast.unit.public_id), str(cast.sister.public_id), str(cast.foreign.public_id), "x"]
    before = Notice.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        finance.press("remind", words="请于周五前办完", unit=units)
    assert "已提醒 1 个单位的经办" in finance.text
    notices = list(Notice.objects.order_by("id")[before:])
    assert [one.user for one in notices] == [cast["sister_clerk"]]
    assert "请于周五前办完" in notices[0].text
    assert [one.to for one in mail.outbox] == [["jingban@example.com"]]
    assert "请于周五前办完" in at("sister_clerk").open("/desk/").text
    event = AuditEvent.objects.get(verb="remind_units")
    assert '"units":1' in event.canonical
    assert "周五" not in event.canonical
    finance.press("remind", 409, unit=units)
    assert "今天已经提醒过" in finance.text
    assert Notice.objects.count() == before + 1
    finance.open(address).press("remind", 400, unit=units, words="长" * 201)
    assert finance.value("words") == "长" * 201
    fields = {"act": "remind", "unit": units, "form_key": uuid4().hex}
    at("reviewer").send(fields, 403, address=address)
    at("foreign_clerk").send({**fields, "form_key": uuid4().hex}, 404, address=address)
    assert "remind" not in at("clerk").open(address).acts()
    at("finance").open(address).press("close")
    at("finance").send({**fields, "form_key": uuid4().hex}, 409)


def test_a_task_of_many_units_asks_a_constant_number_of_questions(
    at: Any, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    deadline = timezone.make_aware(datetime(2098, 12, 31))
    asked = {"paper": Paper.TARGET_TABLE, "fiscal_year": 2024, "deadline": deadline}
    few = tasks.issue_task(actor=cast["finance"], title="少", units=[cast.unit.public_id], **asked)
    units = [cast.unit.public_id, cast.sister.public_id, cast.foreign.public_id]
    many = tasks.issue_task(actor=cast["finance"], title="多", units=units, **asked)
    finance = at("finance").open("/desk/")
    for task in (few, many):
        with django_assert_max_num_queries(23):
            finance.client.get(f"/tasks/{task.public_id}/")


def test_units_are_chosen_page_by_page_and_nothing_chosen_is_lost(
    at: Any, cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setattr("performance.selectors.units.DEPARTMENTS", 1)
    finance = at("finance").open("/tasks/new/")
    assert "甲一中心" not in finance.text, "no unit is listed before its department is opened"
    assert "第 1 页，共 2 页" in finance.text
    first, other = str(cast.department.public_id), str(cast.foreign.department.public_id)
    look = {**finance.form(), "title": "分页选的任务", "paper": "target_table"}
    finance.send({**look, "look": "page:2"})
    finance.send({**finance.form(), "look": f"open:{first}"})
    finance.send({**finance.form(), "unit": str(cast.unit.public_id), "look": "page:1"})
    assert finance.value("title") == "分页选的任务"
    apart = finance.page.one("ul", has="elsewhere").text
    assert "甲一中心" in apart and "甲二中心" not in apart
    assert str(cast.foreign.department.name) in finance.page.one("div", has="tree").text
    finance.send({**finance.form(), "department": other, "look": "find", "words": "甲二"})
    assert "甲二中心" in finance.text, "a search opens the department in which it finds a unit"
    assert "1 个符合" in finance.text
    finance.send({**finance.form(), "look": "find", "words": "没有这样的名称"})
    assert "没有名称里有" in finance.text
    assert not Task.objects.exists(), "looking around issues nothing"
    made = {**finance.form(), "fiscal_year": "2024", "deadline": "2098-12-31T18:00"}
    finance.send(made)
    asked = set(TaskUnit.unscoped.values_list("unit__name", flat=True))
    theirs = cast.foreign.department.units.values_list("name", flat=True)
    assert asked == {"甲一中心", *theirs}
    everyone = {"title": "全部单位", "everyone": "on", "fiscal_year": "2024"}
    finance.open("/tasks/new/")
    finance.send({**finance.form(), **everyone, "deadline": "2098-12-31T18:00"})
    task = Task.objects.get(title="全部单位")
    assert task.units.count() == units_in_reach(cast["finance"], Role.FINANCE_REVIEWER).count()


def test_the_units_of_a_task_are_paged_found_and_all_reminded(
    at: Any, cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setattr("performance.selectors.tasks._UNITS", 1)
    address = issued(at, cast, "target_table")
    at("clerk").open(_started(at, cast, address)).press("save:submit")
    finance = at("finance").open(address)
    assert "还有 1 个没有提交" in finance.text
    assert "甲二中心" in finance.text and "甲一中心" not in finance.text
    finance.open(f"{address}?page=2")
    assert "甲一中心" in finance.text and "甲二中心" not in finance.text
    finance.open(f"{address}?words=中心")
    assert finance.page.one("a", rel="next").given["href"] == "?words=%E4%B8%AD%E5%BF%83&page=2"
    for standing, words, seen in (
        ("handed", "甲", "甲一中心"), ("working", "", "甲一中心"), ("owing", "甲局", "甲二中心"),
        ("settled", "", "没有这种情况的单位"), ("handed", "二中心", "没有这种情况的单位"),
    ):  # fmt: skip
        assert seen in finance.open(f"{address}?standing={standing}&words={words}").text
    finance.open(address).press("remind_all", unit=[])
    assert "已提醒 1 个单位的经办" in finance.text
    assert Notice.objects.filter(user=cast["sister_clerk"], kind="reminder").count() == 1


def test_a_deadline_is_moved_on_the_page_and_its_past_is_read_by_all(at: Any, cast: Cast) -> None:
    address = issued(at, cast, "target_table", deadline="2020-01-01T00:00")
    soon = timezone.localtime() + timedelta(days=9)
    finance = at("finance").open(address)
    assert finance.value("deadline") == "2020-01-01T00:00"
    assert "已过截止时间" in finance.text
    wrong = {"deadline": "2021-01-01T00:00", "reason": " "}
    finance.press("deadline", 400, **wrong)
    for words in ("有的内容不能使用", "截止时间应在现在", "请说明原因，最多 200 字"):
        assert words in finance.text
    assert [one.text for one in finance.page.all("p", has="field-error")] == [
        one.text for one in finance.page.one("div", has="message-error").all("li")
    ]
    assert finance.value("deadline") == "2021-01-01T00:00"
    finance.press("deadline", 400, deadline="下周", reason="单位报送系统升级")
    assert "请填写截止时间" in finance.text
    assert (finance.value("deadline"), finance.value("reason")) == ("下周", "单位报送系统升级")
    finance.press("deadline", deadline=f"{soon:%Y-%m-%dT%H:%M}")
    assert "截止时间已改" in finance.text
    assert finance.value("deadline") == f"{soon:%Y-%m-%dT%H:%M}"
    assert finance.value("reason") == ""
    told = f"由 2020-01-01 00:00 改为 {soon:%Y-%m-%d %H:%M}：单位报送系统升级"
    for name in ("finance", "clerk", "reviewer", "auditor"):
        person = at(name).open(address)
        assert told in person.text
        assert (
            "已过截止时间" not in person.text and "逾期未交" not in person.text.split("各单位")[2]
        )
        assert ("deadline" in person.acts()) == (name == "finance")
    assert "截止时间由 2020年01月01日 00:00 改为" in at("clerk").open("/desk/").text


def test_a_deadline_moved_meanwhile_is_not_moved_over(at: Any, cast: Cast) -> None:
    address = issued(at, cast, "target_table")
    other = at("finance2").open(address)
    at("finance").open(address).press("deadline", deadline="2099-01-31T18:00", reason="延期")
    other.press("deadline", 409, deadline="2099-03-31T18:00", reason="我也要延期")
    assert "任务已经被别人修改" in other.text
    assert "2099-01-31 18:00" in other.text
    assert other.value("reason") == "我也要延期"
    version = {"deadline": "2099-03-31T18:00", "reason": "延期", "version": "x"}
    at("finance").open(address).press("deadline", 400, **version)
    moved = {"act": "deadline", "deadline": "2099-02-28T18:00", "reason": "x", "version": "2"}
    at("reviewer").send({**moved, "form_key": uuid4().hex}, 403, address=address)
    assert Task.objects.get().lock_version == 2
    finance = at("finance").open(address).press("close")
    finance.send({**moved, "version": "3", "form_key": uuid4().hex}, 409)
    assert "任务已经结束" in finance.text
    assert "deadline" not in finance.acts()
