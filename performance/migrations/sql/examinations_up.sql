-- A finding's cell, the aspect of the targets it speaks of, and what it rests on.
ALTER TABLE performance_finding
  ADD COLUMN field varchar(20) NOT NULL DEFAULT '',
  ADD COLUMN aspect varchar(8) NOT NULL DEFAULT '',
  ADD COLUMN basis varchar(200) NOT NULL DEFAULT '';

-- An examination stands in the unit of its paper and stays with it. What a reviewer concludes is
-- written by her alone, while the paper waits for the finance bureau, and never on her own work.
CREATE FUNCTION performance_examination_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_table text; v_row jsonb; v_actor bigint;
BEGIN
  v_table := CASE NEW.paper WHEN 'target_table' THEN 'performance_targettable'
    WHEN 'evaluation' THEN 'performance_evaluation' WHEN 'monitoring' THEN 'performance_monitoring' END;
  EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1', v_table) INTO v_row USING NEW.paper_id;
  IF v_row IS NULL OR (v_row ->> 'department_id')::bigint <> NEW.department_id
     OR (v_row ->> 'unit_id')::bigint <> NEW.unit_id OR (v_row ->> 'fiscal_year')::int <> NEW.fiscal_year THEN
    RAISE EXCEPTION '没有这张表' USING ERRCODE = 'check_violation', CONSTRAINT = 'examination_of_paper';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.paper <> OLD.paper OR NEW.paper_id <> OLD.paper_id) THEN
    RAISE EXCEPTION '审核不能移到另一张表' USING ERRCODE = 'check_violation', CONSTRAINT = 'examination_of_paper';
  END IF;
  IF NEW.concluded_by_id IS NOT NULL AND (TG_OP = 'INSERT'
     OR (NEW.concluded_by_id, NEW.concluded_at, NEW.own_aspects, NEW.own_overall, NEW.own_words, NEW.digest)
        IS DISTINCT FROM (OLD.concluded_by_id, OLD.concluded_at, OLD.own_aspects, OLD.own_overall, OLD.own_words, OLD.digest)) THEN
    v_actor := budgets_event_actor();
    IF TG_OP = 'INSERT' OR NEW.lock_version <= OLD.lock_version THEN
      RAISE EXCEPTION '修改次数只能增加' USING ERRCODE = 'check_violation', CONSTRAINT = 'examination_version';
    END IF;
    IF NEW.paper <> 'target_table' OR v_row ->> 'status' <> 'department_reviewed' THEN
      RAISE EXCEPTION '表不在待财政审核状态，不能作结论' USING ERRCODE = 'check_violation', CONSTRAINT = 'examination_state';
    END IF;
    IF NEW.concluded_by_id <> v_actor OR v_actor = ANY (performance_contributors(NEW.paper, NEW.paper_id)) THEN
      RAISE EXCEPTION '不能审核自己填写或提交的表' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_not_own';
    END IF;
    IF NOT budgets_holds(v_actor, 'finance_reviewer', NEW.department_id, NEW.unit_id) THEN
      RAISE EXCEPTION '办理人没有这个身份' USING ERRCODE = 'check_violation', CONSTRAINT = 'step_role';
    END IF;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION performance_examination_guard() FROM PUBLIC;
CREATE TRIGGER examination_guard BEFORE INSERT OR UPDATE ON performance_examination
  FOR EACH ROW EXECUTE FUNCTION performance_examination_guard();
REVOKE DELETE ON performance_examination FROM perf_app;
ALTER TABLE performance_examination ADD CONSTRAINT examination_unit_same_department
  FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id);
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON performance_examination
  FOR EACH ROW EXECUTE FUNCTION budgets_audit_row();
SELECT budgets_separate('performance_examination');
