-- A score run stands in the department of what it scored, and so does the review of it; a member's
-- unit is a unit of the member's department.
ALTER TABLE performance_scorerun ADD CONSTRAINT scorerun_of_department UNIQUE (id, department_id);
ALTER TABLE performance_review ADD CONSTRAINT review_run_id_same_department
  FOREIGN KEY (run_id, department_id) REFERENCES performance_scorerun (id, department_id);
ALTER TABLE budgets_member ADD CONSTRAINT member_unit_same_department
  FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id);

-- A task is seen by who issued it and by those who reach one of its units.
ALTER TABLE performance_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON performance_task USING (
  (SELECT budgets_uid()) = 0 OR issued_by_id = (SELECT budgets_uid())
  OR EXISTS (SELECT 1 FROM performance_taskunit u WHERE u.task_id = performance_task.id));

-- A role that may read nothing of a paper in a state does not see that it is there: the states of
-- rights.csv, role by role. What came in as a published document is nobody's private draft.
DO $$
DECLARE v_table text; v_imported text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['targettable', 'evaluation', 'monitoring'] LOOP
    v_imported := CASE v_table WHEN 'monitoring' THEN 'false' ELSE 'document_id IS NOT NULL' END;
    EXECUTE format('DROP POLICY separation ON %I', 'performance_' || v_table);
    EXECUTE format('CREATE POLICY separation ON %I USING ((SELECT budgets_uid()) = 0
      OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
      OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[])
      OR ((status NOT IN (''draft'', ''withdrawn'') OR %s) AND department_id = ANY (
        (SELECT budgets_my_departments(ARRAY[''department_reviewer'', ''finance_reviewer'']))::bigint[]))
      OR ((status IN (''approved'', ''confirmed'', ''published'', ''superseded'', ''closed'') OR %s) AND department_id = ANY (
        (SELECT budgets_my_departments(ARRAY[''report_reader'']))::bigint[])))',
      'performance_' || v_table, v_imported, v_imported);
  END LOOP;
END $$;

-- Who wrote what is asked of performance_contributors, paper by paper; the list itself is nobody's.
ALTER TABLE performance_contributor ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON performance_contributor USING ((SELECT budgets_uid()) = 0);

-- What runs with its owner's rights runs for those it is meant for. Triggers need no right of the writer.
REVOKE ALL ON FUNCTION budgets_event_actor(), budgets_holds(bigint, text, bigint, bigint), budgets_my_departments(text[]),
  budgets_my_units(), budgets_my_touched_departments(), performance_contributors(text, bigint), performance_content_guard(),
  performance_evidence_guard(), performance_make_step(), performance_paper_born(), performance_paper_guard(),
  performance_review_guard(), performance_review_line_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_event_actor(), performance_contributors(text, bigint) TO perf_app;
GRANT EXECUTE ON FUNCTION budgets_holds(bigint, text, bigint, bigint), budgets_my_departments(text[]), budgets_my_units(),
  budgets_my_touched_departments() TO perf_app, perf_auditor;
