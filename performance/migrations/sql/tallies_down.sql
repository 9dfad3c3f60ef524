DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['performance_targettable', 'performance_monitoring', 'performance_evaluation', 'performance_scorerun', 'budgets_project'] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS mark_tally ON %I', v_table);
    EXECUTE format('DROP TRIGGER mark_tally_changed ON %I', v_table);
  END LOOP;
END $$;
DROP FUNCTION performance_mark_tally();
DROP POLICY separation ON performance_tallymark;
DROP POLICY counting ON performance_tallymark;
ALTER TABLE performance_tallymark DISABLE ROW LEVEL SECURITY;
DROP POLICY separation ON performance_tally;
DROP POLICY counting ON performance_tally;
ALTER TABLE performance_tally DISABLE ROW LEVEL SECURITY;
