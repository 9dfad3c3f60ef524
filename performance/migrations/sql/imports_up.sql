-- What a unit uploaded is its own until it hands a paper on: nobody above it sees the file.
SELECT budgets_separate('performance_upload', 'unit_id = ANY ((SELECT budgets_my_units())::bigint[])');
SELECT budgets_separate('performance_takentable', 'unit_id = ANY ((SELECT budgets_my_units())::bigint[])');
ALTER TABLE performance_upload
  ADD CONSTRAINT upload_unit_same_department
    FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id);
ALTER TABLE performance_takentable
  ADD CONSTRAINT taken_table_unit_same_department
    FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id),
  ADD CONSTRAINT taken_table_upload_same_department
    FOREIGN KEY (upload_id, department_id) REFERENCES performance_upload (id, department_id),
  ADD CONSTRAINT taken_table_target_table_same_department
    FOREIGN KEY (target_table_id, department_id) REFERENCES performance_targettable (id, department_id),
  ADD CONSTRAINT taken_table_evaluation_same_department
    FOREIGN KEY (evaluation_id, department_id) REFERENCES performance_evaluation (id, department_id);

-- An upload is never lost, and what was taken stays taken.
CREATE FUNCTION performance_upload_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM budgets_event_actor();
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION performance_upload_guard() FROM PUBLIC;
CREATE TRIGGER upload_guard BEFORE INSERT ON performance_upload
  FOR EACH ROW EXECUTE FUNCTION performance_upload_guard();
CREATE TRIGGER upload_guard BEFORE INSERT ON performance_takentable
  FOR EACH ROW EXECUTE FUNCTION performance_upload_guard();
REVOKE UPDATE, DELETE ON performance_upload, performance_takentable FROM perf_app;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_upload
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_takentable
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
