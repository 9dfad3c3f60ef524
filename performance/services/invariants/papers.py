"""Papers: their snapshots, their steps, and who judged them."""

from __future__ import annotations

import hashlib
from itertools import groupby

from budgets.digests import sm3
from performance.services.invariants.shapes import Result, rows, streamed
from performance.workflow import MOVES

_PAPERS = {
    "target_table": "performance_targettable",
    "evaluation": "performance_evaluation",
    "monitoring": "performance_monitoring",
}


def snapshots_recompute() -> Result:
    """I6: each snapshot's digests are those of its text; each step speaks of one that is there."""
    result = Result("I6", "快照的摘要可以重新算出")
    sql = "SELECT id, digest, sm3, canonical FROM performance_snapshot ORDER BY id"
    for pk, digest, second, canonical in streamed(sql):
        result.checked += 1
        data = canonical.encode("utf-8")
        if hashlib.sha256(data).hexdigest() != digest:
            result.add(f"编号 {pk} 的快照与 SHA-256 不符")
        if second is not None and sm3(data) != second:
            result.add(f"编号 {pk} 的快照与 SM3 不符")
    for pk, digest in rows(
        "SELECT s.id, s.digest FROM performance_step s WHERE s.digest <> '' AND NOT EXISTS ("
        " SELECT 1 FROM performance_snapshot n WHERE n.paper = s.paper AND n.paper_id = s.paper_id"
        " AND n.kind = 'submitted' AND n.digest = s.digest) ORDER BY s.id"
    ):
        result.add(f"编号 {pk} 的办理所见的内容 {digest[:12]} 没有快照")
    return result


# Who had written what before which event: read from the trail, which knows the order of things.
_CONTRIBUTED = """
WITH trailed AS (
  SELECT c.event_id, e.actor_id, c.table_name, c.row_id, c.operation, c.old, c.new, coalesce(c.new, c.old) AS it
  FROM budgets_auditchange c JOIN budgets_auditevent e ON e.id = c.event_id WHERE e.actor_id IS NOT NULL
), contributed AS (
  SELECT p.paper, t.row_id AS paper_id, t.actor_id, t.event_id FROM trailed t
  JOIN (VALUES ('target_table', 'performance_targettable'), ('evaluation', 'performance_evaluation'),
               ('monitoring', 'performance_monitoring')) AS p (paper, table_name) USING (table_name)
  WHERE t.operation = 'INSERT' OR t.old ->> 'status' = t.new ->> 'status'
  UNION SELECT p.paper, (t.it ->> p.parent)::bigint, t.actor_id, t.event_id FROM trailed t
  JOIN (VALUES ('target_table', 'performance_objective', 'table_id'), ('target_table', 'performance_indicator', 'table_id'),
               ('evaluation', 'performance_actual', 'evaluation_id'),
               ('monitoring', 'performance_monitoringline', 'monitoring_id')) AS p (paper, table_name, parent) USING (table_name)
  UNION SELECT 'evaluation', a.evaluation_id, t.actor_id, t.event_id FROM trailed t
  JOIN performance_actual a ON a.id = (t.it ->> 'actual_id')::bigint WHERE t.table_name = 'performance_evidence'
  UNION SELECT t.new ->> 'paper', (t.new ->> 'paper_id')::bigint, t.actor_id, t.event_id FROM trailed t
  WHERE t.table_name = 'performance_step' AND t.new ->> 'verb' = 'submit'
), judged AS (
  SELECT s.paper, s.paper_id, s.actor_id, t.event_id, s.id, 'step' AS kind FROM performance_step s
  JOIN performance_move m USING (paper, verb, source, target, role)
  JOIN trailed t ON t.table_name = 'performance_step' AND t.row_id = s.id AND t.operation = 'INSERT' WHERE m.judging
  UNION ALL SELECT 'evaluation', (t.new ->> 'evaluation_id')::bigint, (t.new ->> 'reviewer_id')::bigint, t.event_id, t.row_id, 'review'
  FROM trailed t WHERE t.table_name = 'performance_review' AND t.operation <> 'DELETE' AND t.new ->> 'state' <> 'dropped'
)"""
_OWN = f"""{_CONTRIBUTED}
SELECT DISTINCT j.kind, j.id FROM judged j JOIN contributed k ON k.paper = j.paper AND k.actor_id = j.actor_id AND k.event_id < j.event_id
WHERE k.paper_id = j.paper_id OR j.paper = 'target_table' AND EXISTS (
  SELECT 1 FROM performance_targettable a JOIN performance_targettable b
    ON b.project_id = a.project_id AND b.fiscal_year = a.fiscal_year AND b.from_evaluation = a.from_evaluation
  WHERE a.id = j.paper_id AND b.id = k.paper_id) ORDER BY 1, 2"""
_FORGOTTEN = f"""{_CONTRIBUTED}
SELECT DISTINCT k.paper, k.paper_id, k.actor_id FROM contributed k LEFT JOIN performance_contributor c
  ON c.paper = k.paper AND c.paper_id = k.paper_id AND c.user_id = k.actor_id WHERE c.user_id IS NULL ORDER BY 1, 2, 3"""


def judges_are_no_contributors() -> Result:
    """I7: nobody judged what they had written or submitted before; and nobody who wrote is forgotten."""
    result = Result("I7", "审核、复核的人没有填写或提交过该表")
    counted = rows(f"{_CONTRIBUTED} SELECT count(*) FROM judged")
    result.checked = int(counted[0][0])
    for kind, pk in rows(_OWN):
        result.add(f"编号 {pk} 的{'办理' if kind == 'step' else '复核'}由填写或提交过该表的人作出")
    for paper, paper_id, actor in rows(_FORGOTTEN):
        result.add(f"{paper} {paper_id} 的填写人（用户 {actor}）没有记入填写人名单")
    return result


_LEGAL = frozenset(
    (paper.value, move.verb, move.source.value, move.target.value, move.role.value)
    for move in MOVES
    for paper in move.papers
)


def steps_are_legal() -> Result:
    """I13: every step is an edge of the table of moves, they join, and end where the paper stands."""
    result = Result("I13", "办理记录都是流程里的步骤，首尾相接，版本只增")
    standing = {
        (paper, pk): status
        for paper, table in _PAPERS.items()
        for pk, status in rows(f"SELECT id, status FROM {table}")
    }
    steps = streamed(
        "SELECT paper, paper_id, id, verb, source, target, role FROM performance_step"
        " ORDER BY paper, paper_id, id"
    )
    for (paper, paper_id), chain in groupby(steps, key=lambda row: (row[0], row[1])):
        where = "draft"
        for _, _, pk, verb, source, target, role in chain:
            result.checked += 1
            if (paper, verb, source, target, role) not in _LEGAL:
                result.add(f"编号 {pk} 的办理不在流程里：{verb} {source} → {target}（{role}）")
            if source != where:
                result.add(f"编号 {pk} 的办理从 {source} 起，上一步到 {where}")
            where = target
        status = standing.pop((paper, paper_id), None)
        if status != where:
            result.add(f"{paper} {paper_id} 现为 {status}，办理记录到 {where}")
    for (paper, paper_id), status in standing.items():
        if status != "draft":
            result.add(f"{paper} {paper_id} 现为 {status}，却没有办理记录")
    for table, row_id, pk in rows(
        "SELECT table_name, row_id, id FROM budgets_auditchange WHERE table_name = ANY (%s) AND operation = 'UPDATE'"
        " AND (new ->> 'lock_version')::bigint <= (old ->> 'lock_version')::bigint ORDER BY id",
        [[*_PAPERS.values(), "performance_review", "performance_task"]],
    ):
        result.add(f"{table} 第 {row_id} 行，编号 {pk} 的变更没有使修改次数增加")
    return result
