"""Jobs: none forgotten, none tried for ever."""

from __future__ import annotations

from budgets.models import MOST_ATTEMPTS
from performance.services.invariants.shapes import Result, streamed

# Late by the jobs' own time, not by the clock: a restored backup is as old as it is.
_JOBS = """
SELECT id, kind, state, attempts, state = 'queued' AND run_after < (
  SELECT greatest(max(created_at), max(finished_at)) FROM budgets_job) - interval '1 hour'
FROM budgets_job ORDER BY id"""


def jobs_get_done() -> Result:
    """I10: no job waits while others went on for an hour, none was tried too often; dead ones are named."""
    result = Result("I10", "后台任务没有积压，也没有反复重试")
    for pk, kind, state, attempts, forgotten in streamed(_JOBS):
        result.checked += 1
        if forgotten:
            result.add(f"编号 {pk}（{kind}）到时一小时以上没有办理，而别的任务已经往前走")
        if attempts > MOST_ATTEMPTS:
            result.add(f"编号 {pk}（{kind}）试了 {attempts} 次，最多 {MOST_ATTEMPTS} 次")
        if state == "dead":
            result.notes.append(f"编号 {pk}（{kind}）失败待处理")
    return result
