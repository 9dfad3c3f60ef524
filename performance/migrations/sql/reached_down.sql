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
