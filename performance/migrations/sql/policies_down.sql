DO $$
DECLARE v_table text; v_imported text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'objective', 'indicator', 'actual', 'evidence', 'scorerun', 'review', 'reviewline', 'monitoringline',
    'snapshot', 'step', 'taskunit', 'examination', 'feedback', 'feedbackanswer', 'rectificationitem'] LOOP
    EXECUTE format('ALTER POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[]) OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])) AND true))',
      'performance_' || v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['scoreline', 'finding'] LOOP
    EXECUTE format('ALTER POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR department_id = ANY ((SELECT budgets_my_touched_departments())::bigint[]))',
      'performance_' || v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['targettable', 'evaluation', 'monitoring'] LOOP
    v_imported := CASE v_table WHEN 'monitoring' THEN 'false' ELSE 'document_id IS NOT NULL' END;
    EXECUTE format('ALTER POLICY separation ON %I USING ((SELECT budgets_uid()) = 0
      OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
      OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[])
      OR ((status NOT IN (''draft'', ''withdrawn'') OR %s)
        AND department_id = ANY ((SELECT budgets_my_departments(ARRAY[''department_reviewer'', ''finance_reviewer'']))::bigint[]))
      OR ((status IN (''approved'', ''confirmed'', ''published'', ''superseded'', ''closed'') OR %s)
        AND department_id = ANY ((SELECT budgets_my_departments(ARRAY[''report_reader'']))::bigint[])))',
      'performance_' || v_table, v_imported, v_imported);
  END LOOP;
END $$;
ALTER POLICY separation ON performance_upload USING ((SELECT budgets_uid()) = 0
  OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[]) OR unit_id = ANY ((SELECT budgets_my_units())::bigint[]))
    AND unit_id = ANY ((SELECT budgets_my_units())::bigint[])));
ALTER POLICY separation ON performance_takentable USING ((SELECT budgets_uid()) = 0
  OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[]) OR unit_id = ANY ((SELECT budgets_my_units())::bigint[]))
    AND unit_id = ANY ((SELECT budgets_my_units())::bigint[])));
ALTER POLICY separation ON performance_spotcheckitem USING ((SELECT budgets_uid()) = 0
  OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[]) OR unit_id = ANY ((SELECT budgets_my_units())::bigint[]))
    AND department_id = ANY ((SELECT budgets_my_departments(ARRAY['finance_reviewer', 'auditor']))::bigint[])));
