DROP TRIGGER keep_frozen ON performance_actual;
DROP TRIGGER keep_frozen ON performance_objective;
DROP TRIGGER keep_frozen ON performance_indicator;
DROP TRIGGER keep_frozen ON performance_evaluation;
DROP TRIGGER keep_frozen ON performance_targettable;
DROP FUNCTION performance_keep_children_frozen();
DROP FUNCTION performance_keep_frozen();
DO $$
DECLARE v_table text; v_pair text[];
BEGIN
  FOREACH v_table IN ARRAY ARRAY['document', 'importrun', 'targettable', 'objective', 'indicator', 'evaluation',
    'actual', 'evidence', 'scorerun', 'review'] LOOP
    EXECUTE format('DROP TRIGGER audit_row ON %I', 'performance_' || v_table);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', 'performance_' || v_table, v_table || '_unit_same_department');
  END LOOP;
  FOREACH v_pair SLICE 1 IN ARRAY ARRAY[
    ['importrun', 'document_id'], ['targettable', 'document_id'], ['targettable', 'project_id'],
    ['objective', 'table_id'], ['indicator', 'table_id'], ['evaluation', 'project_id'], ['evaluation', 'table_id'],
    ['evaluation', 'document_id'], ['actual', 'evaluation_id'], ['actual', 'indicator_id'], ['evidence', 'document_id'],
    ['scorerun', 'evaluation_id'], ['review', 'evaluation_id']] LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', 'performance_' || v_pair[1], v_pair[1] || '_' || v_pair[2] || '_same_department');
  END LOOP;
END $$;
DROP TRIGGER score_run_immutable ON performance_scorerun;
GRANT UPDATE, DELETE ON performance_scorerun TO perf_app;
DROP FUNCTION performance_make_partitions(int);
DROP TABLE performance_finding;
DROP TABLE performance_scoreline;
