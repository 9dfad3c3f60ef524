DROP TRIGGER audit_row ON budgets_office;
DROP FUNCTION budgets_event_actor();
ALTER TABLE budgets_auditevent DROP COLUMN xact;
DROP POLICY own ON budgets_idempotencykey;
ALTER TABLE budgets_idempotencykey DISABLE ROW LEVEL SECURITY;
DROP FUNCTION budgets_tell(bigint, text, text, uuid, text, text);
DROP POLICY own ON budgets_notice;
ALTER TABLE budgets_notice DISABLE ROW LEVEL SECURITY;
DROP POLICY auditor ON budgets_auditchange;
DROP POLICY separation ON budgets_auditchange;
ALTER TABLE budgets_auditchange DISABLE ROW LEVEL SECURITY;
DROP POLICY auditor ON budgets_auditevent;
DROP POLICY separation ON budgets_auditevent;
ALTER TABLE budgets_auditevent DISABLE ROW LEVEL SECURITY;
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['budgets_project', 'budgets_funding', 'budgets_expenditurebyfunction', 'budgets_contactperson'] LOOP
    EXECUTE format('DROP POLICY separation ON %I', v_table);
    EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', v_table);
  END LOOP;
END $$;
DROP FUNCTION budgets_separate(text, text);
DROP FUNCTION budgets_my_touched_departments();
DROP FUNCTION budgets_my_units();
DROP FUNCTION budgets_my_departments(text[]);
DROP FUNCTION budgets_holds(bigint, text, bigint, bigint);
DROP FUNCTION budgets_region_stem(text);
DROP FUNCTION budgets_uid();
