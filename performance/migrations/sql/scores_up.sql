-- Scores and findings: narrow, partitioned by fiscal year, nothing points to them.
CREATE TABLE performance_scoreline (
  fiscal_year smallint NOT NULL, run_id bigint NOT NULL, seq smallint NOT NULL,
  department_id bigint NOT NULL, indicator_id bigint, state varchar(16) NOT NULL,
  points numeric(16,4), claimed numeric(16,4), awarded numeric(9,2), ratio numeric(7,6),
  reason varchar(40) NOT NULL, notes varchar(40)[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (fiscal_year, run_id, seq),
  CONSTRAINT score_line_state_known CHECK (state IN ('scored', 'not_scored', 'not_applicable')),
  CONSTRAINT score_line_awarded_when_scored CHECK ((state = 'scored') = (awarded IS NOT NULL)),
  CONSTRAINT score_line_awarded_within CHECK (awarded IS NULL OR (awarded >= 0 AND awarded <= points)),
  CONSTRAINT score_line_points_sound CHECK (points IS NULL OR (points >= 0 AND points <= 1000)),
  CONSTRAINT score_line_ratio_is_share CHECK (ratio IS NULL OR (ratio >= 0 AND ratio <= 1))
) PARTITION BY LIST (fiscal_year);
CREATE TABLE performance_finding (
  fiscal_year smallint NOT NULL, run_id bigint NOT NULL, seq smallint NOT NULL,
  department_id bigint NOT NULL, code varchar(8) NOT NULL, severity varchar(8) NOT NULL,
  indicator text NOT NULL, message text NOT NULL, at varchar(40) NOT NULL,
  PRIMARY KEY (fiscal_year, run_id, seq),
  CONSTRAINT finding_severity_known CHECK (severity IN ('block', 'error', 'notice'))
) PARTITION BY LIST (fiscal_year);

-- Partitions of a year; called by the owner when a year is opened.
CREATE FUNCTION performance_make_partitions(p_year int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['performance_scoreline', 'performance_finding'] LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%s)', v_table || '_' || p_year, v_table, p_year);
    -- The application reaches a partition through its parent alone, where the rights are kept.
    EXECUTE format('REVOKE ALL ON %I FROM perf_app', v_table || '_' || p_year);
  END LOOP;
END $$;
SELECT performance_make_partitions(y) FROM generate_series(2018, 2030) AS y;
CREATE TABLE performance_scoreline_other PARTITION OF performance_scoreline DEFAULT;
CREATE TABLE performance_finding_other PARTITION OF performance_finding DEFAULT;
REVOKE ALL ON performance_scoreline_other, performance_finding_other FROM perf_app;

REVOKE UPDATE, DELETE ON performance_scoreline, performance_finding FROM perf_app;
GRANT SELECT, INSERT ON performance_scoreline, performance_finding TO perf_bulk;
REVOKE UPDATE, DELETE ON performance_scorerun FROM perf_app;
CREATE TRIGGER score_run_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON performance_scorerun
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();
CREATE TRIGGER score_line_immutable BEFORE UPDATE OR DELETE ON performance_scoreline
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();
CREATE TRIGGER finding_immutable BEFORE UPDATE OR DELETE ON performance_finding
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();

-- A row cannot point into another department.
DO $$
DECLARE v_table text; v_pair text[];
BEGIN
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'targettable', 'objective', 'indicator', 'evaluation',
    'actual', 'evidence', 'scorerun', 'review'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id)',
      'performance_' || v_table, v_table || '_unit_same_department');
  END LOOP;
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['importrun', 'document_id', 'performance_document'], ['targettable', 'document_id', 'performance_document'],
    ['targettable', 'project_id', 'budgets_project'], ['objective', 'table_id', 'performance_targettable'],
    ['indicator', 'table_id', 'performance_targettable'], ['evaluation', 'project_id', 'budgets_project'],
    ['evaluation', 'table_id', 'performance_targettable'], ['evaluation', 'document_id', 'performance_document'],
    ['actual', 'evaluation_id', 'performance_evaluation'], ['actual', 'indicator_id', 'performance_indicator'],
    ['evidence', 'document_id', 'performance_document'], ['scorerun', 'evaluation_id', 'performance_evaluation'],
    ['review', 'evaluation_id', 'performance_evaluation']] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (%I, department_id) REFERENCES %I (id, department_id)',
      'performance_' || v_pair[1], v_pair[1] || '_' || v_pair[2] || '_same_department', v_pair[2], v_pair[3]);
  END LOOP;
END $$;

-- The trail of the papers. Scores and findings carry no row trigger: their run's event has their digest.
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'targettable', 'objective', 'indicator', 'evaluation',
    'actual', 'evidence', 'scorerun', 'review'] LOOP
    EXECUTE format('CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION budgets_audit_row()', 'performance_' || v_table);
  END LOOP;
END $$;

-- What is approved or published no longer changes; only its status may move on.
CREATE FUNCTION performance_keep_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('approved', 'published') AND
     (TG_OP = 'DELETE' OR to_jsonb(OLD) - 'status' - 'lock_version' IS DISTINCT FROM to_jsonb(NEW) - 'status' - 'lock_version') THEN
    RAISE EXCEPTION '已批复或已公开的内容不能修改；更正请另立新版本' USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_frozen BEFORE UPDATE OR DELETE ON performance_targettable FOR EACH ROW EXECUTE FUNCTION performance_keep_frozen();
CREATE TRIGGER keep_frozen BEFORE UPDATE OR DELETE ON performance_evaluation FOR EACH ROW EXECUTE FUNCTION performance_keep_frozen();

CREATE FUNCTION performance_keep_children_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_status text; v_parent bigint;
BEGIN
  v_parent := (to_jsonb(OLD) ->> TG_ARGV[1])::bigint;
  EXECUTE format('SELECT status FROM %I WHERE id = $1', TG_ARGV[0]) INTO v_status USING v_parent;
  IF v_status IN ('approved', 'published') THEN
    RAISE EXCEPTION '已批复或已公开的内容不能修改；更正请另立新版本' USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_frozen BEFORE UPDATE OR DELETE ON performance_indicator FOR EACH ROW EXECUTE FUNCTION performance_keep_children_frozen('performance_targettable', 'table_id');
CREATE TRIGGER keep_frozen BEFORE UPDATE OR DELETE ON performance_objective FOR EACH ROW EXECUTE FUNCTION performance_keep_children_frozen('performance_targettable', 'table_id');
CREATE TRIGGER keep_frozen BEFORE UPDATE OR DELETE ON performance_actual FOR EACH ROW EXECUTE FUNCTION performance_keep_children_frozen('performance_evaluation', 'evaluation_id');
