-- ── canonical texts and digests ─────────────────────────────────────────────────────────────────
-- A field of a canonical text: its length in bytes, a colon, the text; a lone dash where there is
-- none. No field can run into the next, so equal texts mean equal rows.
CREATE FUNCTION budgets_field(p_text text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT coalesce(octet_length(p_text) || ':' || p_text, '-') $$;
CREATE FUNCTION budgets_moment(p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- Everything that stands in an event, and the seal of the event before it.
CREATE FUNCTION budgets_event_digest(e budgets_auditevent) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to('event' || budgets_field(e.previous) || budgets_field(e.id::text) || budgets_field(e.chain::text)
    || budgets_field(e.seq::text) || budgets_field(budgets_moment(e.at)) || budgets_field(e.actor_id::text) || budgets_field(e.request_id)
    || budgets_field(e.ip::text) || budgets_field(e.verb) || budgets_field(e.object_type) || budgets_field(e.object_id)
    || budgets_field(e.xact::text) || budgets_field(e.canonical), 'UTF8')), 'hex')
$$;
-- The event and all rows changed in its name.
CREATE FUNCTION budgets_seal_digest(p_digest text, p_changes int, p_changes_digest text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to('seal' || budgets_field(p_digest) || budgets_field(p_changes::text) || budgets_field(p_changes_digest), 'UTF8')), 'hex')
$$;

-- ── the seals ──────────────────────────────────────────────────────────────────────────────────
REVOKE INSERT, UPDATE, DELETE ON budgets_auditseal FROM perf_app;
GRANT SELECT ON budgets_auditseal TO perf_auditor;
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON budgets_auditseal
  FOR EACH STATEMENT EXECUTE FUNCTION budgets_refuse();
-- The newest event of a transaction is looked up at every append.
CREATE INDEX audit_event_of_xact ON budgets_auditevent (xact, id);

CREATE FUNCTION budgets_audit_seal(p_event bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v_changes int; v_over text;
BEGIN
  IF EXISTS (SELECT 1 FROM budgets_auditseal WHERE event_id = p_event) THEN RETURN; END IF;
  SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
      budgets_field(c.id::text) || budgets_field(budgets_moment(c.at)) || budgets_field(c.table_name) || budgets_field(c.row_id::text)
      || budgets_field(c.operation) || budgets_field(c.old::text) || budgets_field(c.new::text), '' ORDER BY c.id), ''), 'UTF8')), 'hex')
    INTO v_changes, v_over FROM budgets_auditchange c WHERE c.event_id = p_event;
  INSERT INTO budgets_auditseal (event_id, changes, changes_digest, digest)
    SELECT e.id, v_changes, v_over, budgets_seal_digest(e.digest, v_changes, v_over) FROM budgets_auditevent e WHERE e.id = p_event;
END $$;
REVOKE ALL ON FUNCTION budgets_audit_seal FROM PUBLIC;

CREATE FUNCTION budgets_seal_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM budgets_audit_seal(NEW.id);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION budgets_seal_at_commit FROM PUBLIC;

-- ── appending ──────────────────────────────────────────────────────────────────────────────────
-- Whether an event was written by the running transaction. A database restored elsewhere counts its
-- transactions anew: the time tells an old event from one of now.
CREATE FUNCTION budgets_of_this_transaction(e budgets_auditevent) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT e.xact = pg_current_xact_id() AND e.at >= transaction_timestamp() $$;

CREATE OR REPLACE FUNCTION budgets_audit_append(
  p_chain bigint, p_actor bigint, p_request text, p_ip inet, p_verb text,
  p_type text, p_object text, p_canonical text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_event budgets_auditevent;
BEGIN
  -- What the transaction did before belongs to its event before, which ends here.
  SELECT * INTO v_event FROM budgets_auditevent e WHERE e.xact = pg_current_xact_id() ORDER BY e.id DESC LIMIT 1;
  IF FOUND AND budgets_of_this_transaction(v_event) THEN
    PERFORM budgets_audit_seal(v_event.id);
  END IF;
  v_event := NULL;
  PERFORM pg_advisory_xact_lock(7104, (p_chain % 2147483647)::int);
  SELECT e.seq, coalesce(s.digest, e.digest) INTO v_event.seq, v_event.previous
    FROM budgets_auditevent e LEFT JOIN budgets_auditseal s ON s.event_id = e.id
    WHERE e.chain = p_chain ORDER BY e.seq DESC LIMIT 1;
  v_event.id := nextval('budgets_auditevent_id_seq');
  v_event.chain := p_chain;
  v_event.seq := coalesce(v_event.seq, 0) + 1;
  v_event.previous := coalesce(v_event.previous, repeat('0', 64));
  v_event.at := clock_timestamp();
  v_event.xact := pg_current_xact_id();
  v_event.actor_id := p_actor;
  v_event.request_id := p_request;
  v_event.ip := p_ip;
  v_event.verb := p_verb;
  v_event.object_type := p_type;
  v_event.object_id := p_object;
  v_event.canonical := p_canonical;
  v_event.digest := budgets_event_digest(v_event);
  INSERT INTO budgets_auditevent SELECT v_event.*;
  PERFORM set_config('app.event', v_event.id::text, true);
  RETURN v_event.id;
END $$;

-- One change for every changed row, in the name of the event at hand, as long as it is not sealed.
-- What is written without an event gets one of its own, in chain -1, that says so.
CREATE OR REPLACE FUNCTION budgets_audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  v_old jsonb; v_new jsonb; v_column text; v_holds boolean;
  v_event bigint := nullif(current_setting('app.event', true), '')::bigint;
BEGIN
  IF v_event IS NULL THEN
    v_holds := NOT EXISTS (SELECT 1 FROM budgets_auditevent e WHERE e.xact = pg_current_xact_id() AND budgets_of_this_transaction(e));
  ELSE
    v_holds := EXISTS (SELECT 1 FROM budgets_auditevent e WHERE e.id = v_event AND budgets_of_this_transaction(e)
      AND NOT EXISTS (SELECT 1 FROM budgets_auditseal s WHERE s.event_id = e.id));
  END IF;
  IF NOT v_holds THEN
    RAISE EXCEPTION '没有留痕的写入被拒绝' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_has_event';
  END IF;
  IF v_event IS NULL THEN
    v_event := budgets_audit_append(-1, NULL, '', NULL, 'direct_write', 'account', coalesce(budgets_uid()::text, ''),
      format('{"actor":null,"detail":{"role":"%s"},"object":["account","%s"],"verb":"direct_write"}', session_user, coalesce(budgets_uid()::text, '')));
  END IF;
  IF TG_OP <> 'INSERT' THEN v_old := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN v_new := to_jsonb(NEW); END IF;
  FOREACH v_column IN ARRAY coalesce(TG_ARGV, '{}'::text[]) LOOP
    v_old := v_old - v_column; v_new := v_new - v_column;
  END LOOP;
  INSERT INTO budgets_auditchange (event_id, at, table_name, row_id, operation, old, new)
  VALUES (v_event, clock_timestamp(), TG_TABLE_NAME, (coalesce(v_new, v_old) ->> 'id')::bigint, TG_OP, v_old, v_new);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION budgets_event_actor() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_actor bigint;
BEGIN
  SELECT e.actor_id INTO v_actor FROM budgets_auditevent e
    WHERE e.id = nullif(current_setting('app.event', true), '')::bigint AND budgets_of_this_transaction(e)
      AND NOT EXISTS (SELECT 1 FROM budgets_auditseal s WHERE s.event_id = e.id);
  IF v_actor IS NULL THEN
    RAISE EXCEPTION '没有留痕的写入被拒绝' USING ERRCODE = 'check_violation', CONSTRAINT = 'write_has_event';
  END IF;
  RETURN v_actor;
END $$;

-- ── what is there already ───────────────────────────────────────────────────────────────────────
-- Changes without an event get one; every chain is linked and sealed anew.
CREATE FUNCTION budgets_rechain() RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_event budgets_auditevent; v_chain bigint; v_previous text;
BEGIN
  IF EXISTS (SELECT 1 FROM budgets_auditchange WHERE event_id IS NULL) THEN
    UPDATE budgets_auditchange SET event_id = budgets_audit_append(-1, NULL, '', NULL, 'direct_write', 'account', '0',
      '{"actor":null,"detail":{"role":"before"},"object":["account","0"],"verb":"direct_write"}') WHERE id = (SELECT min(id) FROM budgets_auditchange WHERE event_id IS NULL);
    UPDATE budgets_auditchange SET event_id = current_setting('app.event')::bigint WHERE event_id IS NULL;
  END IF;
  FOR v_event IN SELECT * FROM budgets_auditevent ORDER BY chain, seq LOOP
    IF v_chain IS DISTINCT FROM v_event.chain THEN
      v_chain := v_event.chain; v_previous := repeat('0', 64);
    END IF;
    v_event.previous := v_previous;
    v_event.digest := budgets_event_digest(v_event);
    UPDATE budgets_auditevent SET previous = v_event.previous, digest = v_event.digest WHERE id = v_event.id;
    DELETE FROM budgets_auditseal WHERE event_id = v_event.id;
    PERFORM budgets_audit_seal(v_event.id);
    SELECT digest INTO v_previous FROM budgets_auditseal WHERE event_id = v_event.id;
  END LOOP;
  PERFORM set_config('app.event', '', true);
END $$;
ALTER TABLE budgets_auditevent DISABLE TRIGGER audit_event_append_only;
ALTER TABLE budgets_auditchange DISABLE TRIGGER audit_change_append_only;
ALTER TABLE budgets_auditseal DISABLE TRIGGER audit_seal_append_only;
SELECT budgets_rechain();
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE budgets_auditevent ENABLE TRIGGER audit_event_append_only;
ALTER TABLE budgets_auditchange ENABLE TRIGGER audit_change_append_only;
ALTER TABLE budgets_auditseal ENABLE TRIGGER audit_seal_append_only;
DROP FUNCTION budgets_rechain();
CREATE CONSTRAINT TRIGGER audit_event_sealed AFTER INSERT ON budgets_auditevent DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION budgets_seal_at_commit();

-- ── who reads ──────────────────────────────────────────────────────────────────────────────────
-- Auditors read the chains of their region's departments, audit administrators all of the trail.
CREATE FUNCTION budgets_reads_whole_trail() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM budgets_member m JOIN budgets_user u ON u.id = m.user_id AND u.is_active
    WHERE m.user_id = budgets_uid() AND m.role = 'audit_admin')
$$;
REVOKE ALL ON FUNCTION budgets_reads_whole_trail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgets_reads_whole_trail TO perf_app, perf_auditor;
DROP POLICY separation ON budgets_auditevent;
CREATE POLICY separation ON budgets_auditevent FOR SELECT USING ((SELECT budgets_uid()) = 0
  OR (SELECT budgets_reads_whole_trail()) OR chain = ANY ((SELECT budgets_my_departments(ARRAY['auditor']))::bigint[]));
ALTER TABLE budgets_auditseal ENABLE ROW LEVEL SECURITY;
CREATE POLICY separation ON budgets_auditseal FOR SELECT
  USING ((SELECT budgets_uid()) = 0 OR EXISTS (SELECT 1 FROM budgets_auditevent e WHERE e.id = event_id));
CREATE POLICY auditor ON budgets_auditseal FOR SELECT TO perf_auditor USING (true);
