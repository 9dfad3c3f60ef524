-- Rights of the roles. Tables made later by the owner are covered by the default privileges.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'perf_app') THEN
    RAISE EXCEPTION '数据库缺少角色 perf_app：请先按运维手册建立 perf_owner、perf_app、perf_bulk、perf_auditor';
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO perf_app, perf_bulk, perf_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO perf_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO perf_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO perf_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO perf_app;

-- The trail: the application may read it and append through one function, nothing else.
REVOKE INSERT, UPDATE, DELETE ON budgets_auditevent, budgets_auditchange FROM perf_app;
REVOKE ALL ON SEQUENCE budgets_auditevent_id_seq, budgets_auditchange_id_seq FROM perf_app;
GRANT SELECT ON budgets_auditevent, budgets_auditchange TO perf_auditor;

CREATE FUNCTION budgets_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% 只能追加，不能修改或删除', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON budgets_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();
CREATE TRIGGER audit_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON budgets_auditchange
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();

-- One event: gap-free in its chain, its digest over the previous digest and the canonical text.
CREATE FUNCTION budgets_audit_append(
  p_chain bigint, p_actor bigint, p_request text, p_ip inet, p_verb text,
  p_type text, p_object text, p_canonical text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_seq bigint; v_previous text; v_id bigint; v_at timestamptz := clock_timestamp();
BEGIN
  PERFORM pg_advisory_xact_lock(7104, (p_chain % 2147483647)::int);
  SELECT seq, digest INTO v_seq, v_previous FROM budgets_auditevent
    WHERE chain = p_chain ORDER BY seq DESC LIMIT 1;
  v_seq := coalesce(v_seq, 0) + 1;
  v_previous := coalesce(v_previous, repeat('0', 64));
  INSERT INTO budgets_auditevent
    (chain, seq, at, actor_id, request_id, ip, verb, object_type, object_id, canonical, previous, digest)
  VALUES (p_chain, v_seq, v_at, p_actor, p_request, p_ip, p_verb, p_type, p_object, p_canonical, v_previous,
    encode(sha256(convert_to(v_previous || chr(10) || p_chain || chr(10) || v_seq || chr(10) || p_canonical, 'UTF8')), 'hex'))
  RETURNING id INTO v_id;
  PERFORM set_config('app.event', v_id::text, true);
  RETURN v_id;
END $$;
REVOKE ALL ON FUNCTION budgets_audit_append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_audit_append TO perf_app;

-- One change for every changed row. The columns named in the trigger's arguments are personal
-- data and are left out of what is kept.
CREATE FUNCTION budgets_audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  v_old jsonb; v_new jsonb; v_column text;
BEGIN
  IF TG_OP <> 'INSERT' THEN v_old := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN v_new := to_jsonb(NEW); END IF;
  FOREACH v_column IN ARRAY coalesce(TG_ARGV, '{}'::text[]) LOOP
    v_old := v_old - v_column; v_new := v_new - v_column;
  END LOOP;
  INSERT INTO budgets_auditchange (event_id, at, table_name, row_id, operation, old, new)
  VALUES (nullif(current_setting('app.event', true), '')::bigint, clock_timestamp(), TG_TABLE_NAME,
    (coalesce(v_new, v_old) ->> 'id')::bigint, TG_OP, v_old, v_new);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION budgets_audit_row FROM PUBLIC;

DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['budgets_department', 'budgets_budgetunit', 'budgets_member', 'budgets_project',
    'budgets_funding', 'budgets_region'] LOOP
    EXECUTE format('CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION budgets_audit_row()', v_table);
  END LOOP;
END $$;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON budgets_contactperson
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row('name', 'phone');

-- A row cannot point into another department, whatever the application says.
ALTER TABLE budgets_budgetunit ADD CONSTRAINT budget_unit_parent_same_department
  FOREIGN KEY (parent_id, department_id) REFERENCES budgets_budgetunit (id, department_id);
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['budgets_project', 'budgets_funding', 'budgets_expenditurebyfunction', 'budgets_contactperson'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id)',
      v_table, v_table || '_unit_same_department');
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['budgets_funding', 'budgets_contactperson'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (project_id, department_id) REFERENCES budgets_project (id, department_id)',
      v_table, v_table || '_project_same_department');
  END LOOP;
END $$;

-- The three administrators exclude each other and hold no business role.
CREATE FUNCTION budgets_member_exclusive() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7105, (NEW.user_id % 2147483647)::int);
  IF EXISTS (
    SELECT 1 FROM budgets_member m WHERE m.user_id = NEW.user_id AND m.id <> NEW.id AND m.role <> NEW.role
      AND (m.role LIKE '%\_admin' OR NEW.role LIKE '%\_admin')
  ) THEN
    RAISE EXCEPTION '系统、安全、审计管理员互斥，也不能兼任业务角色' USING ERRCODE = 'check_violation', CONSTRAINT = 'member_admins_exclusive';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER member_exclusive BEFORE INSERT OR UPDATE ON budgets_member
  FOR EACH ROW EXECUTE FUNCTION budgets_member_exclusive();
