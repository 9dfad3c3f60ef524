-- What a deadline was is seen by those who see the task, and stays as it was written.
ALTER TABLE performance_taskdeadline ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON performance_taskdeadline USING (
  (SELECT budgets_uid()) = 0 OR EXISTS (SELECT 1 FROM performance_task t WHERE t.id = task_id));
REVOKE UPDATE, DELETE ON performance_taskdeadline FROM perf_app;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_taskdeadline
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();

-- Whoever moves a deadline moves it for all units, and tells those too that another office looks
-- after. All are named only within an event of a finance reviewer of one of them.
CREATE FUNCTION performance_units_asked(p_task bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(u.unit_id ORDER BY u.unit_id), '{}') FROM performance_taskunit u
  WHERE u.task_id = p_task AND EXISTS (
    SELECT 1 FROM performance_taskunit own, (SELECT budgets_event_actor() AS id OFFSET 0) actor
    WHERE own.task_id = p_task AND budgets_holds(actor.id, 'finance_reviewer', own.department_id, own.unit_id))
$$;
REVOKE ALL ON FUNCTION performance_units_asked(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION performance_units_asked(bigint) TO perf_app;
