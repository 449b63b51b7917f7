-- What questions of gates are judged by first, several at once, in one round trip: whose each token
-- is, and what that tenant has open at the gate. It runs as the application's role and as no other, so
-- row-level security shows it one tenant at a time: the one that the directory names for the token. It
-- decides nothing: what it gives is a superset of what may match, and a bypass is judged again where it
-- is annotated.
CREATE FUNCTION app.first_looks(
  token_hashes bytea[],
  asked_gates text[],
  -- What each deploy is called, and its key where a bypass opens several gates.
  asked_deploys text[],
  asked_members text[],
  OUT place int,
  OUT tenant_id uuid,
  OUT token_id uuid,
  OUT lineage uuid,
  OUT gate text,
  OUT service text,
  OUT used_now boolean,
  OUT policy_digest text,
  -- NULL where nothing is open.
  OUT open jsonb,
  -- Whether the deploy is to be stopped.
  OUT pending boolean,
  OUT now_ms bigint
) RETURNS SETOF record
  LANGUAGE plpgsql VOLATILE
  -- Each of its queries has one good plan; looking for a better one takes longer than the query.
  SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict error
DECLARE
  -- Whose `policy_digest` and `open` are, and at which gate.
  known_tenant uuid;
  known_gate text;
BEGIN
  -- A superuser would see past row-level security.
  IF current_user <> 'breakglass_app' THEN
    RAISE insufficient_privilege USING MESSAGE = 'first looks are for the role breakglass_app alone';
  END IF;
  FOR i IN 1 .. cardinality(token_hashes) LOOP
    SELECT d.tenant_id, d.token_id, i, set_config('app.tenant', d.tenant_id::text, true)
      INTO tenant_id, token_id, place
      FROM app.token_directory d WHERE d.hash = token_hashes[i];
    CONTINUE WHEN NOT FOUND;
    SELECT t.gate, t.service,
        -- The version before writes no lineage.
        coalesce(t.lineage_id, t.token_id),
        -- On the database's clock, so that a replica whose own clock is off writes no more often.
        coalesce(t.last_used_at > app.now() - interval '1 minute', false),
        EXISTS (SELECT FROM app.lease l
          WHERE l.tenant_id = t.tenant_id AND l.deploy IN (asked_deploys[i], asked_members[i])
            AND l.pending)
      INTO gate, service, lineage, used_now, pending
      FROM app.api_token t
      WHERE t.tenant_id = first_looks.tenant_id AND t.token_id = first_looks.token_id
        AND t.kind = 'gate' AND t.revoked_at IS NULL
        AND NOT coalesce(t.expires_at <= app.now(), false);
    CONTINUE WHEN NOT FOUND;
    -- All were asked before this call began, so what is read once in it serves each of them.
    IF tenant_id IS DISTINCT FROM known_tenant OR asked_gates[i] IS DISTINCT FROM known_gate THEN
      SELECT n.policy_digest,
          (SELECT jsonb_agg(jsonb_build_object('id', b.bypass_id, 'gate', b.gate, 'gates', b.gates,
              'service', b.service, 'environment', b.environment, 'branch', b.branch,
              'artifact', b.artifact, 'severity', b.severity, 'policy', b.policy_digest,
              'drill', b.drill, 'ttl', b.ttl_ms, 'expires', b.expires_at,
              'activation', b.activation_digest))
            FROM app.bypass b
            WHERE b.tenant_id = n.tenant_id AND b.phase = 'active'
              AND (b.gate = asked_gates[i] OR b.gates IS NOT NULL)),
          n.tenant_id, asked_gates[i]
        INTO policy_digest, open, known_tenant, known_gate
        FROM app.tenant n WHERE n.tenant_id = first_looks.tenant_id;
    END IF;
    -- The clock last: nothing read before it can make an answer outlive its bypass.
    now_ms := floor(extract(epoch FROM app.now()) * 1000)::bigint;
    RETURN NEXT;
  END LOOP;
  -- What follows in the same transaction belongs to none of these tenants.
  PERFORM set_config('app.tenant', '', true);
END
$$;
REVOKE ALL ON FUNCTION app.first_looks(bytea[], text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.first_looks(bytea[], text[], text[], text[]) TO breakglass_app;

-- A deploy says that it ended without naming its bypass, and leases stay.
CREATE INDEX lease_deploy ON app.lease (tenant_id, deploy);
