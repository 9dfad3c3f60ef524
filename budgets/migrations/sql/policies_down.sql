DROP POLICY separation ON budgets_auditevent;
CREATE POLICY separation ON budgets_auditevent FOR SELECT USING ((SELECT budgets_uid()) = 0
  OR (SELECT budgets_reads_whole_trail()) OR chain = ANY ((SELECT budgets_my_departments(ARRAY['auditor']))::bigint[]));
CREATE OR REPLACE FUNCTION budgets_separate(p_table text, p_more text DEFAULT 'true') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format(
    'CREATE POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[])
       OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])) AND %s))', p_table, p_more);
END $$;
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['budgets_project', 'budgets_funding', 'budgets_expenditurebyfunction', 'budgets_contactperson'] LOOP
    EXECUTE format('DROP POLICY separation ON %I', v_table);
    PERFORM budgets_separate(v_table);
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION budgets_my_departments(p_roles text[] DEFAULT NULL) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM budgets_member m
  JOIN budgets_user u ON u.id = m.user_id AND u.is_active
  LEFT JOIN budgets_region mr ON mr.id = m.region_id
  JOIN budgets_department d ON
    CASE WHEN m.department_id IS NOT NULL THEN d.id = m.department_id
         ELSE m.role IN ('finance_reviewer', 'auditor', 'report_reader')
           AND (m.office_id IS NULL OR m.office_id = d.office_id)
           AND EXISTS (SELECT 1 FROM budgets_region dr WHERE dr.id = d.region_id
                       AND starts_with(dr.code, budgets_region_stem(mr.code))) END
  WHERE m.user_id = budgets_uid() AND m.unit_id IS NULL AND (p_roles IS NULL OR m.role = ANY (p_roles))
$$;
