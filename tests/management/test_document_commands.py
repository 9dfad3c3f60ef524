"""``read_document`` and ``score_document`` as others call them: a process, an exit code, one JSON."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.samples.build import HERE, names

ROOT = Path(__file__).resolve().parents[2]
HUBEI = HERE / "hubei-final-accounts-2022.txt"
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
TWO_PLACES = re.compile(r"-?(?:0|[1-9]\d*)\.\d\d")
NO_ZEROS = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?")
SHARE = re.compile(r"-?\d+(?:\.\d{0,5}[1-9])?")
PLACE = re.compile(r"L\d{4,}|T\d+R\d{2,}C\d{2,}")


def _run(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *args],
        env={"PATH": os.defpath, **environment},
        cwd="/",
        capture_output=True,
        check=False,
        timeout=120,
    )


def _json(done: subprocess.CompletedProcess[bytes]) -> Any:
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout.decode("utf-8"))


@pytest.fixture(scope="module")
def scored() -> Any:
    return _json(_run("score_document", str(HUBEI), "--ruleset", "hubei-2020"))


# ── the process ─────────────────────────────────────────────────────────────────────────────────


def test_one_json_document_and_nothing_else() -> None:
    done = _run("read_document", str(HUBEI))
    document = _json(done)
    assert done.stderr == b""
    assert list(document) == ["format", "sha256", "tables", "expenditure", "problems"]
    assert document["sha256"] == hashlib.sha256(HUBEI.read_bytes()).hexdigest()
    assert document["format"] == "txt"
    assert [len(document[key]) for key in ("tables", "expenditure", "problems")] == [4, 41, 12]


@pytest.mark.parametrize(
    "environment",
    [{"LANG": "C"}, {"LC_ALL": "C"}, {"LANG": "zh_CN.GB18030"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_utf8_whatever_the_locale_says(environment: dict[str, str]) -> None:
    plain = _run("read_document", str(HUBEI), "--json")
    done = _run("read_document", str(HUBEI), "--json", **environment)
    assert done.stdout == plain.stdout
    assert "医疗保险业务信息化".encode() in done.stdout


def test_json_is_compact_or_indented_and_the_same() -> None:
    compact = _run("read_document", str(HUBEI), "--json")
    indented = _run("read_document", str(HUBEI))
    assert compact.stdout.count(b"\n") == 1
    assert _json(compact) == _json(indented)


@pytest.mark.parametrize(
    "args",
    [
        ("read_document", "/nowhere/表.txt"),
        ("read_document", str(HERE)),
        ("score_document", "/nowhere/表.txt", "--ruleset", "hubei-2020"),
        ("score_document", str(HUBEI), "--ruleset", "no-such-rules"),
        ("score_document", str(HUBEI), "--ruleset", ""),
    ],
)
def test_exit_code_2_and_one_line_on_stderr(args: tuple[str, ...]) -> None:
    done = _run(*args)
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode("utf-8").splitlines()
    assert len(lines) == 1
    assert "Traceback" not in lines[0]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.txt", b"", "file_empty"),
        ("空白.txt", b" \n\t\n", "file_empty"),
        ("二进制.txt", b"\x00\x01\x02", "encoding_unknown"),
        ("表.bin", "没有表格".encode(), "no_tables"),
        ("坏.xlsx", b"no workbook at all", None),
        ("坏.pdf", b"%PDF-1.7 and nothing more", None),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
    ],
)
def test_files_that_cannot_be_read_are_problems(
    tmp_path: Path, name: str, content: bytes, code: str | None
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    document = _json(_run("read_document", str(path)))
    assert document["tables"] == []
    (problem,) = document["problems"]
    assert code in {None, problem["code"]}
    assert problem["message"]


def test_encodings_give_the_same_tables(tmp_path: Path) -> None:
    text = HUBEI.read_text(encoding="utf-8")
    expected = _json(_run("read_document", str(HUBEI)))
    for encoding in ("gb18030", "utf-16"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        assert _json(_run("read_document", str(path)))["tables"] == expected["tables"]


# ── the shape ───────────────────────────────────────────────────────────────────────────────────

TABLE = {
    "kind",
    "scope",
    "project",
    "project_code",
    "supervisor",
    "unit",
    "fiscal_year",
    "attributes",
    "objectives",
    "funds",
    "execution",
    "indicators",
    "total_claimed",
    "deviation_reason",
    "improvement",
    "inferred",
    "at",
}
INDICATOR = {
    "level1",
    "level2",
    "level1_text",
    "level2_text",
    "name",
    "goal",
    "definition",
    "target",
    "actual",
    "points",
    "awarded",
    "basis",
    "prior_actual",
    "scoring_rule",
    "evidence",
    "deviation",
    "inferred",
    "at",
}
VALUE = {"text", "kind", "comparator", "value", "upper", "unit", "inferred"}
EXECUTION = {
    "budget",
    "budget_used",
    "executed",
    "rate_claimed",
    "points",
    "awarded",
    "finished",
    "inferred",
}
LINE = {
    "name",
    "at",
    "points",
    "claimed",
    "awarded",
    "ratio",
    "reason",
    "explanation",
    "source",
    "clause",
}


def _keys(found: dict[str, Any], expected: set[str]) -> None:
    missing = expected - set(found)
    assert not missing, missing


def _matches(pattern: re.Pattern[str], *texts: str | None) -> None:
    for text in texts:
        assert text is None or (isinstance(text, str) and pattern.fullmatch(text)), text


def _check_table(table: dict[str, Any]) -> None:
    _keys(table, TABLE)
    assert table["kind"] in {"target_table", "self_evaluation", "monitoring"}
    assert table["scope"] in {"project", "department", "policy"}
    assert table["fiscal_year"] is None or isinstance(table["fiscal_year"], int)
    assert set(table["attributes"]) == {"category", "attribute", "type"}
    assert table["indicators"]
    _matches(PLACE, table["at"])
    _matches(TWO_PLACES, table["total_claimed"])
    for objective in table["objectives"]:
        _keys(objective, {"text", "completed", "share"})
    for fund in table["funds"]:
        _keys(fund, {"source", "stage", "initial", "adjusted", "executed"})
        assert fund["stage"] in {"annual", "whole_period"}
        _matches(TWO_PLACES, fund["initial"], fund["adjusted"], fund["executed"])
    if table["execution"] is not None:
        execution = table["execution"]
        _keys(execution, EXECUTION)
        _matches(TWO_PLACES, execution["budget"], execution["budget_used"], execution["executed"])
        _matches(TWO_PLACES, execution["awarded"])
        _matches(NO_ZEROS, execution["points"])
        _matches(SHARE, execution["rate_claimed"])
    for indicator in table["indicators"]:
        _check_indicator(indicator)


def _check_indicator(indicator: dict[str, Any]) -> None:
    _keys(indicator, INDICATOR)
    assert indicator["name"]
    _matches(PLACE, indicator["at"])
    _matches(NO_ZEROS, indicator["points"])
    _matches(TWO_PLACES, indicator["awarded"])
    for value in (indicator["target"], indicator["actual"]):
        if value is None:
            continue
        _keys(value, VALUE)
        assert value["comparator"] in {None, "≥", ">", "≤", "<", "=", "range"}
        date = re.compile(r"\d{4}-\d\d-\d\d") if value["kind"] == "date" else NO_ZEROS
        _matches(date, value["value"], value["upper"])


@pytest.mark.parametrize("name", names())
def test_shape_of_every_sample(name: str) -> None:
    document = _json(_run("read_document", str(HERE / f"{name}.txt")))
    for table in document["tables"]:
        _check_table(table)
    for line in document["expenditure"]:
        _keys(line, {"table", "code", "name", "total", "basic", "project"})
        _matches(TWO_PLACES, line["total"], line["basic"], line["project"])
    for problem in document["problems"]:
        _keys(problem, {"code", "at", "field", "raw", "message"})
        assert len(problem["raw"]) <= 200
        assert not re.search(r"张三|李四|138\d{8}", json.dumps(problem, ensure_ascii=False))
    assert "contacts" not in json.dumps(document)


def test_shape_of_scores_and_findings(scored: Any) -> None:
    assert list(scored)[-2:] == ["scores", "findings"]
    assert len(scored["scores"]) == len(scored["tables"]) == 4
    for table, score in zip(scored["tables"], scored["scores"], strict=True):
        assert score["project"] == table["project"]
        assert score["ruleset"] == "hubei-2020"
        assert [line["name"] for line in score["lines"]] == [i["name"] for i in table["indicators"]]
        for line in [*score["lines"], score["execution"]]:
            _keys(line, LINE)
            _matches(NO_ZEROS, line["points"])
            _matches(TWO_PLACES, line["claimed"], line["awarded"])
            _matches(SHARE, line["ratio"])
            assert line["explanation"]
        _keys(score, {"total", "grade", "claimed_total", "claimed_grade", "complete"})
    for finding in scored["findings"]:
        _keys(finding, {"code", "severity", "project", "indicator", "message", "at"})
        _keys(finding, {"field", "aspect", "basis"})
        assert finding["severity"] in {"block", "error", "notice"}


def test_scores_of_the_hubei_sample(scored: Any) -> None:
    assert [s["total"] for s in scored["scores"]] == ["100.00", "91.95", "84.92", "100.00"]
    assert [s["execution"]["awarded"] for s in scored["scores"]] == [
        "20.00",
        "11.95",
        "4.92",
        "20.00",
    ]
    third = scored["scores"][2]
    assert (third["grade"], third["claimed_total"], third["claimed_grade"]) == ("良", "94.00", "优")
    codes = [f["code"] for f in scored["findings"] if f["severity"] == "error"]
    assert {code: codes.count(code) for code in codes} == {
        "A01": 17,
        "E01": 2,
        "E02": 1,
        "X01": 3,
        "M01": 1,
        "R01": 2,
    }


def test_plain_notation_without_exponents(scored: Any) -> None:
    values = scored["tables"][0]["indicators"][0]["target"]
    assert (values["value"], values["unit"], values["comparator"]) == ("900000", "人", "≥")
    funds = scored["tables"][0]["funds"][0]
    assert (funds["adjusted"], funds["initial"]) == ("730000.00", None)
    assert not re.search(r'"\d+(?:\.\d+)?[eE][+-]?\d+"', json.dumps(scored))


def test_the_other_samples_score_as_their_claims_say() -> None:
    national = _json(
        _run("score_document", str(HERE / "national-form-2023.txt"), "--ruleset", "mof-2020-10")
    )
    assert [s["total"] for s in national["scores"]] == ["94.00", "87.96"]
    assert [s["claimed_total"] for s in national["scores"]] == ["94.00", "100.00"]
    cost = _json(
        _run("score_document", str(HERE / "cost-measure-2023.txt"), "--ruleset", "mof-2021-101")
    )
    assert [s["total"] for s in cost["scores"]] == ["90.66"]
    # 93 % of the points for the indicators, 70 % for execution: red, and nothing else.
    assert [f["code"] for f in cost["findings"]] == ["R01"]


# ── proofreading ────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_held_against_a_document(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("基金监管专项：全年预算数为60万元，执行数为15.77万元。\n", encoding="utf-8")
    done = _run("proof_text", str(draft), "--against", str(HUBEI), "--json")
    shown = _json(done)
    assert done.stdout.count(b"\n") == 1
    assert shown["counts"] == {"agrees": 1, "disagrees": 1, "not_found": 0}
    assert [(f["text"], f["status"]) for f in shown["figures"]] == [
        ("60万元", "agrees"),
        ("15.77万元", "disagrees"),
    ]
    assert "14.77" in shown["figures"][1]["message"]


def test_a_draft_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "draft.bin"
    binary.write_bytes(b"\x00\x01")
    for path, against in ((binary, HUBEI), (tmp_path / "none.txt", HUBEI), (HUBEI, tmp_path)):
        done = _run("proof_text", str(path), "--against", str(against))
        assert (done.returncode, done.stdout) == (2, b"")
        assert "Traceback" not in done.stderr.decode()
