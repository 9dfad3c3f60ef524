DROP TRIGGER member_exclusive ON budgets_member;
DROP FUNCTION budgets_member_exclusive();
ALTER TABLE budgets_budgetunit DROP CONSTRAINT budget_unit_parent_same_department;
DO $$
DECLARE v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['budgets_project', 'budgets_funding', 'budgets_expenditurebyfunction', 'budgets_contactperson'] LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', v_table, v_table || '_unit_same_department');
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['budgets_funding', 'budgets_contactperson'] LOOP
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', v_table, v_table || '_project_same_department');
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['budgets_department', 'budgets_budgetunit', 'budgets_member', 'budgets_project',
    'budgets_funding', 'budgets_region', 'budgets_contactperson'] LOOP
    EXECUTE format('DROP TRIGGER audit_row ON %I', v_table);
  END LOOP;
END $$;
DROP TRIGGER audit_event_append_only ON budgets_auditevent;
DROP TRIGGER audit_change_append_only ON budgets_auditchange;
DROP FUNCTION budgets_audit_row();
DROP FUNCTION budgets_audit_append(bigint, bigint, text, inet, text, text, text, text);
DROP FUNCTION budgets_refuse();
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM perf_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE, SELECT ON SEQUENCES FROM perf_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM perf_app, perf_auditor;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM perf_app;
REVOKE USAGE ON SCHEMA public FROM perf_app, perf_bulk, perf_auditor;
