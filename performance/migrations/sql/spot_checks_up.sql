-- A sample is seen by who drew it and by the bureau's people who reach something in it, and what
-- was drawn by those alone: a unit is not told that it was drawn.
ALTER TABLE performance_spotcheck ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON performance_spotcheck USING (
  (SELECT budgets_uid()) = 0 OR drawn_by_id = (SELECT budgets_uid())
  OR EXISTS (SELECT 1 FROM performance_spotcheckitem i WHERE i.spot_check_id = performance_spotcheck.id));
SELECT budgets_separate('performance_spotcheckitem',
  'department_id = ANY ((SELECT budgets_my_departments(ARRAY[''finance_reviewer'', ''auditor'']))::bigint[])');
ALTER TABLE performance_spotcheckitem
  ADD CONSTRAINT spot_check_item_unit_same_department
    FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id),
  ADD CONSTRAINT spot_check_item_evaluation_same_department
    FOREIGN KEY (evaluation_id, department_id) REFERENCES performance_evaluation (id, department_id);
CREATE INDEX spot_check_item_of_check ON performance_spotcheckitem (spot_check_id, seq);

-- What was drawn stays as it was drawn; what was found is written by a finance reviewer in her own
-- name, and never on her own work.
CREATE FUNCTION performance_spot_check_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_actor bigint;
BEGIN
  IF (NEW.spot_check_id, NEW.evaluation_id, NEW.seq, NEW.amount_class, NEW.risk_class, NEW.claimed, NEW.claimed_grade, NEW.unit_id)
     IS DISTINCT FROM (OLD.spot_check_id, OLD.evaluation_id, OLD.seq, OLD.amount_class, OLD.risk_class, OLD.claimed, OLD.claimed_grade, OLD.unit_id) THEN
    RAISE EXCEPTION '抽出的样本不能更改' USING ERRCODE = 'check_violation', CONSTRAINT = 'spot_check_drawn';
  END IF;
  IF NEW.lock_version <= OLD.lock_version THEN
    RAISE EXCEPTION '修改次数只能增加' USING ERRCODE = 'check_violation', CONSTRAINT = 'spot_check_version';
  END IF;
  v_actor := budgets_event_actor();
  IF NEW.checked_by_id IS DISTINCT FROM v_actor OR v_actor = ANY (performance_contributors('evaluation', NEW.evaluation_id)) THEN
    RAISE EXCEPTION '不能抽查自己填写或提交的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_not_own';
  END IF;
  IF NOT budgets_holds(v_actor, 'finance_reviewer', NEW.department_id, NEW.unit_id) THEN
    RAISE EXCEPTION '办理人没有这个身份' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_role';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION performance_spot_check_guard() FROM PUBLIC;
CREATE TRIGGER spot_check_guard BEFORE UPDATE ON performance_spotcheckitem
  FOR EACH ROW EXECUTE FUNCTION performance_spot_check_guard();
REVOKE UPDATE, DELETE ON performance_spotcheck FROM perf_app;
REVOKE DELETE ON performance_spotcheckitem FROM perf_app;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_spotcheck
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_spotcheckitem
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
