"""What a reviewer finds in the running text of the five published documents (X01), all of it.

The first list is what was expected of the check; the second what it raises besides, each read in
the document: every one is a difference that stands there.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from performance.appraisal import appraise
from performance.documents import read
from performance.rulebook import load
from performance.tables import Finding, Severity

pytestmark = pytest.mark.seeds

BUDGET = "000_3be70600511a3003.txt"
COUNTY = "001_4b03bed591dded21.txt"
PREFECTURE = "002_61002de6307f6d87.txt"
FINAL = "003_b3d5e7f0c80101b4.txt"
WORD = "004_6e31bcb50f716a4e.txt"

EXPECTED: dict[str, list[tuple[str, ...]]] = {
    BUDGET: [
        ("对经办机构的评估检查的个数", "≥1 个", "≥3个"),
        ("组织打击欺诈骗保活动数量", "≥3 次", "≥2次"),
        ("1032.81", "1137.3 ", "1249.6 "),
    ],
    COUNTY: [
        ("640元*10%*65%", "41.6 元", "35.2元"),
        ("245358人", "1112944 元", "1842236 元"),
        ("9个项目", "4022.04万元", "3640.82"),
    ],
    PREFECTURE: [
        ("支出预算", "1336.71", "1426.71"),
        ("363.52", "27.2%", "25.4%", "1426.71"),
        ("973.19", "72.8%", "68.21%", "1426.71"),
        ("卫生健康支出", "744.81", "744.80"),
        ("教育支出", "1.21", "1.20"),
        ("住房保障支出", "8.2%", "1.89%"),
        ("离休医疗", "496.50", "≤508.5"),
        ("周转金", "103.50", "91.5"),
    ],
    FINAL: [
        ("177.96", "170.96"),
        ("57.41%", "59.76%"),
        ("网络信息运维等服务费", "102.7 ", "102.17"),
        ("授予小微企业合同金额", "100 万元", "55.34 万元"),
        ("21.45%", "21.43%"),
    ],
    WORD: [
        ("21535.1", "21545.1", "16 项"),
        ("受益对象满意度", "100%", "没有满意度指标"),
    ],
}
BESIDES: dict[str, list[tuple[str, ...]]] = {
    BUDGET: [],
    COUNTY: [],
    PREFECTURE: [
        ("L0378", "27.2%", "25.4%"),  # the same two shares, said again in the next section
        ("L0380", "72.8%", "68.21%"),
        ("项目支出", "973.19", "1063.19"),
        ("L0370", "卫生健康支出", "654.81", "654.80"),
        ("L0396", "卫生健康支出", "654.81", "654.80"),
    ],
    FINAL: [("24.8", "不能说完成预算")],
    WORD: [
        ("困难企业职工医疗保险", "享受补助覆盖面", "100%", "≥95%"),
        ("一至六级残疾军人医疗费", "享受补助覆盖面", "100%", "≥95%"),
    ],
}


@pytest.fixture(scope="module")
def raised(seeds_dir: Path) -> dict[str, list[Finding]]:
    found = {}
    for name in EXPECTED:
        document = read((seeds_dir / "seeds" / name).read_bytes(), name)
        findings = appraise(document, load("mof-2020-10")).findings
        found[name] = [f for f in findings if f.code == "X01" and f.severity is Severity.ERROR]
    return found


def _tells(finding: Finding, parts: tuple[str, ...]) -> bool:
    return all(part in finding.message for part in parts)


@pytest.mark.parametrize("name", EXPECTED)
def test_all_that_was_expected_is_raised(name: str, raised: dict[str, list[Finding]]) -> None:
    for parts in EXPECTED[name]:
        assert [f for f in raised[name] if _tells(f, parts)], parts


@pytest.mark.parametrize("name", EXPECTED)
def test_all_that_is_raised_was_looked_at(name: str, raised: dict[str, list[Finding]]) -> None:
    known = [*EXPECTED[name], *BESIDES[name]]
    unknown = [f.message for f in raised[name] if not any(_tells(f, parts) for parts in known)]
    assert unknown == []
    assert len(raised[name]) == len(known)


def test_the_list_holds_every_entry_of_the_golden_file(seeds_dir: Path) -> None:
    facts = json.loads((seeds_dir / "golden" / "facts.json").read_text(encoding="utf-8"))
    entries = {
        name: [e for e in facts[name]["review_findings_expected"] if e["code"] == "X01"]
        for name in EXPECTED
    }
    assert {name: len(found) for name, found in entries.items()} == {
        BUDGET: 3,
        COUNTY: 3,
        PREFECTURE: 3,
        FINAL: 4,
        WORD: 2,
    }
