REVOKE ALL ON FUNCTION budgets_event_actor(), performance_contributors(text, bigint) FROM perf_app;
REVOKE ALL ON FUNCTION budgets_holds(bigint, text, bigint, bigint), budgets_my_departments(text[]), budgets_my_units(),
  budgets_my_touched_departments() FROM perf_app, perf_auditor;
GRANT EXECUTE ON FUNCTION budgets_event_actor(), budgets_holds(bigint, text, bigint, bigint), budgets_my_departments(text[]),
  budgets_my_units(), budgets_my_touched_departments(), performance_contributors(text, bigint), performance_content_guard(),
  performance_evidence_guard(), performance_make_step(), performance_paper_born(), performance_paper_guard(),
  performance_review_guard(), performance_review_line_guard() TO PUBLIC;
DROP POLICY separation ON performance_contributor;
ALTER TABLE performance_contributor DISABLE ROW LEVEL SECURITY;
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['targettable', 'evaluation', 'monitoring'] LOOP
    EXECUTE format('DROP POLICY separation ON %I', 'performance_' || v_table);
    PERFORM budgets_separate('performance_' || v_table,
      CASE v_table WHEN 'monitoring' THEN '(status NOT IN (''draft'', ''withdrawn'') OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
      OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[]))'
      ELSE '(status NOT IN (''draft'', ''withdrawn'') OR document_id IS NOT NULL OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
        OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[]))' END);
  END LOOP;
END $$;
DROP POLICY separation ON performance_task;
ALTER TABLE performance_task DISABLE ROW LEVEL SECURITY;
ALTER TABLE budgets_member DROP CONSTRAINT member_unit_same_department;
ALTER TABLE performance_review DROP CONSTRAINT review_run_id_same_department;
ALTER TABLE performance_scorerun DROP CONSTRAINT scorerun_of_department;
