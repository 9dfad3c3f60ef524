-- As before, but the stem of a region is worked out once for each membership and compared once for each
-- region, not for every department: this is asked for every table of every query.
CREATE OR REPLACE FUNCTION budgets_my_departments(p_roles text[] DEFAULT NULL) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH held AS MATERIALIZED (
    SELECT m.department_id, m.office_id, budgets_region_stem(mr.code) AS stem FROM budgets_member m
    JOIN budgets_user u ON u.id = m.user_id AND u.is_active
    LEFT JOIN budgets_region mr ON mr.id = m.region_id AND m.department_id IS NULL
      AND m.role IN ('finance_reviewer', 'auditor', 'report_reader')
    WHERE m.user_id = budgets_uid() AND m.unit_id IS NULL AND (p_roles IS NULL OR m.role = ANY (p_roles))
  )
  SELECT coalesce(array_agg(DISTINCT reached.id), '{}') FROM (
    SELECT department_id AS id FROM held WHERE department_id IS NOT NULL
    UNION ALL
    SELECT d.id FROM held
    JOIN budgets_region dr ON starts_with(dr.code, held.stem)
    JOIN budgets_department d ON d.region_id = dr.id AND (held.office_id IS NULL OR held.office_id = d.office_id)
  ) reached
$$;
