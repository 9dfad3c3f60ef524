-- Work in the background. An account sees and adds its own; only the service itself works it off.
ALTER TABLE budgets_job ADD CONSTRAINT budgets_job_unit_same_department
  FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id);

CREATE FUNCTION budgets_is_system_admin() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM budgets_member m JOIN budgets_user u ON u.id = m.user_id AND u.is_active
    WHERE m.user_id = budgets_uid() AND m.role = 'system_admin')
$$;
REVOKE ALL ON FUNCTION budgets_is_system_admin FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_is_system_admin TO perf_app;
ALTER TABLE budgets_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON budgets_job FOR SELECT USING ((SELECT budgets_uid()) = 0
  OR actor_id = (SELECT budgets_uid())
  -- What was set aside; and what an administrator put back, which PostgreSQL wants visible after the update.
  OR ((state IN ('dead', 'dropped') OR (state = 'queued' AND mended)) AND (SELECT budgets_is_system_admin())));
CREATE POLICY add ON budgets_job FOR INSERT WITH CHECK ((SELECT budgets_uid()) = 0
  OR (actor_id = (SELECT budgets_uid()) AND state = 'queued' AND attempts = 0));
CREATE POLICY work ON budgets_job FOR UPDATE USING ((SELECT budgets_uid()) = 0) WITH CHECK ((SELECT budgets_uid()) = 0);
CREATE POLICY mend ON budgets_job FOR UPDATE
  USING (state = 'dead' AND (SELECT budgets_is_system_admin()))
  WITH CHECK (((state = 'queued' AND attempts = 0 AND mended) OR state = 'dropped') AND (SELECT budgets_is_system_admin()));
CREATE POLICY tidy ON budgets_job FOR DELETE USING ((SELECT budgets_uid()) = 0);

-- What is done stays done, whatever a worker that wakes up late believes.
CREATE FUNCTION budgets_job_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'dropped') THEN
    RAISE EXCEPTION '已结束的任务不再改变' USING ERRCODE = 'check_violation', CONSTRAINT = 'job_over';
  END IF;
  IF (NEW.kind, NEW.payload, NEW.actor_id, NEW.once_key) IS DISTINCT FROM (OLD.kind, OLD.payload, OLD.actor_id, OLD.once_key) THEN
    RAISE EXCEPTION '任务的内容不能修改' USING ERRCODE = 'check_violation', CONSTRAINT = 'job_content_fixed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER job_guard BEFORE UPDATE ON budgets_job FOR EACH ROW EXECUTE FUNCTION budgets_job_guard();

-- Figures of the whole queue for the system administrator: counts, nobody's rows.
CREATE FUNCTION budgets_job_figures()
RETURNS TABLE (waiting bigint, overdue bigint, dead bigint, oldest timestamptz, last_ping timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FILTER (WHERE state = 'queued'),
    count(*) FILTER (WHERE state = 'queued' AND run_after < now() - interval '60 seconds'),
    count(*) FILTER (WHERE state = 'dead'),
    min(run_after) FILTER (WHERE state = 'queued' AND run_after <= now()),
    (SELECT max(finished_at) FROM budgets_job WHERE kind = 'ping' AND state = 'done')
  FROM budgets_job WHERE state IN ('queued', 'dead')
    AND (budgets_uid() = 0 OR budgets_is_system_admin())
$$;
REVOKE ALL ON FUNCTION budgets_job_figures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_job_figures TO perf_app;

-- A file made by a job belongs to the account it was made for, and to nobody else.
ALTER TABLE budgets_jobfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON budgets_jobfile FOR SELECT USING ((SELECT budgets_uid()) = 0 OR owner_id = (SELECT budgets_uid()));
CREATE POLICY add ON budgets_jobfile FOR INSERT WITH CHECK ((SELECT budgets_uid()) = 0 OR owner_id = (SELECT budgets_uid()));
CREATE POLICY tidy ON budgets_jobfile FOR DELETE USING ((SELECT budgets_uid()) = 0);
REVOKE UPDATE ON budgets_jobfile FROM perf_app;
