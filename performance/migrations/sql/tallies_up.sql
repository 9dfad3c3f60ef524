-- Sums are the service's own work: it alone writes them. They are seen as the papers are of which they
-- are sums; who holds a role for a unit counts that unit's papers themselves.
ALTER TABLE performance_tally ENABLE ROW LEVEL SECURITY;
CREATE POLICY counting ON performance_tally USING ((SELECT budgets_uid()) = 0);
CREATE POLICY separation ON performance_tally FOR SELECT USING (
  department_id IN (SELECT unnest(budgets_my_departments(ARRAY['auditor'])))
  OR ((status NOT IN ('draft', 'withdrawn') OR imported)
    AND department_id IN (SELECT unnest(budgets_my_departments(ARRAY['department_reviewer', 'finance_reviewer']))))
  OR ((status IN ('approved', 'confirmed', 'published', 'superseded', 'closed') OR imported)
    AND department_id IN (SELECT unnest(budgets_my_departments(ARRAY['report_reader'])))));
REVOKE UPDATE ON performance_tally FROM perf_app;
ALTER TABLE performance_tallymark ENABLE ROW LEVEL SECURITY;
CREATE POLICY counting ON performance_tallymark USING ((SELECT budgets_uid()) = 0);
CREATE POLICY separation ON performance_tallymark FOR SELECT
  USING (department_id IN (SELECT unnest(budgets_my_departments())));
REVOKE INSERT, UPDATE ON performance_tallymark FROM perf_app;

-- What a count asks changed: the department is marked, in the transaction of the change. A row is added
-- and none is touched, so that no two writers ever wait for one another.
CREATE FUNCTION performance_mark_tally() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO performance_tallymark (department_id) VALUES (OLD.department_id);
  END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.department_id <> OLD.department_id) THEN
    INSERT INTO performance_tallymark (department_id) VALUES (NEW.department_id);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION performance_mark_tally() FROM PUBLIC;
DO $$
DECLARE v_pair text[];
BEGIN
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['performance_targettable', 'status, fiscal_year, department_id, document_id, from_evaluation, project_id'],
    ['performance_monitoring', 'status, fiscal_year, department_id, project_id'],
    ['performance_evaluation', 'status, fiscal_year, department_id, document_id, project_id'],
    ['performance_scorerun', 'kind, grade, claimed_grade, evaluation_id, department_id'],
    ['budgets_project', 'confidentiality, department_id']] LOOP
    EXECUTE format('CREATE TRIGGER mark_tally_changed AFTER UPDATE ON %I FOR EACH ROW WHEN ((OLD.%s) IS DISTINCT FROM (NEW.%s)) EXECUTE FUNCTION performance_mark_tally()',
      v_pair[1], replace(v_pair[2], ', ', ', OLD.'), replace(v_pair[2], ', ', ', NEW.'));
    -- A project that begins or goes has no papers yet, or none any more.
    CONTINUE WHEN v_pair[1] = 'budgets_project';
    EXECUTE format('CREATE TRIGGER mark_tally AFTER INSERT OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION performance_mark_tally()', v_pair[1]);
  END LOOP;
END $$;

-- Everything is counted for the first time.
INSERT INTO performance_tallymark (department_id)
  SELECT department_id FROM performance_targettable UNION SELECT department_id FROM performance_monitoring
  UNION SELECT department_id FROM performance_evaluation;
