"""The data of the checks: strict to load, chosen by place and year; conclusions; long names."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from performance.examination.conclusion import conclude
from performance.examination.limits import FOLDER, GradeLimit, read_thresholds, thresholds_for
from performance.examination.loader import DataError
from performance.examination.model import Aspect
from performance.examination.names import bare_name, normal_form
from performance.examination.placeholders import is_prompt
from performance.examination.projects import project_key
from performance.examination.words import FILE, read_words, words
from performance.tables import Finding, Severity
from tests.examination.papers import LIMITS

VARIANT = """
extends: default
id: {id}
region: "{region}"
from_fiscal_year: {year}
blocking: [S03, C01]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / "default.yaml", tmp_path)
    for identity, region, year in (("hubei", "42", 2021), ("ezhou", "4207", 2023)):
        text = VARIANT.format(id=identity, region=region, year=year)
        (tmp_path / f"{identity}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("region", "year", "identity"),
    [
        ("420700", 2023, "ezhou"),
        ("420700", 2022, "hubei"),
        ("420100", 2023, "hubei"),
        ("420100", 2020, "default"),
        ("650000", 2023, "default"),
        ("", 2023, "default"),
    ],
)
def test_the_nearest_region_and_its_newest_year(
    folder: Path, region: str, year: int, identity: str
) -> None:
    found = thresholds_for(region, year, folder)
    assert found.id == identity
    assert ("C01" in found.blocking) == (identity != "default")
    assert found.target_totals == LIMITS.target_totals


def test_what_comes_with_the_package_is_unchecked_and_says_so() -> None:
    assert LIMITS.checked is words().checked is False
    assert LIMITS.blocking == {"S03", "W01", "E03", "P01"}
    assert LIMITS.disabled == frozenset()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("blocking:", "blocked:"), "不认识的键"),
        (('dominant_share: "0.50"', "dominant_share: 0.50"), "没有加引号"),
        (('half_printed: "50"', 'half_printed: "viel"'), "读不出"),
        (('half_printed: "50"', 'half_printed: "NaN"'), "读不出"),
        (('half_printed: "50"', "half_printed: 50"), "应加引号"),
        (("[S03, W01", "[S3, W01"), "不是检查的编号"),
        (("[S03, W01", "[S03, S03"), "重复"),
        (('region: ""', 'region: "湖北"'), "区划代码"),
        (("checked: false", "checked: 0"), "true 或 false"),
        (("[target, actual]", "[target, reality]"), "没有“reality”这一栏"),
        (("  monitoring:", "  other:"), "三类表"),
        (("full_tables: 3", "full_tables: -3"), "不小于 0"),
        (("  差: {blocks: 1, errors: 5}", "  差: {many: 1}"), "blocks、errors 或 notices"),
        (("  差: {blocks: 1, errors: 5}\n", ""), "依次写"),
        (("id: default", "id: other"), "应与文件名相同"),
        (("full_tables: 3", "full_tables: 3\nfull_tables: 4"), "写了两次"),
        (("id: default", "- default\nid: default"), "YAML"),
    ],
)
def test_thresholds_that_do_not_load(folder: Path, change: tuple[str, str], message: str) -> None:
    path = folder / "default.yaml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_thresholds(path)


def test_a_folder_without_a_default_has_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="没有适用"):
        thresholds_for("42", 2023, tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("vague:", "woolly:"), "不认识的键 woolly"),
        (("survey: [调查,", "survey: [调查, 调查,"), "重复"),
        (("  - [人口, 人员]", "  - [人口]"), "至少两个词"),
        (("survey: [", "survey: [1, "), "文字的列表"),
    ],
)
def test_words_that_do_not_load(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "words.yaml"
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_words(path)


# ── conclusions ─────────────────────────────────────────────────────────────────────────────────


def _findings(aspect: Aspect | None, *severities: str) -> list[Finding]:
    return [
        Finding(
            code="T01", severity=Severity(s), message="", aspect=aspect.value if aspect else None
        )
        for s in severities
    ]


@pytest.mark.parametrize(
    ("severities", "grade"),
    [
        ((), "优"),
        (("notice",) * 2, "优"),
        (("notice",) * 3, "良"),
        (("error",), "良"),
        (("error",) * 2, "中"),
        (("error",) * 4, "中"),
        (("error",) * 5, "差"),
        (("block",), "差"),
    ],
)
def test_the_grade_of_an_aspect(severities: tuple[str, ...], grade: str) -> None:
    found = conclude(_findings(Aspect.RELEVANCE, *severities), LIMITS)
    assert found.aspects == dict.fromkeys(Aspect, "优") | {Aspect.RELEVANCE: grade}
    assert found.overall == grade


def test_the_lowest_aspect_is_the_overall_grade() -> None:
    found = conclude(
        [*_findings(Aspect.COMPLETENESS, "error"), *_findings(Aspect.FEASIBILITY, "block")], LIMITS
    )
    assert (found.aspects[Aspect.COMPLETENESS], found.overall) == ("良", "差")


def test_findings_on_claims_say_nothing_about_targets() -> None:
    assert conclude(_findings(None, "block", "error", "error"), LIMITS).overall == "优"


def test_the_limits_of_a_conclusion_are_data() -> None:
    lenient = replace(LIMITS, conclusion=(GradeLimit(grade="中", errors=1),))
    assert conclude(_findings(Aspect.SUITABILITY, "error"), lenient).overall == "中"
    assert conclude(_findings(Aspect.SUITABILITY, "block"), lenient).overall == "优"


# ── names ───────────────────────────────────────────────────────────────────────────────────────


def test_names_as_they_are_compared() -> None:
    assert bare_name("享受补助 覆盖面（%）") == "享受补助覆盖面"
    assert bare_name("（%）") == "(%)"
    assert normal_form("甲（项目）—2023 年") == normal_form("甲(项目)-2023年") == "甲项目2023年"
    assert project_key("卡卡贫困人员补贴") == project_key("卡贫困人口补助")
    assert project_key("一期") != project_key("二期")


@pytest.mark.parametrize(
    "text", ["指标1", "目标2：", "×××", "XX项目", "……", "（100字以内）", "请填写目标"]
)
def test_prompts(text: str) -> None:
    assert is_prompt(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "指标体系",
        "指标完成率",
        "≥100%",
        "编写500字以内简报",
        "调研报告（5000字）",
        "无",
        "5G覆盖",
    ],
)
def test_no_prompts(text: str) -> None:
    assert not is_prompt(text)


@pytest.mark.parametrize("piece", ["（", "×", "指标", "率", "…", "100字", "请填写（"])
def test_long_texts_take_no_time(piece: str) -> None:
    text = piece * 50_000
    assert len(bare_name(text)) <= 300
    assert len(normal_form(text)) <= 2000
    is_prompt(text)
    project_key(text[:3000])
