"""The five published documents: what a reviewer should find, and what is found besides.

They do not come with the project: ``JIHENG_SEEDS`` names the folder that holds them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from performance.appraisal import appraise
from performance.documents import read
from performance.rulebook import load
from performance.tables import Finding

pytestmark = pytest.mark.seeds

BUDGET = "000_3be70600511a3003.txt"
COUNTY = "001_4b03bed591dded21.txt"
PREFECTURE = "002_61002de6307f6d87.txt"
FINAL = "003_b3d5e7f0c80101b4.txt"
WORD = "004_6e31bcb50f716a4e.txt"
RULES = {
    BUDGET: "mof-2020-10",
    COUNTY: "mof-2020-10",
    PREFECTURE: "xinjiang-2023",
    FINAL: "hubei-2020",
    WORD: "mof-2020-10",
}
TIES = "X01"
"""Figures of the text: tests/documents/test_seed_prose.py lists each, with what is raised besides."""

COUNTS: dict[str, dict[str, int]] = {
    BUDGET: {"error T02": 2, "error M01": 1, "notice T04": 1},
    COUNTY: {
        "error C01": 1,
        "error T04": 1,
        "error T05": 1,
        "notice C02": 2,
        "notice C03": 3,
        "notice E03": 2,
        "notice M02": 2,
        "notice T03": 4,
        "notice T04": 1,
        "notice W03": 4,
        "notice X03": 2,
    },
    PREFECTURE: {"notice E03": 1, "notice T06": 3, "notice W03": 1},
    FINAL: {
        "error A01": 17,
        "error E01": 2,
        "error E02": 1,
        "error M01": 1,
        "error R01": 2,
        "notice A01": 4,
        "notice E01": 1,
        "notice M02": 1,
        "notice O01": 1,
        "notice Q01": 1,
        "notice R02": 2,
        "notice T03": 2,
        "notice W03": 3,
    },
    WORD: {"error T02": 14, "error W03": 3, "notice D01": 2, "notice W03": 9},
}

EXPECTED: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    # document, code, beginning of the entry, severity, a piece of each finding it stands for
    (
        BUDGET,
        "T02",
        "经办机构评估检查覆盖率",
        "error",
        ("“经办机构评估检查覆盖率”是比率，却用“家”",),
    ),
    (BUDGET, "T02", "≤500万", "error", ("应为“≤500万元”",)),
    (BUDGET, "M01", "基本医疗保险基金支出", "error", ("“基本医疗保险基金支出”",)),
    (COUNTY, "C01", "医疗救助总金额", "error", ("应为“≤6670104元”",)),
    (COUNTY, "C03", "医疗救助总人次", "notice", ("79406人", "215000人", "250000人")),
    (
        COUNTY,
        "T03",
        "满意度 ≥100%",
        "notice",
        ("社会群众满意度", "接种对象满意度", "参保人员报销率", "按计划支付率"),
    ),
    (COUNTY, "E03", "titles 76号", "notice", ("30 万元却填在省级", "717.48 万元却填在省级")),
    (COUNTY, "X03", "the 项目支出预算表", "notice", ("建档立卡贫困人口个人", "建档立卡卡贫困人口")),
    (COUNTY, "W03", "成本 empty", "notice", ("没有成本指标",) * 3),
    (COUNTY, "C02", "单位运行成本", "notice", ("“单位运行成本”",)),
    (COUNTY, "M02", "社会群众满意度", "notice", ("“社会群众满意度”", "“政策知晓率”")),
    (COUNTY, "T05", "the objective of 64号", "error", ("只重复了项目名称",)),
    (PREFECTURE, "T06", "=2 次", "notice", ("“=2次”", "“=4次”", "“=9个”")),
    (PREFECTURE, "E03", "text: five projects", "notice", ("1011.19 万元填在其他资金、52 万元",)),
    (FINAL, "E01", "24.62% executed", "error", ("按规则应为 4.92 分",)),
    (FINAL, "E02", "scored against a budget of 0", "error", ("正文的调整预算数为 60.65 万元",)),
    (FINAL, "A01", "17 of 37", "error", ("不是实际数",) * 17),
    (FINAL, "M01", "预算执行率", "error", ("“预算执行率”",)),
    (FINAL, "M02", "工作经费", "notice", ("（73万元）是花的钱",)),
    (FINAL, "O01", "重症慢性病申报病种", "notice", ("148%",)),
    (FINAL, "T03", "two 覆盖率", "notice", ("两定单位覆盖率", "监督检查覆盖率")),
    (FINAL, "R01", "indicator points 100%", "error", ("预算执行得分率只有 24.6%",)),
    (
        WORD,
        "T02",
        "补助个人数量",
        "error",
        ("“补助个人数量”",) * 2 + ("“享受保险基金补助人数”是数量",),
    ),
    (
        WORD,
        "D01",
        "the objectives of table 3",
        "notice",
        ("与项目“困难企业职工医疗保险”相同", "写了两次"),
    ),
    (WORD, "W03", "no cost indicator", "notice", ("成本",) * 9 + ("成本、满意度",) * 3),
)

IN_THE_TEXT: tuple[tuple[str, str], ...] = (
    # figures of the text against tables and against each other
    (BUDGET, "对经办机构的评估检查的个数 is ≥1 个"),
    (BUDGET, "组织打击欺诈骗保活动数量 is ≥3 次"),
    (BUDGET, "固定资产 total 1032.81"),
    (COUNTY, "640元*10%*65% is 41.6"),
    (COUNTY, "245358×60%×84×30%×30%"),
    (COUNTY, "nine projects 涉及 4022.04"),
    (PREFECTURE, "text section 三 says"),
    (PREFECTURE, "卫生健康支出 744.80"),
    (PREFECTURE, "text: 离休医疗 496.50"),
    (FINAL, "adjusted budget 177.96"),
    (FINAL, "网络信息运维等服务费 102.7万元"),
    (FINAL, "授予小微企业合同金额"),
    (FINAL, "三公经费 0.15 of 0.70"),
    (WORD, "the sixteen listed projects"),
    (WORD, "table 2's objective promises"),
)


@pytest.fixture(scope="module")
def findings(seeds_dir: Path) -> dict[str, tuple[Finding, ...]]:
    return {
        name: appraise(read((seeds_dir / "seeds" / name).read_bytes(), name), load(rules)).findings
        for name, rules in RULES.items()
    }


@pytest.fixture(scope="module")
def entries(seeds_dir: Path) -> list[tuple[str, dict[str, Any]]]:
    facts = json.loads((seeds_dir / "golden" / "facts.json").read_text(encoding="utf-8"))
    return [(name, entry) for name in RULES for entry in facts[name]["review_findings_expected"]]


def test_every_entry_is_listed_once(entries: list[tuple[str, dict[str, Any]]]) -> None:
    listed = [(name, start) for name, _, start, _, _ in EXPECTED] + list(IN_THE_TEXT)
    assert len(entries) == len(listed)
    for name, entry in entries:
        assert [entry["text"].startswith(s) for n, s in listed if n == name].count(True) == 1
    for name, start in IN_THE_TEXT:
        assert [e["code"] for n, e in entries if n == name and e["text"].startswith(start)] == [
            TIES
        ]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e[0][:3]} {e[1]} {e[2]}")
def test_what_a_reviewer_finds_is_raised(
    expected: tuple[str, str, str, str, tuple[str, ...]],
    findings: dict[str, tuple[Finding, ...]],
    entries: list[tuple[str, dict[str, Any]]],
) -> None:
    name, code, start, severity, pieces = expected
    (entry,) = [e for n, e in entries if n == name and e["text"].startswith(start)]
    assert entry["code"] == code
    raised = [f for f in findings[name] if (f.code, f.severity.value) == (code, severity)]
    for piece, count in Counter(pieces).items():
        assert len([f for f in raised if piece in f.message]) == count, piece
    if entry["project"] is not None:
        assert all(
            f.project == entry["project"] for f in raised if any(p in f.message for p in pieces)
        )


@pytest.mark.parametrize("name", RULES)
def test_number_of_findings(name: str, findings: dict[str, tuple[Finding, ...]]) -> None:
    found = Counter(f"{f.severity.value} {f.code}" for f in findings[name] if f.code != TIES)
    assert found == COUNTS[name]


@pytest.mark.parametrize("name", RULES)
def test_every_finding_names_its_cell_and_its_basis(
    name: str, findings: dict[str, tuple[Finding, ...]]
) -> None:
    for finding in findings[name]:
        if finding.code in {TIES, "X02"}:
            continue
        assert finding.at
        assert finding.field
        assert "条款待核" in finding.basis
