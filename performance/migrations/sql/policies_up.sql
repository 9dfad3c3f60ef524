-- As in budgets: whose rows are whose is looked up in a hash.
DO $$
DECLARE v_table text; v_imported text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'objective', 'indicator', 'actual', 'evidence', 'scorerun', 'review', 'reviewline', 'monitoringline',
    'snapshot', 'step', 'taskunit', 'examination', 'feedback', 'feedbackanswer', 'rectificationitem'] LOOP
    EXECUTE format('DROP POLICY separation ON %I', 'performance_' || v_table);
    PERFORM budgets_separate('performance_' || v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['scoreline', 'finding'] LOOP
    EXECUTE format('ALTER POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR department_id IN (SELECT unnest(budgets_my_touched_departments())))',
      'performance_' || v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['targettable', 'evaluation', 'monitoring'] LOOP
    v_imported := CASE v_table WHEN 'monitoring' THEN 'false' ELSE 'document_id IS NOT NULL' END;
    EXECUTE format('ALTER POLICY separation ON %I USING ((SELECT budgets_uid()) = 0
      OR unit_id IN (SELECT unnest(budgets_my_units()))
      OR department_id IN (SELECT unnest(budgets_my_departments(ARRAY[''auditor''])))
      OR ((status NOT IN (''draft'', ''withdrawn'') OR %s)
        AND department_id IN (SELECT unnest(budgets_my_departments(ARRAY[''department_reviewer'', ''finance_reviewer'']))))
      OR ((status IN (''approved'', ''confirmed'', ''published'', ''superseded'', ''closed'') OR %s)
        AND department_id IN (SELECT unnest(budgets_my_departments(ARRAY[''report_reader''])))))',
      'performance_' || v_table, v_imported, v_imported);
  END LOOP;
END $$;
DROP POLICY separation ON performance_upload;
SELECT budgets_separate('performance_upload', 'unit_id IN (SELECT unnest(budgets_my_units()))');
DROP POLICY separation ON performance_takentable;
SELECT budgets_separate('performance_takentable', 'unit_id IN (SELECT unnest(budgets_my_units()))');
DROP POLICY separation ON performance_spotcheckitem;
SELECT budgets_separate('performance_spotcheckitem', 'department_id IN (SELECT unnest(budgets_my_departments(ARRAY[''finance_reviewer'', ''auditor''])))');
