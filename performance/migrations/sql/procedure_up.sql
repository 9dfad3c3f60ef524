-- The database's own copy of the table of moves.
CREATE TABLE performance_move (
  paper varchar(20) NOT NULL, verb varchar(24) NOT NULL, source varchar(24) NOT NULL, target varchar(24) NOT NULL,
  role varchar(24) NOT NULL, judging boolean NOT NULL, own boolean NOT NULL, reasoned boolean NOT NULL,
  sees boolean NOT NULL, imported boolean NOT NULL, PRIMARY KEY (paper, verb, source, target, role)
);
REVOKE INSERT, UPDATE, DELETE ON performance_move FROM perf_app;
INSERT INTO performance_move VALUES
  ('evaluation', 'submit', 'draft', 'submitted', 'clerk', false, false, false, false, false),
  ('monitoring', 'submit', 'draft', 'submitted', 'clerk', false, false, false, false, false),
  ('target_table', 'submit', 'draft', 'submitted', 'clerk', false, false, false, false, false),
  ('evaluation', 'submit', 'returned', 'submitted', 'clerk', false, false, false, false, false),
  ('monitoring', 'submit', 'returned', 'submitted', 'clerk', false, false, false, false, false),
  ('target_table', 'submit', 'returned', 'submitted', 'clerk', false, false, false, false, false),
  ('evaluation', 'submit', 'withdrawn', 'submitted', 'clerk', false, false, false, false, false),
  ('monitoring', 'submit', 'withdrawn', 'submitted', 'clerk', false, false, false, false, false),
  ('target_table', 'submit', 'withdrawn', 'submitted', 'clerk', false, false, false, false, false),
  ('evaluation', 'withdraw', 'submitted', 'withdrawn', 'clerk', false, true, false, false, false),
  ('monitoring', 'withdraw', 'submitted', 'withdrawn', 'clerk', false, true, false, false, false),
  ('target_table', 'withdraw', 'submitted', 'withdrawn', 'clerk', false, true, false, false, false),
  ('evaluation', 'check', 'submitted', 'unit_checked', 'unit_head', true, false, false, true, false),
  ('monitoring', 'check', 'submitted', 'unit_checked', 'unit_head', true, false, false, true, false),
  ('target_table', 'check', 'submitted', 'unit_checked', 'unit_head', true, false, false, true, false),
  ('evaluation', 'return_to_clerk', 'submitted', 'returned', 'unit_head', true, false, true, true, false),
  ('monitoring', 'return_to_clerk', 'submitted', 'returned', 'unit_head', true, false, true, true, false),
  ('target_table', 'return_to_clerk', 'submitted', 'returned', 'unit_head', true, false, true, true, false),
  ('evaluation', 'withdraw', 'unit_checked', 'submitted', 'unit_head', false, true, false, false, false),
  ('monitoring', 'withdraw', 'unit_checked', 'submitted', 'unit_head', false, true, false, false, false),
  ('target_table', 'withdraw', 'unit_checked', 'submitted', 'unit_head', false, true, false, false, false),
  ('evaluation', 'review', 'unit_checked', 'department_reviewed', 'department_reviewer', true, false, false, true, false),
  ('monitoring', 'review', 'unit_checked', 'department_reviewed', 'department_reviewer', true, false, false, true, false),
  ('target_table', 'review', 'unit_checked', 'department_reviewed', 'department_reviewer', true, false, false, true, false),
  ('evaluation', 'return_to_unit', 'unit_checked', 'submitted', 'department_reviewer', true, false, true, true, false),
  ('monitoring', 'return_to_unit', 'unit_checked', 'submitted', 'department_reviewer', true, false, true, true, false),
  ('target_table', 'return_to_unit', 'unit_checked', 'submitted', 'department_reviewer', true, false, true, true, false),
  ('evaluation', 'return_to_clerk', 'unit_checked', 'returned', 'department_reviewer', true, false, true, true, false),
  ('monitoring', 'return_to_clerk', 'unit_checked', 'returned', 'department_reviewer', true, false, true, true, false),
  ('target_table', 'return_to_clerk', 'unit_checked', 'returned', 'department_reviewer', true, false, true, true, false),
  ('evaluation', 'withdraw', 'department_reviewed', 'unit_checked', 'department_reviewer', false, true, false, false, false),
  ('monitoring', 'withdraw', 'department_reviewed', 'unit_checked', 'department_reviewer', false, true, false, false, false),
  ('target_table', 'withdraw', 'department_reviewed', 'unit_checked', 'department_reviewer', false, true, false, false, false),
  ('monitoring', 'approve', 'department_reviewed', 'approved', 'finance_reviewer', true, false, false, true, false),
  ('target_table', 'approve', 'department_reviewed', 'approved', 'finance_reviewer', true, false, false, true, false),
  ('evaluation', 'confirm', 'department_reviewed', 'confirmed', 'finance_reviewer', true, false, false, true, false),
  ('evaluation', 'return_to_department', 'department_reviewed', 'unit_checked', 'finance_reviewer', true, false, true, true, false),
  ('monitoring', 'return_to_department', 'department_reviewed', 'unit_checked', 'finance_reviewer', true, false, true, true, false),
  ('target_table', 'return_to_department', 'department_reviewed', 'unit_checked', 'finance_reviewer', true, false, true, true, false),
  ('evaluation', 'return_to_unit', 'department_reviewed', 'submitted', 'finance_reviewer', true, false, true, true, false),
  ('monitoring', 'return_to_unit', 'department_reviewed', 'submitted', 'finance_reviewer', true, false, true, true, false),
  ('target_table', 'return_to_unit', 'department_reviewed', 'submitted', 'finance_reviewer', true, false, true, true, false),
  ('evaluation', 'return_to_clerk', 'department_reviewed', 'returned', 'finance_reviewer', true, false, true, true, false),
  ('monitoring', 'return_to_clerk', 'department_reviewed', 'returned', 'finance_reviewer', true, false, true, true, false),
  ('target_table', 'return_to_clerk', 'department_reviewed', 'returned', 'finance_reviewer', true, false, true, true, false),
  ('target_table', 'publish', 'approved', 'published', 'finance_reviewer', false, false, false, false, false),
  ('evaluation', 'publish', 'confirmed', 'published', 'finance_reviewer', false, false, false, false, false),
  ('target_table', 'supersede', 'approved', 'superseded', 'finance_reviewer', false, false, false, false, false),
  ('target_table', 'supersede', 'published', 'superseded', 'finance_reviewer', false, false, false, false, false),
  ('monitoring', 'close', 'approved', 'closed', 'finance_reviewer', false, false, false, false, false),
  ('target_table', 'close', 'approved', 'closed', 'finance_reviewer', false, false, false, false, false),
  ('evaluation', 'close', 'published', 'closed', 'finance_reviewer', false, false, false, false, false),
  ('target_table', 'close', 'published', 'closed', 'finance_reviewer', false, false, false, false, false),
  ('evaluation', 'publish_import', 'draft', 'published', 'clerk', false, false, false, false, true),
  ('target_table', 'publish_import', 'draft', 'published', 'clerk', false, false, false, false, true),
  ('evaluation', 'publish_import', 'draft', 'published', 'department_reviewer', false, false, false, false, true),
  ('target_table', 'publish_import', 'draft', 'published', 'department_reviewer', false, false, false, false, true),
  ('evaluation', 'publish_import', 'draft', 'published', 'finance_reviewer', false, false, false, false, true),
  ('target_table', 'publish_import', 'draft', 'published', 'finance_reviewer', false, false, false, false, true);

-- Who wrote or submitted a paper. Filled by triggers from the event of the writing transaction.
CREATE TABLE performance_contributor (
  paper varchar(20) NOT NULL, paper_id bigint NOT NULL, user_id bigint NOT NULL REFERENCES budgets_user (id),
  PRIMARY KEY (paper, paper_id, user_id)
);
REVOKE INSERT, UPDATE, DELETE ON performance_contributor FROM perf_app;

-- ── content ────────────────────────────────────────────────────────────────────────────────────
DROP TRIGGER keep_frozen ON performance_targettable;
DROP TRIGGER keep_frozen ON performance_evaluation;
DROP TRIGGER keep_frozen ON performance_indicator;
DROP TRIGGER keep_frozen ON performance_objective;
DROP TRIGGER keep_frozen ON performance_actual;
DROP FUNCTION performance_keep_frozen();
DROP FUNCTION performance_keep_children_frozen();

CREATE FUNCTION performance_year_open(p_year int) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM budgets_fiscalyear WHERE year = p_year AND is_closed) THEN
    RAISE EXCEPTION '% 年度已关账，不能再修改', p_year USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closed';
  END IF;
END $$;

CREATE FUNCTION performance_contributed(p_paper text, p_id bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
$$ INSERT INTO performance_contributor VALUES (p_paper, p_id, budgets_event_actor()) ON CONFLICT DO NOTHING $$;
REVOKE ALL ON FUNCTION performance_contributed FROM PUBLIC;

-- A paper begins as a draft, changes only where its state lets it, and moves only by a step.
CREATE FUNCTION performance_paper_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_old jsonb; v_new jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '表不能删除' USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  PERFORM performance_year_open(NEW.fiscal_year);
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' OR NEW.lock_version <> 1 THEN
      RAISE EXCEPTION '新表只能是草稿' USING ERRCODE = 'check_violation', CONSTRAINT = 'born_draft';
    END IF;
    PERFORM budgets_event_actor();
    RETURN NEW;
  END IF;
  v_old := to_jsonb(OLD) - 'status' - 'lock_version';
  v_new := to_jsonb(NEW) - 'status' - 'lock_version';
  IF NEW.status <> OLD.status THEN
    IF v_old IS DISTINCT FROM v_new OR current_setting('app.step', true) IS DISTINCT FROM TG_ARGV[0] || ':' || OLD.id THEN
      RAISE EXCEPTION '状态只能由办理记录改变' USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_by_step';
    END IF;
  ELSIF OLD.status NOT IN ('draft', 'returned', 'withdrawn') THEN
    RAISE EXCEPTION '“%”状态的表不能修改', OLD.status USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  ELSE
    IF NEW.lock_version <= OLD.lock_version THEN
      RAISE EXCEPTION '修改次数只能增加' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_rises';
    END IF;
    PERFORM performance_contributed(TG_ARGV[0], OLD.id);
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION performance_paper_born() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM performance_contributed(TG_ARGV[0], NEW.id);
  RETURN NULL;
END $$;

-- What stands on a paper changes only while the paper itself may; the paper's row is held meanwhile.
CREATE FUNCTION performance_content_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_status text; v_year int; v_parent bigint;
BEGIN
  v_parent := (CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END ->> TG_ARGV[2])::bigint;
  IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) ->> TG_ARGV[2])::bigint <> v_parent THEN
    RAISE EXCEPTION '内容不能移到另一张表' USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  EXECUTE format('SELECT status, fiscal_year FROM %I WHERE id = $1 FOR SHARE', TG_ARGV[1])
    INTO v_status, v_year USING v_parent;
  IF v_status IS NULL OR v_status NOT IN ('draft', 'returned', 'withdrawn') THEN
    RAISE EXCEPTION '“%”状态的表，内容不能修改', v_status USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  PERFORM performance_year_open(v_year);
  PERFORM performance_contributed(TG_ARGV[0], v_parent);
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

ALTER TABLE performance_actual ADD CONSTRAINT actual_of_department UNIQUE (id, department_id);
-- Evidence hangs on an actual: the evaluation above it decides.
CREATE FUNCTION performance_evidence_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_status text; v_parent bigint;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION '佐证只能添加或删除' USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  SELECT e.status, e.id INTO v_status, v_parent FROM performance_actual a
    JOIN performance_evaluation e ON e.id = a.evaluation_id
    WHERE a.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.actual_id ELSE NEW.actual_id END) FOR SHARE OF e;
  IF v_status IS NULL OR v_status NOT IN ('draft', 'returned', 'withdrawn') THEN
    RAISE EXCEPTION '“%”状态的表，佐证不能修改', v_status USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  PERFORM performance_contributed('evaluation', v_parent);
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON performance_evidence FOR EACH ROW EXECUTE FUNCTION performance_evidence_guard();
ALTER TABLE performance_evidence ADD CONSTRAINT evidence_actual_same_department
  FOREIGN KEY (actual_id, department_id) REFERENCES performance_actual (id, department_id);

-- ── steps ──────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION performance_contributors(p_paper text, p_id bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT c.user_id), '{}') FROM performance_contributor c
  WHERE c.paper = p_paper AND (c.paper_id = p_id OR (p_paper = 'target_table' AND c.paper_id IN (
    -- every version of one table counts: an adjustment carries on what others wrote before
    SELECT b.id FROM performance_targettable a JOIN performance_targettable b
      ON b.project_id = a.project_id AND b.fiscal_year = a.fiscal_year AND b.from_evaluation = a.from_evaluation
    WHERE a.id = p_id)))
$$;

CREATE FUNCTION performance_make_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  v_table text; v_row jsonb; v_move performance_move; v_last bigint; v_digest text; v_version int;
BEGIN
  v_table := CASE NEW.paper WHEN 'target_table' THEN 'performance_targettable'
    WHEN 'evaluation' THEN 'performance_evaluation' WHEN 'monitoring' THEN 'performance_monitoring' END;
  EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1 FOR UPDATE', v_table) INTO v_row USING NEW.paper_id;
  IF v_row IS NULL OR (v_row ->> 'department_id')::bigint <> NEW.department_id OR (v_row ->> 'unit_id')::bigint <> NEW.unit_id THEN
    RAISE EXCEPTION '没有这张表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_of_paper';
  END IF;
  PERFORM performance_year_open((v_row ->> 'fiscal_year')::int);
  IF v_row ->> 'status' <> NEW.source THEN
    RAISE EXCEPTION '表已不在“%”状态', NEW.source USING ERRCODE = 'check_violation', CONSTRAINT = 'step_from_state';
  END IF;
  SELECT * INTO v_move FROM performance_move m WHERE m.paper = NEW.paper AND m.verb = NEW.verb
    AND m.source = NEW.source AND m.target = NEW.target AND m.role = NEW.role;
  IF NOT FOUND THEN
    RAISE EXCEPTION '流程中没有这一步' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_legal';
  END IF;
  IF NEW.actor_id <> budgets_event_actor() THEN
    RAISE EXCEPTION '办理人与留痕不一致' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_actor';
  END IF;
  IF NOT budgets_holds(NEW.actor_id, NEW.role, NEW.department_id, NEW.unit_id) THEN
    RAISE EXCEPTION '办理人没有这个身份' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_role';
  END IF;
  IF v_move.judging AND NEW.actor_id = ANY (performance_contributors(NEW.paper, NEW.paper_id)) THEN
    RAISE EXCEPTION '不能审核自己填写或提交的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_not_own';
  END IF;
  IF v_move.own THEN
    SELECT actor_id INTO v_last FROM performance_step WHERE paper = NEW.paper AND paper_id = NEW.paper_id ORDER BY id DESC LIMIT 1;
    IF v_last IS DISTINCT FROM NEW.actor_id THEN
      RAISE EXCEPTION '只有上一步的办理人可以撤回' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_own';
    END IF;
  END IF;
  IF v_move.reasoned AND (NEW.reason_code = '' OR NEW.reason = '') THEN
    RAISE EXCEPTION '须写明原因' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_reasoned';
  END IF;
  IF v_move.imported AND v_row ->> 'document_id' IS NULL THEN
    RAISE EXCEPTION '不是导入的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_imported';
  END IF;
  v_version := (v_row ->> 'lock_version')::int;
  IF NEW.verb = 'submit' OR v_move.sees THEN
    SELECT digest INTO v_digest FROM performance_snapshot s WHERE s.paper = NEW.paper AND s.paper_id = NEW.paper_id
      AND s.kind = 'submitted' AND (NEW.verb <> 'submit' OR s.lock_version = v_version) ORDER BY s.id DESC LIMIT 1;
    IF v_digest IS DISTINCT FROM NEW.digest THEN
      RAISE EXCEPTION '内容与所见的不一致' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_seen';
    END IF;
  END IF;
  IF NEW.verb = 'submit' THEN
    PERFORM performance_contributed(NEW.paper, NEW.paper_id);
  END IF;
  PERFORM set_config('app.step', NEW.paper || ':' || NEW.paper_id, true);
  EXECUTE format('UPDATE %I SET status = $1, lock_version = lock_version + 1 WHERE id = $2', v_table)
    USING NEW.target, NEW.paper_id;
  PERFORM set_config('app.step', '', true);
  RETURN NEW;
END $$;
CREATE TRIGGER make_step BEFORE INSERT ON performance_step FOR EACH ROW EXECUTE FUNCTION performance_make_step();
CREATE TRIGGER step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON performance_step FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();
REVOKE UPDATE, DELETE ON performance_step FROM perf_app;

CREATE FUNCTION performance_snapshot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.kind = 'saved' THEN RETURN OLD; END IF;
  RAISE EXCEPTION '快照只能追加' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER snapshot_guard BEFORE UPDATE OR DELETE ON performance_snapshot FOR EACH ROW EXECUTE FUNCTION performance_snapshot_guard();
REVOKE UPDATE ON performance_snapshot FROM perf_app;
-- A snapshot's digest is that of its text, whatever the application says.
ALTER TABLE performance_snapshot ADD CONSTRAINT snapshot_digest CHECK (digest = encode(sha256(convert_to(canonical, 'UTF8')), 'hex'));

-- ── reviews ────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION performance_review_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_status text;
BEGIN
  SELECT status INTO v_status FROM performance_evaluation WHERE id = NEW.evaluation_id FOR SHARE;
  IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
    RAISE EXCEPTION '复核已经结束，不能修改' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_closed';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.evaluation_id <> OLD.evaluation_id OR NEW.lock_version <= OLD.lock_version) THEN
    RAISE EXCEPTION '复核的对象不能改变，修改次数只能增加' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_version';
  END IF;
  IF v_status <> 'department_reviewed' AND NOT (TG_OP = 'UPDATE' AND NEW.state = 'dropped') THEN
    RAISE EXCEPTION '自评表不在待财政审核状态，不能复核' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_state';
  END IF;
  IF NEW.reviewer_id = ANY (performance_contributors('evaluation', NEW.evaluation_id)) THEN
    RAISE EXCEPTION '不能复核自己填写或提交的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_not_own';
  END IF;
  IF NEW.state <> 'dropped' AND NOT budgets_holds(NEW.reviewer_id, 'finance_reviewer', NEW.department_id, NEW.unit_id) THEN
    RAISE EXCEPTION '办理人没有这个身份' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_role';
  END IF;
  PERFORM budgets_event_actor();
  RETURN NEW;
END $$;
CREATE TRIGGER review_guard BEFORE INSERT OR UPDATE ON performance_review FOR EACH ROW EXECUTE FUNCTION performance_review_guard();
CREATE FUNCTION performance_review_line_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_review performance_review; v_actor bigint;
BEGIN
  SELECT * INTO v_review FROM performance_review
    WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END) FOR SHARE;
  IF v_review.state IS DISTINCT FROM 'open' THEN
    RAISE EXCEPTION '复核已经结束，不能修改' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_closed';
  END IF;
  v_actor := budgets_event_actor();
  IF v_actor = ANY (performance_contributors('evaluation', v_review.evaluation_id)) THEN
    RAISE EXCEPTION '不能复核自己填写或提交的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_not_own';
  END IF;
  IF NOT budgets_holds(v_actor, 'finance_reviewer', v_review.department_id, v_review.unit_id) THEN
    RAISE EXCEPTION '办理人没有这个身份' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_role';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER review_line_guard BEFORE INSERT OR UPDATE OR DELETE ON performance_reviewline FOR EACH ROW EXECUTE FUNCTION performance_review_line_guard();
REVOKE DELETE ON performance_review FROM perf_app;

-- ── where the guards stand ─────────────────────────────────────────────────────────────────────
DO $$
DECLARE v_pair text[]; v_table text; v_columns text;
BEGIN
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[['target_table', 'performance_targettable'], ['evaluation', 'performance_evaluation'], ['monitoring', 'performance_monitoring']] LOOP
    EXECUTE format('CREATE TRIGGER paper_guard BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION performance_paper_guard(%L)', v_pair[2], v_pair[1]);
    EXECUTE format('CREATE TRIGGER paper_born AFTER INSERT ON %I FOR EACH ROW EXECUTE FUNCTION performance_paper_born(%L)', v_pair[2], v_pair[1]);
    -- The application may not touch the state, nor move a paper to another project, year or unit.
    SELECT string_agg(quote_ident(column_name), ', ') INTO v_columns FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = v_pair[2]
        AND column_name NOT IN ('id', 'public_id', 'status', 'department_id', 'unit_id', 'project_id', 'fiscal_year');
    EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM perf_app', v_pair[2]);
    EXECUTE format('GRANT UPDATE (%s) ON %I TO perf_app', v_columns, v_pair[2]);
  END LOOP;
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['performance_objective', 'target_table', 'performance_targettable', 'table_id'],
    ['performance_indicator', 'target_table', 'performance_targettable', 'table_id'],
    ['performance_actual', 'evaluation', 'performance_evaluation', 'evaluation_id'],
    ['performance_monitoringline', 'monitoring', 'performance_monitoring', 'monitoring_id']] LOOP
    EXECUTE format('CREATE TRIGGER content_guard BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION performance_content_guard(%L, %L, %L)',
      v_pair[1], v_pair[2], v_pair[3], v_pair[4]);
  END LOOP;

  -- Composite keys of the new tables: a row cannot point into another department.
  FOREACH v_table IN ARRAY ARRAY['monitoring', 'monitoringline', 'reviewline', 'snapshot', 'step', 'taskunit'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id)',
      'performance_' || v_table, v_table || '_unit_same_department');
  END LOOP;
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['monitoring', 'project_id', 'budgets_project'], ['monitoring', 'table_id', 'performance_targettable'],
    ['monitoringline', 'monitoring_id', 'performance_monitoring'], ['monitoringline', 'indicator_id', 'performance_indicator'],
    ['targettable', 'adjusts_id', 'performance_targettable'], ['reviewline', 'review_id', 'performance_review']] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (%I, department_id) REFERENCES %I (id, department_id)',
      'performance_' || v_pair[1], v_pair[1] || '_' || v_pair[2] || '_same_department', v_pair[2], v_pair[3]);
  END LOOP;

  -- The trail of the new tables. Snapshots are kept whole and are their own trail.
  FOREACH v_table IN ARRAY ARRAY['monitoring', 'monitoringline', 'reviewline', 'step', 'task', 'taskunit'] LOOP
    EXECUTE format('CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION budgets_audit_row()', 'performance_' || v_table);
  END LOOP;

  -- Separation. Papers nobody has handed on are their unit's own business; auditors read all.
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'objective', 'indicator', 'actual', 'evidence', 'scorerun',
    'review', 'reviewline', 'monitoringline', 'snapshot', 'step', 'taskunit'] LOOP
    PERFORM budgets_separate('performance_' || v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['targettable', 'evaluation'] LOOP
    PERFORM budgets_separate('performance_' || v_table,
      '(status NOT IN (''draft'', ''withdrawn'') OR document_id IS NOT NULL OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
        OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[]))');
  END LOOP;
  PERFORM budgets_separate('performance_monitoring',
    '(status NOT IN (''draft'', ''withdrawn'') OR unit_id = ANY ((SELECT budgets_my_units())::bigint[])
      OR department_id = ANY ((SELECT budgets_my_departments(ARRAY[''auditor'']))::bigint[]))');
  FOREACH v_table IN ARRAY ARRAY['performance_scoreline', 'performance_finding'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY separation ON %I USING ((SELECT budgets_uid()) = 0 OR department_id = ANY ((SELECT budgets_my_touched_departments())::bigint[]))', v_table);
  END LOOP;
END $$;
