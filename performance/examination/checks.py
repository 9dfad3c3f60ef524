"""The register: every check with its severity, what it rests on, and the papers it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from performance.examination import (
    achievement,
    claims,
    classification,
    completeness,
    costs,
    duplicates,
    money,
    placeholders,
    points,
    projects,
    targets,
    units,
    warnings,
)
from performance.examination.limits import Thresholds
from performance.examination.model import (
    ALL_KINDS,
    ALL_STAGES,
    BOTH,
    EVALUATIONS,
    IN_THE_SERVICE,
    TARGETS,
    Aspect,
    Bundle,
    BundleRun,
    Case,
    Check,
    Remark,
    Stage,
    TableRun,
)
from performance.scoring.rules import RuleSet
from performance.tables import Finding, Severity, TableKind

_BLOCK, _ERROR, _NOTICE = Severity.BLOCK, Severity.ERROR, Severity.NOTICE
_ACTUALS = frozenset({TableKind.SELF_EVALUATION, TableKind.MONITORING})
UNREAD = "条款待核"


def _of_targets(aspect: Aspect, part: str) -> str:
    return f"财预〔2015〕88号 {aspect.value}·{part}（{UNREAD}）"


_COMPLETE = (Aspect.COMPLETENESS, "规范完整性")
_CLEAR = (Aspect.COMPLETENESS, "明确清晰性")
_FITTING = (Aspect.RELEVANCE, "目标相关性")
_SOUND = (Aspect.RELEVANCE, "指标科学性")
_REASONABLE = (Aspect.SUITABILITY, "绩效合理性")
_FUNDED = (Aspect.SUITABILITY, "资金匹配性")
_POSSIBLE = (Aspect.FEASIBILITY, "实现可能性")
_CONDITIONS = (Aspect.FEASIBILITY, "条件充分性")


def _check(
    name: str,
    run: TableRun | None,
    *severities: Severity,
    about: tuple[Aspect, str] | None = None,
    basis: str = "",
    kinds: frozenset[TableKind] = ALL_KINDS,
    stages: frozenset[Stage] = ALL_STAGES,
    bundle: BundleRun | None = None,
) -> Check:
    """A registered check; with ``about`` it rests on 88号, else on ``basis`` or the rule set."""
    return Check(
        name=name,
        code=name[:3],
        severities=frozenset(severities),
        aspect=about[0] if about else None,
        basis=_of_targets(*about) if about else basis,
        run=run,
        run_bundle=bundle,
        kinds=kinds,
        stages=stages,
    )


_PAPERS = f"预算、决算与绩效各表之间的勾稽关系（{UNREAD}）"
_WARNING = f"自评预警的通行做法（{UNREAD}）"

TABLE_CHECKS: tuple[Check, ...] = (
    _check(
        "P01 必填栏", completeness.check_p01_cells, _BLOCK, about=_COMPLETE, stages=IN_THE_SERVICE
    ),
    _check(
        "P01 提示文字",
        completeness.check_p01_prompts,
        _BLOCK,
        about=_COMPLETE,
        stages=frozenset({Stage.RELEASE}),
    ),
    _check("W01 分值合计", points.check_w01_total, _BLOCK, about=_SOUND, kinds=BOTH),
    _check("W01 一级分值", points.check_w01_levels, _NOTICE, about=_SOUND, kinds=BOTH),
    _check("W01 执行分值", points.check_w01_execution, _NOTICE, kinds=EVALUATIONS),
    _check("W02 分值集中", points.check_w02, _NOTICE, about=_SOUND, kinds=BOTH),
    _check("W03 指标齐全", completeness.check_w03, _ERROR, _NOTICE, about=_COMPLETE, kinds=BOTH),
    _check("T01 应为数", targets.check_t01, _ERROR, about=_CLEAR),
    _check("T02 缺计量单位", units.check_t02_missing, _ERROR, about=_CLEAR, kinds=BOTH),
    _check("T02 单位不合", units.check_t02_kind, _ERROR, about=_CLEAR, kinds=BOTH),
    _check("T03 超过百分之百", units.check_t03, _ERROR, _NOTICE, about=_POSSIBLE),
    _check("T04 无法衡量", targets.check_t04, _ERROR, _NOTICE, about=_CLEAR, kinds=BOTH),
    _check("T05 占位文字", placeholders.check_t05, _ERROR, about=_COMPLETE),
    _check("T06 等号", targets.check_t06, _NOTICE, about=_REASONABLE, kinds=BOTH),
    _check("C01 成本方向", costs.check_c01, _ERROR, about=_REASONABLE, kinds=BOTH),
    _check("C02 成本未量化", costs.check_c02_words, _NOTICE, about=_FUNDED, kinds=BOTH),
    _check("C02 成本超预算", costs.check_c02_total, _NOTICE, about=_CONDITIONS, kinds=TARGETS),
    _check("C03 数量方向", costs.check_c03, _NOTICE, about=_REASONABLE, kinds=BOTH),
    _check("M01 考核支付", classification.check_m01_payment, _ERROR, about=_FITTING, kinds=BOTH),
    _check(
        "M01 重复计执行", classification.check_m01_execution, _ERROR, about=_FITTING, kinds=BOTH
    ),
    _check("M02 层级归类", classification.check_m02_level, _NOTICE, about=_SOUND, kinds=BOTH),
    _check("M02 内容归类", classification.check_m02_kind, _NOTICE, about=_SOUND, kinds=BOTH),
    _check("D01 指标重复", duplicates.check_d01_indicators, _NOTICE, about=_SOUND, kinds=BOTH),
    _check("D01 目标重复", duplicates.check_d01_objectives, _NOTICE, about=_FITTING, kinds=BOTH),
    _check("O01 超额完成", achievement.check_o01_over, _NOTICE, kinds=EVALUATIONS),
    _check("O01 低于上年", achievement.check_o01_prior, _NOTICE, about=_REASONABLE, kinds=BOTH),
    _check("A01 写成界值", achievement.check_a01_bound, _ERROR, kinds=_ACTUALS),
    _check("A01 照抄文字", achievement.check_a01_words, _NOTICE, kinds=EVALUATIONS),
    _check("U01 指标扣分", achievement.check_u01_lines, _ERROR, kinds=EVALUATIONS),
    _check("U01 执行率低", achievement.check_u01_execution, _ERROR, kinds=EVALUATIONS),
    _check("S01 得分不符", claims.check_s01, _ERROR, _NOTICE, kinds=EVALUATIONS),
    _check("S02 档次不符", claims.check_s02, _ERROR, kinds=EVALUATIONS),
    _check("S03 超过分值", claims.check_s03, _BLOCK, kinds=EVALUATIONS),
    _check("E01 执行得分", claims.check_e01, _ERROR, _NOTICE, kinds=EVALUATIONS),
    _check("E02 预算异常", money.check_e02, _ERROR, kinds=EVALUATIONS),
    _check("E03 资金合计", money.check_e03_sum, _BLOCK, about=_FUNDED),
    _check("E03 资金级次", money.check_e03_title, _NOTICE, about=_FUNDED),
    _check("R01 红色预警", warnings.check_r01, _ERROR, _NOTICE, basis=_WARNING, kinds=EVALUATIONS),
    _check("R02 黄色预警", warnings.check_r02, _NOTICE, basis=_WARNING, kinds=EVALUATIONS),
    _check(
        "V01 佐证资料",
        completeness.check_v01,
        _NOTICE,
        basis=f"自评须有佐证（{UNREAD}）",
        kinds=EVALUATIONS,
        stages=frozenset({Stage.SUBMISSION}),
    ),
)
"""Checks of one table, in the order findings are listed."""

BUNDLE_CHECKS: tuple[Check, ...] = (
    _check("T05 读取所见", None, _ERROR, about=_COMPLETE, bundle=placeholders.check_t05_reader),
    _check("D01 项目目标雷同", None, _NOTICE, about=_FITTING, bundle=duplicates.check_d01_projects),
    _check("D01 项目指标雷同", None, _NOTICE, about=_FITTING, bundle=duplicates.check_d01_tables),
    _check("E03 资金来源", None, _NOTICE, about=_FUNDED, bundle=money.check_e03_fiscal),
    _check("Q01 全部满分", None, _NOTICE, basis=_WARNING, bundle=warnings.check_q01),
    _check("X02 目标改动", None, _ERROR, basis=_PAPERS, bundle=projects.check_x02_targets),
    _check("X02 指标缺漏", None, _ERROR, basis=_PAPERS, bundle=projects.check_x02_dropped),
    _check("X02 年初预算", None, _ERROR, basis=_PAPERS, bundle=projects.check_x02_budget),
    _check("X03 名称不一", None, _NOTICE, about=_COMPLETE, bundle=projects.check_x03_names),
    _check("X03 代码不一", None, _NOTICE, about=_COMPLETE, bundle=projects.check_x03_codes),
)
"""Checks of several tables together, in the order findings are listed."""


def examine_case(case: Case, checks: Sequence[Check] = TABLE_CHECKS) -> Iterator[Finding]:
    """What the checks of one table find, those that are for its kind and its stage."""
    for check in checks:
        if check.run is None or case.table.kind not in check.kinds:
            continue
        if case.stage in check.stages and check.code not in case.limits.disabled:
            yield from _stamped(check, check.run(case), case.rules, case.limits)


def examine_bundle(bundle: Bundle, checks: Sequence[Check] = BUNDLE_CHECKS) -> Iterator[Finding]:
    """What the checks over several tables find."""
    rules = bundle.cases[0].rules if bundle.cases else None
    for check in checks:
        if check.run_bundle is None or bundle.stage not in check.stages:
            continue
        if check.code not in bundle.limits.disabled:
            yield from _stamped(check, check.run_bundle(bundle), rules, bundle.limits)


def _stamped(
    check: Check, remarks: Iterable[Remark], rules: RuleSet | None, limits: Thresholds
) -> Iterator[Finding]:
    basis = check.basis
    if not basis and rules is not None:
        named = rules.source.document or rules.source.title
        basis = f"{named} {rules.source.clause or f'（{UNREAD}）'}"
    for remark in remarks:
        yield Finding(
            code=check.code,
            severity=_weight(check.code, remark.severity, limits),
            message=remark.message,
            project=remark.project,
            indicator=remark.indicator,
            at=remark.at,
            field=remark.field,
            aspect=check.aspect.value if check.aspect else None,
            basis=basis,
        )


def _weight(code: str, severity: Severity, limits: Thresholds) -> Severity:
    """What blocks is for the region to say; a 提示 never does."""
    if severity is _NOTICE:
        return severity
    return _BLOCK if code in limits.blocking else _ERROR


def published(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings on a publication: what would block a submission is an 错误 there."""
    return tuple(
        replace(finding, severity=_ERROR) if finding.severity is _BLOCK else finding
        for finding in findings
    )
