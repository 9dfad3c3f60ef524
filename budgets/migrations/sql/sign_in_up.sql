-- Changes of accounts stand in the trail without names, addresses and what guards them.
CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE OF username, is_active, must_change_password, password_changed_at, session_epoch
  ON budgets_user FOR EACH ROW
  EXECUTE FUNCTION budgets_audit_row('username', 'display_name', 'email', 'password', 'person_key', 'last_login');
CREATE TRIGGER audit_row AFTER INSERT OR DELETE OR UPDATE OF user_id, scopes, networks, expires_at, revoked_at
  ON budgets_accesstoken FOR EACH ROW
  EXECUTE FUNCTION budgets_audit_row('name', 'prefix', 'mark', 'last_used_at');

-- No token lives longer than ninety days, whatever the application says.
ALTER TABLE budgets_accesstoken ADD CONSTRAINT token_lives_ninety_days
  CHECK (expires_at > created_at AND expires_at <= created_at + interval '90 days');
