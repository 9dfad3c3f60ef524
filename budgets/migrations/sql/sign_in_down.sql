ALTER TABLE budgets_accesstoken DROP CONSTRAINT token_lives_ninety_days;
DROP TRIGGER audit_row ON budgets_accesstoken;
DROP TRIGGER audit_row ON budgets_user;
