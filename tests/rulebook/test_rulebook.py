"""Rules are data with a source, and what is not sound does not load."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from performance.rulebook import (
    RulebookError,
    UnknownRuleset,
    all_rulesets,
    book,
    load,
    ruleset_for,
)
from performance.rulebook.loader import load_file, load_text

SOUND = (book.RULESETS / "mof-2020-10.yaml").read_text(encoding="utf-8")
CHILD = (book.RULESETS / "mof-2021-101.yaml").read_text(encoding="utf-8")


def test_the_seven_rule_sets() -> None:
    assert list(all_rulesets()) == [
        "capped-by-execution",
        "hubei-2020",
        "linear-excess",
        "mof-2020-10",
        "mof-2021-101",
        "sichuan-2023",
        "xinjiang-2023",
    ]
    for rules in all_rulesets().values():
        assert rules.source.title
        assert rules.source.provenance
        assert rules.source.clause is None
        assert not rules.source.checked
        assert len(rules.digest) == 64


def test_a_child_says_only_what_differs() -> None:
    parent, child = load("mof-2020-10"), load("mof-2021-101")
    assert "grades" not in CHILD
    assert child.grades == parent.grades
    assert child.level1 == parent.level1
    assert child.tiers != parent.tiers
    assert child.digest != parent.digest


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('points: "10"\n  method', "points: 10\n  method", "加引号"),
        ('points: "10"\n  method', "points: 10.5\n  method", "没有加引号"),
        ("level1:", "level1:\n  产出: \"50\"\nlevel1:", "写了两次"),
        ("quantitative:", "surprise: 1\nquantitative:", "不认识的键 surprise"),
        ("  method: ratio", "  method: ratio\n  bonus: 1", "execution：不认识的键 bonus"),
        ("source:", "sources:", "不认识的键 sources"),
        ("  clause: null", "  clause: 第八条", "clause 必须是 null"),
        ("  title: 项目支出绩效评价管理办法", '  title: ""', "title 应为文字"),
        ("from_fiscal_year: 2020", "from_fiscal_year: 1990", "from_fiscal_year"),
        ("from_fiscal_year: 2020", "from_fiscal_year: true", "from_fiscal_year"),
        ("id: mof-2020-10", "id: Mof 2020", "id"),
        ("quantitative: proportional", "quantitative: by_feeling", "quantitative 应为"),
        ("quantitative: proportional", "quantitative: above_floor", "没有 floor"),
        ("  method: ratio", "  method: bands", "没有 bands"),
        ("reverse: inverse_ratio\n", "", "缺少 reverse"),
        ("equal_over: full", "equal_over: half", "equal_over"),
        ("  mode: half_up", "  mode: down", "rounding"),
        ("level1_binding: false", "level1_binding: maybe", "level1_binding 应为 true 或 false"),
        ("caps: []", "caps: [[1, 2, 3]]", "caps 的每一项应为两个值"),
        ("  - tier: partial", "  - tier: nearly", "tiers 应为"),
        ("  flag_at:", "  deduct_at: \"1.3\"\n  flag_at:", "deduct_at 和 deduct_points"),
        ("tiers:\n  - tier", "tiers: none\nother:\n  - tier", "other"),
        ("execution:\n  points", "execution: [1]\nlevel1x:\n  points", "level1x"),
        ("  产出: \"50\"", "  别的: \"50\"", "level1：不认识的键 别的"),
    ],
)  # fmt: skip
def test_what_is_not_sound_does_not_load(found: str, put: str, said: str) -> None:
    assert found in SOUND
    with pytest.raises(RulebookError, match=r"broken\.yaml：") as caught:
        load_text(SOUND.replace(found, put, 1), "broken.yaml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n- b", "文件应为键值"),
        ("a: [", "不是有效的 YAML"),
        (SOUND.replace("source:\n", "source: null\nx:\n", 1), "不认识"),
        ("id: x\nfrom_fiscal_year: 2020\nexecution: {points: \"1\", method: ratio}\n"
         "rounding: {places: \"2\", mode: half_up}\nquantitative: proportional\n", "没有出处"),
        (SOUND.replace("grades:\n", "grades: []\nlevel1_without_satisfaction: {}\n#", 1).replace("  - [", "#"), "grades"),
        (SOUND.replace("tiers:\n", "tiers: 3\n#\n", 1).replace("  - tier", "#").replace("    ", "#"), "tiers 应为列表"),
    ],
)  # fmt: skip
def test_other_faults(text: str, said: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_text(text, "x.yaml")
    assert said in str(caught.value)


def test_neither_goal_points_nor_a_split() -> None:
    lines = [
        line
        for line in SOUND.splitlines()
        if not line.startswith(("level1:", "  产出", "  效益", "  满意度"))
    ]
    with pytest.raises(RulebookError, match="goal_points"):
        load_text("\n".join(lines), "x.yaml")


def test_one_parent_and_no_grandparent(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="不存在"):
        load_text(CHILD, "child.yaml", tmp_path)
    with pytest.raises(RulebookError, match="不存在"):
        load_text(CHILD, "child.yaml")
    (tmp_path / "mof-2020-10.yaml").write_text(SOUND + "extends: other\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="只能有一层"):
        load_text(CHILD, "child.yaml", tmp_path)


def test_a_file_is_named_as_its_id(tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(SOUND, encoding="utf-8")
    with pytest.raises(RulebookError, match="应与文件名相同"):
        load_file(path)


def test_an_unknown_rule_set_names_the_known_ones() -> None:
    with pytest.raises(UnknownRuleset, match="现有：capped-by-execution"):
        load("nope")


@pytest.mark.parametrize(
    ("region", "year", "expected"),
    [
        ("420700", 2022, "hubei-2020"),
        ("652800", 2023, "xinjiang-2023"),
        ("652800", 2022, "mof-2020-10"),
        ("510000", 2024, "sichuan-2023"),
        ("130300", 2023, "mof-2020-10"),
    ],
)
def test_which_rule_set_a_place_follows(region: str, year: int, expected: str) -> None:
    assert ruleset_for(region, year) == expected


def test_the_command_lists_and_checks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call_command("check_rules")
    shown = capsys.readouterr().out
    assert "7 个规则集，全部可用" in shown
    assert "条款待核" in shown
    (tmp_path / "bad.yaml").write_text("id: bad", encoding="utf-8")
    monkeypatch.setattr(book, "RULESETS", tmp_path)
    try:
        with pytest.raises(CommandError, match=r"bad\.yaml"):
            call_command("check_rules")
    finally:
        monkeypatch.undo()
        all_rulesets.cache_clear()


@pytest.mark.seeds
def test_the_figures_are_those_that_were_gathered(seeds_dir: Path) -> None:
    gathered = json.loads((seeds_dir / "rulesets.json").read_text(encoding="utf-8"))["rulesets"]
    assert len(gathered) == len(all_rulesets())
    for theirs in gathered:
        ours = load(theirs["id"])
        execution, over = theirs["execution"], theirs["over_achievement"]
        assert ours.from_fiscal_year == theirs["from_fiscal_year"]
        assert (ours.source.title, ours.source.document, ours.source.issuer) == (
            theirs["title"],
            theirs["document"],
            theirs["issuer"],
        )
        assert ours.source.issued_on == theirs.get("issued_on")
        assert ours.execution_points == Decimal(execution["points"])
        assert ours.execution_method.value == execution["method"]
        assert [[str(b.lower), str(b.share)] for b in ours.execution_bands] == execution.get(
            "bands", []
        )
        assert ours.execution_finished_share == _number(execution, "finished_within_budget")
        assert ours.execution_explain_below == _number(execution, "explain_below")
        assert ours.goal_points == _number(theirs, "goal_points")
        assert ours.quantitative.value == theirs["quantitative"]
        assert ours.reverse.value == theirs["reverse"]
        assert ours.floor == _number(theirs, "floor")
        for key in ("level1", "level1_with_cost", "level1_without_satisfaction",
                    "level1_with_cost_without_satisfaction"):  # fmt: skip
            assert {k: str(v) for k, v in getattr(ours, key).items()} == theirs.get(key, {})
        assert [
            {"tier": t.tier, "label": t.label, "from": str(t.lower), "to": str(t.upper),
             "default_share": str(t.default_share)} for t in ours.tiers
        ] == theirs["tiers"]  # fmt: skip
        bands = [[str(b.lower), str(b.share)] for b in ours.satisfaction_bands]
        assert (bands or "as_quantitative") == theirs["satisfaction"]
        assert [[g.label, str(g.lower)] for g in ours.grades] == theirs["grades"]
        assert [[str(c.rate_below), str(c.total_at_most)] for c in ours.caps] == theirs["caps"]
        assert ours.flag_at == _number(over, "flag_at")
        assert ours.deduct_at == _number(over, "deduct_at")
        assert ours.deduct_points == _number(over, "deduct_points")
        assert ours.rescale_inapplicable == theirs["rescale_inapplicable"]


def _number(content: dict[str, str], key: str) -> Decimal | None:
    return Decimal(content[key]) if key in content else None
