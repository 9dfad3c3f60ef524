DROP TRIGGER rectification_guard ON performance_rectificationitem;
DROP FUNCTION performance_rectification_guard();
DROP TRIGGER feedback_answer_guard ON performance_feedbackanswer;
DROP FUNCTION performance_feedback_answer_guard();
DROP TRIGGER feedback_guard ON performance_feedback;
DROP FUNCTION performance_feedback_guard();
DO $$
DECLARE v_table text; v_pair text[];
BEGIN
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[['feedback', 'review_id'], ['feedbackanswer', 'feedback_id'],
    ['feedbackanswer', 'document_id'], ['rectificationitem', 'evaluation_id']] LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', 'performance_' || v_pair[1], v_pair[1] || '_' || v_pair[2] || '_same_department');
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['feedback', 'feedbackanswer', 'rectificationitem'] LOOP
    EXECUTE format('GRANT DELETE ON %I TO perf_app', 'performance_' || v_table);
    EXECUTE format('DROP POLICY separation ON %I', 'performance_' || v_table);
    EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', 'performance_' || v_table);
    EXECUTE format('DROP TRIGGER audit_row ON %I', 'performance_' || v_table);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', 'performance_' || v_table, v_table || '_unit_same_department');
  END LOOP;
END $$;
ALTER TABLE performance_review DROP CONSTRAINT review_outcome_id_same_department;
