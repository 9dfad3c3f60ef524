DROP POLICY auditor ON budgets_auditseal;
DROP POLICY separation ON budgets_auditseal;
DROP POLICY separation ON budgets_auditevent;
CREATE POLICY separation ON budgets_auditevent FOR SELECT
  USING ((SELECT budgets_uid()) = 0 OR chain = ANY ((SELECT budgets_my_departments())::bigint[]));
DROP FUNCTION budgets_reads_whole_trail();
DROP TRIGGER audit_event_sealed ON budgets_auditevent;

CREATE OR REPLACE FUNCTION budgets_event_actor() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_actor bigint;
BEGIN
  SELECT actor_id INTO v_actor FROM budgets_auditevent
    WHERE id = nullif(current_setting('app.event', true), '')::bigint AND xact = pg_current_xact_id();
  IF v_actor IS NULL THEN
    RAISE EXCEPTION '没有留痕的写入被拒绝' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_has_event';
  END IF;
  RETURN v_actor;
END $$;
CREATE OR REPLACE FUNCTION budgets_audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  v_old jsonb; v_new jsonb; v_column text;
BEGIN
  IF TG_OP <> 'INSERT' THEN v_old := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN v_new := to_jsonb(NEW); END IF;
  FOREACH v_column IN ARRAY coalesce(TG_ARGV, '{}'::text[]) LOOP
    v_old := v_old - v_column; v_new := v_new - v_column;
  END LOOP;
  INSERT INTO budgets_auditchange (event_id, at, table_name, row_id, operation, old, new)
  VALUES (nullif(current_setting('app.event', true), '')::bigint, clock_timestamp(), TG_TABLE_NAME,
    (coalesce(v_new, v_old) ->> 'id')::bigint, TG_OP, v_old, v_new);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION budgets_audit_append(
  p_chain bigint, p_actor bigint, p_request text, p_ip inet, p_verb text,
  p_type text, p_object text, p_canonical text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_seq bigint; v_previous text; v_id bigint; v_at timestamptz := clock_timestamp();
BEGIN
  PERFORM pg_advisory_xact_lock(7104, (p_chain % 2147483647)::int);
  SELECT seq, digest INTO v_seq, v_previous FROM budgets_auditevent
    WHERE chain = p_chain ORDER BY seq DESC LIMIT 1;
  v_seq := coalesce(v_seq, 0) + 1;
  v_previous := coalesce(v_previous, repeat('0', 64));
  INSERT INTO budgets_auditevent
    (chain, seq, at, actor_id, request_id, ip, verb, object_type, object_id, canonical, previous, digest)
  VALUES (p_chain, v_seq, v_at, p_actor, p_request, p_ip, p_verb, p_type, p_object, p_canonical, v_previous,
    encode(sha256(convert_to(v_previous || chr(10) || p_chain || chr(10) || v_seq || chr(10) || p_canonical, 'UTF8')), 'hex'))
  RETURNING id INTO v_id;
  PERFORM set_config('app.event', v_id::text, true);
  RETURN v_id;
END $$;

-- The chains as the older digests have them.
CREATE FUNCTION budgets_rechain() RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_event budgets_auditevent; v_chain bigint; v_previous text;
BEGIN
  FOR v_event IN SELECT * FROM budgets_auditevent ORDER BY chain, seq LOOP
    IF v_chain IS DISTINCT FROM v_event.chain THEN
      v_chain := v_event.chain; v_previous := repeat('0', 64);
    END IF;
    v_event.digest := encode(sha256(convert_to(v_previous || chr(10) || v_event.chain || chr(10) || v_event.seq || chr(10) || v_event.canonical, 'UTF8')), 'hex');
    UPDATE budgets_auditevent SET previous = v_previous, digest = v_event.digest WHERE id = v_event.id;
    v_previous := v_event.digest;
  END LOOP;
END $$;
ALTER TABLE budgets_auditevent DISABLE TRIGGER audit_event_append_only;
SELECT budgets_rechain();
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE budgets_auditevent ENABLE TRIGGER audit_event_append_only;
DROP FUNCTION budgets_rechain();

DROP FUNCTION budgets_of_this_transaction(budgets_auditevent);
DROP FUNCTION budgets_seal_at_commit();
DROP FUNCTION budgets_audit_seal(bigint);
DROP INDEX audit_event_of_xact;
DROP TRIGGER audit_seal_append_only ON budgets_auditseal;
DROP FUNCTION budgets_seal_digest(text, int, text);
DROP FUNCTION budgets_event_digest(budgets_auditevent);
DROP FUNCTION budgets_moment(timestamptz);
DROP FUNCTION budgets_field(text);
