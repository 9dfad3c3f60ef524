-- A reviewed sheet, the unit's word on it and what is to be mended stand in one department.
ALTER TABLE performance_review ADD CONSTRAINT review_outcome_id_same_department
  FOREIGN KEY (outcome_id, department_id) REFERENCES performance_scorerun (id, department_id);
DO $$
DECLARE v_table text; v_pair text[];
BEGIN
  FOREACH v_table IN ARRAY ARRAY['feedback', 'feedbackanswer', 'rectificationitem'] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (unit_id, department_id) REFERENCES budgets_budgetunit (id, department_id)',
      'performance_' || v_table, v_table || '_unit_same_department');
    EXECUTE format('CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION budgets_audit_row()', 'performance_' || v_table);
    PERFORM budgets_separate('performance_' || v_table);
    EXECUTE format('REVOKE DELETE ON %I FROM perf_app', 'performance_' || v_table);
  END LOOP;
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['feedback', 'review_id', 'performance_review'], ['feedbackanswer', 'feedback_id', 'performance_feedback'],
    ['feedbackanswer', 'document_id', 'performance_document'], ['rectificationitem', 'evaluation_id', 'performance_evaluation']] LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I FOREIGN KEY (%I, department_id) REFERENCES %I (id, department_id)',
      'performance_' || v_pair[1], v_pair[1] || '_' || v_pair[2] || '_same_department', v_pair[2], v_pair[3]);
  END LOOP;
END $$;

-- What was sent, said and decided stays; a matter that is closed stays closed.
CREATE FUNCTION performance_feedback_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.review_id <> OLD.review_id OR NEW.digest <> OLD.digest OR NEW.deadline <> OLD.deadline OR OLD.finished_at IS NOT NULL THEN
    RAISE EXCEPTION '已发出的反馈不能改' USING ERRCODE = 'check_violation', CONSTRAINT = 'feedback_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER feedback_guard BEFORE UPDATE ON performance_feedback FOR EACH ROW EXECUTE FUNCTION performance_feedback_guard();
CREATE FUNCTION performance_feedback_answer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.feedback_id, NEW.seq, NEW.objects_to, NEW.words, NEW.answered_by_id)
     IS DISTINCT FROM (OLD.feedback_id, OLD.seq, OLD.objects_to, OLD.words, OLD.answered_by_id) OR OLD.decision <> '' THEN
    RAISE EXCEPTION '已答复的意见和已作的决定不能改' USING ERRCODE = 'check_violation', CONSTRAINT = 'feedback_answer_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER feedback_answer_guard BEFORE UPDATE ON performance_feedbackanswer FOR EACH ROW EXECUTE FUNCTION performance_feedback_answer_guard();
CREATE FUNCTION performance_rectification_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' OR NEW.lock_version <= OLD.lock_version OR NEW.evaluation_id <> OLD.evaluation_id THEN
    RAISE EXCEPTION '已销号的事项不能改，修改次数只能增加' USING ERRCODE = 'check_violation', CONSTRAINT = 'rectification_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rectification_guard BEFORE UPDATE ON performance_rectificationitem FOR EACH ROW EXECUTE FUNCTION performance_rectification_guard();
