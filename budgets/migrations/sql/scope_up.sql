-- Who is asking: the account of the request or job, set for one transaction. 0 is the service itself
-- (commands, jobs without an account). Not set: nobody, who sees nothing.
CREATE FUNCTION budgets_uid() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('app.uid', true), '')::bigint $$;

-- The digits of a region code that all regions below it share.
CREATE FUNCTION budgets_region_stem(p_code text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT regexp_replace(p_code, '^([0-9]{2}.*?)(00)+$', '\1') $$;

-- Whether an account holds a role for a unit of a department, now.
CREATE FUNCTION budgets_holds(p_user bigint, p_role text, p_department bigint, p_unit bigint)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM budgets_member m
    JOIN budgets_user u ON u.id = m.user_id AND u.is_active
    JOIN budgets_department d ON d.id = p_department
    JOIN budgets_region dr ON dr.id = d.region_id
    LEFT JOIN budgets_region mr ON mr.id = m.region_id
    WHERE m.user_id = p_user AND m.role = p_role AND (
      (m.unit_id IS NOT NULL AND m.unit_id = p_unit)
      OR (m.unit_id IS NULL AND m.department_id IS NOT NULL AND m.department_id = p_department)
      OR (m.unit_id IS NULL AND m.department_id IS NULL AND mr.id IS NOT NULL
          AND starts_with(dr.code, budgets_region_stem(mr.code))
          AND (m.office_id IS NULL OR m.office_id = d.office_id))
    ))
$$;

-- What the asking account may see, worked out from its memberships and nothing the application says.
CREATE FUNCTION budgets_my_departments(p_roles text[] DEFAULT NULL) RETURNS bigint[]
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
CREATE FUNCTION budgets_my_units() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT m.unit_id), '{}') FROM budgets_member m
  JOIN budgets_user u ON u.id = m.user_id AND u.is_active
  WHERE m.user_id = budgets_uid() AND m.unit_id IS NOT NULL
$$;
-- All departments in which the account has anything to do: for rows that name no unit.
CREATE FUNCTION budgets_my_touched_departments() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT budgets_my_departments() || coalesce((
    SELECT array_agg(DISTINCT m.department_id) FROM budgets_member m
    WHERE m.user_id = budgets_uid() AND m.unit_id IS NOT NULL), '{}')
$$;

-- Row-level security: the second net. Enabled, not forced: the owner dumps and migrates.
CREATE FUNCTION budgets_separate(p_table text, p_more text DEFAULT 'true') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format(
    'CREATE POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR ((department_id = ANY ((SELECT budgets_my_departments())::bigint[])
       OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])) AND %s))', p_table, p_more);
END $$;
REVOKE ALL ON FUNCTION budgets_separate FROM PUBLIC;
SELECT budgets_separate(t) FROM unnest(ARRAY['budgets_project', 'budgets_funding', 'budgets_expenditurebyfunction', 'budgets_contactperson']) AS t;

ALTER TABLE budgets_auditevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON budgets_auditevent FOR SELECT
  USING ((SELECT budgets_uid()) = 0 OR chain = ANY ((SELECT budgets_my_departments())::bigint[]));
CREATE POLICY auditor ON budgets_auditevent FOR SELECT TO perf_auditor USING (true);
ALTER TABLE budgets_auditchange ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON budgets_auditchange FOR SELECT
  USING ((SELECT budgets_uid()) = 0 OR EXISTS (SELECT 1 FROM budgets_auditevent e WHERE e.id = event_id));
CREATE POLICY auditor ON budgets_auditchange FOR SELECT TO perf_auditor USING (true);

-- A notice is its reader's; anybody's act may cause one.
ALTER TABLE budgets_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON budgets_notice USING ((SELECT budgets_uid()) = 0 OR user_id = (SELECT budgets_uid()));
CREATE FUNCTION budgets_tell(p_user bigint, p_kind text, p_type text, p_object uuid, p_text text, p_once text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO budgets_notice (user_id, kind, object_type, object_id, text, once_key, created_at)
    VALUES (p_user, p_kind, p_type, p_object, p_text, p_once, now()) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION budgets_tell FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_tell TO perf_app;
ALTER TABLE budgets_idempotencykey ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON budgets_idempotencykey USING ((SELECT budgets_uid()) = 0 OR user_id = (SELECT budgets_uid()));

-- An event belongs to the transaction that wrote it: only there may rows be changed in its name.
ALTER TABLE budgets_auditevent ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION budgets_event_actor() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_actor bigint;
BEGIN
  SELECT actor_id INTO v_actor FROM budgets_auditevent
    WHERE id = nullif(current_setting('app.event', true), '')::bigint AND xact = pg_current_xact_id();
  IF v_actor IS NULL THEN
    RAISE EXCEPTION '没有留痕的写入被拒绝' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_has_event';
  END IF;
  RETURN v_actor;
END $$;

CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON budgets_office
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
