"""Review criteria are data with a source, and the percentage said is the percentage taken."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from performance.rulebook import RulebookError, all_review_rules, criteria, review_rules
from performance.rulebook.criteria import load_review_text
from performance.scoring.criteria import applies, deviation, reviewed_points

SOUND = (criteria.REVIEWS / "bureau-firm.yaml").read_text(encoding="utf-8")


def test_the_criteria_and_their_source() -> None:
    rules = review_rules()
    assert list(rules.criteria) == [
        "no_evidence",
        "unrelated",
        "not_assessable",
        "no_formula",
        "no_source",
        "no_survey",
        "late",
        "duplicate",
        "wrong_level",
        "over_achieved",
        "rule",
        "other",
    ]
    assert (rules.source.clause, rules.source.checked, rules.clause) == (None, False, "条款待核")
    assert len(rules.digest) == 64


@pytest.mark.parametrize(
    ("code", "points", "awarded", "reviewed"),
    [
        ("no_evidence", "10", "9.5", "0.00"),
        ("unrelated", "10", "10", "0.00"),
        ("not_assessable", "10", "10", "0.00"),
        ("no_formula", "10", "10", "4.00"),
        ("no_formula", "10", "9.5", "3.50"),
        ("no_formula", "10", "3", "0.00"),
        ("no_source", "10", "10", "7.00"),
        ("no_source", "3.35", "3.35", "2.35"),
        ("no_source", "10", None, "7.00"),
        ("late", "8", "8", "5.60"),
        ("duplicate", "8", "8", "0.00"),
        ("over_achieved", "8", "7.25", "7.25"),
        ("rule", "8", "8", None),
        ("other", "8", "8", None),
    ],
)
def test_the_percentage_said_is_the_percentage_taken(
    code: str, points: str, awarded: str | None, reviewed: str | None
) -> None:
    before = None if awarded is None else Decimal(awarded)
    found = reviewed_points(Decimal(points), before, review_rules().criteria[code])
    assert found == (None if reviewed is None else Decimal(reviewed))


def test_some_criteria_belong_to_some_lines() -> None:
    found = review_rules().criteria
    assert applies(found["late"], ("产出指标", "时效指标"))
    assert not applies(found["late"], ("产出指标", "数量指标"))
    assert not applies(found["no_survey"], ("产出指标", "时效指标"))
    assert not applies(found["no_survey"], ())
    assert applies(found["no_evidence"], ())


@pytest.mark.parametrize(
    ("claimed", "reviewed", "found"),
    [
        ("95", "79", Fraction(16, 95)),
        ("80", "90", Fraction(-1, 8)),
        ("80", "80", Fraction(0)),
        ("0", "10", None),
        (None, "10", None),
        ("10", None, None),
    ],
)
def test_deviation(claimed: str | None, reviewed: str | None, found: Fraction | None) -> None:
    assert deviation(claimed and Decimal(claimed), reviewed and Decimal(reviewed)) == found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: review", "kind: score", "kind 应为 review"),
        ("source:\n", "sources:\n", "不认识的键 sources"),
        ("clause: null", "clause: 第十条", "clause 必须是 null"),
        ('takes: "0.60"', "takes: 0.60", "没有加引号"),
        ('takes: "0.60"', 'takes: "0.50"', "wording 说的比例与 takes 不一致"),
        ('takes: "0.60"', 'takes: "1.60"', "0 到 1 的比例"),
        ("code: unrelated", "code: no_evidence", "写了两次"),
        ("levels: [时效]", "levels: 时效", "levels 应为文字的列表"),
        ("takes: free", "take: free", "不认识的键 take"),
    ],
)
def test_what_is_not_sound_does_not_load(old: str, new: str, words: str) -> None:
    assert old in SOUND
    with pytest.raises(RulebookError, match=words):
        load_review_text(SOUND.replace(old, new, 1), "x.yaml")


def test_the_command_checks_them_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call_command("check_rules")
    assert "bureau-firm\t自评复核评分口径\t条款待核\t12 条复核情形" in capsys.readouterr().out
    (tmp_path / "bad.yaml").write_text("id: bad\nkind: review", encoding="utf-8")
    monkeypatch.setattr(criteria, "REVIEWS", tmp_path)
    try:
        with pytest.raises(CommandError, match=r"bad\.yaml"):
            call_command("check_rules")
    finally:
        monkeypatch.undo()
        all_review_rules.cache_clear()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOUND.split("criteria:")[0] + "criteria: []\n", "criteria 不能为空"),
        (SOUND + "  - [", "不是有效的 YAML"),
        (SOUND.replace("code: late", "code: 逾期"), "只能用小写字母、数字和下划线"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, words: str) -> None:
    with pytest.raises(RulebookError, match=words):
        load_review_text(text, "made.yaml")


def test_a_set_is_named_as_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "another.yaml").write_text(SOUND, encoding="utf-8")
    monkeypatch.setattr(criteria, "REVIEWS", tmp_path)
    all_review_rules.cache_clear()
    try:
        with pytest.raises(RulebookError, match="应与文件名相同"):
            all_review_rules()
    finally:
        all_review_rules.cache_clear()
