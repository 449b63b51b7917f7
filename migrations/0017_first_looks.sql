-- What questions of gates are judged by first, several at once, in one round trip: whose each token
-- is, and what that tenant has open at the gate. What is asked of one tenant at one gate is looked for
-- and given together. It runs as the application's role and as no other, so row-level security shows it
-- one tenant at a time: the one that the directory names for the tokens. It decides nothing: what it
-- gives is a superset of what may match, and a bypass is judged again where it is annotated.
CREATE FUNCTION app.first_looks(
  token_hashes bytea[],
  asked_gates text[],
  -- What each deploy is called, and its key where a bypass opens several gates.
  asked_deploys text[],
  asked_members text[],
  OUT tenant uuid,
  OUT policy text,
  -- NULL where nothing is open.
  OUT open json,
  -- Of each token that is good: its question's place, the token's id, lineage, gate and service, whether
  -- its use was noted just now, and whether the deploy is to be stopped. NULL where none is good.
  OUT looks json,
  OUT now_ms bigint
) RETURNS SETOF record
  LANGUAGE plpgsql VOLATILE
  -- Each of its queries has one good plan; looking for a better one takes longer than the query.
  SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict error
DECLARE
  asked record;
BEGIN
  -- A superuser would see past row-level security.
  IF current_user <> 'breakglass_app' THEN
    RAISE insufficient_privilege USING MESSAGE = 'first looks are for the role breakglass_app alone';
  END IF;
  FOR asked IN
    SELECT d.tenant_id, q.gate, array_agg(q.place) AS places, array_agg(d.token_id) AS tokens,
        array_agg(q.deploy) AS deploys, array_agg(q.member) AS members
      FROM unnest(token_hashes, asked_gates, asked_deploys, asked_members)
        WITH ORDINALITY AS q (hash, gate, deploy, member, place)
      JOIN app.token_directory d ON d.hash = q.hash
      GROUP BY d.tenant_id, q.gate
  LOOP
    PERFORM set_config('app.tenant', asked.tenant_id::text, true);
    RETURN QUERY
      SELECT n.tenant_id, n.policy_digest,
          (SELECT json_agg(json_build_object('id', b.bypass_id, 'gate', b.gate, 'gates', b.gates,
              'service', b.service, 'environment', b.environment, 'branch', b.branch,
              'artifact', b.artifact, 'severity', b.severity, 'policy', b.policy_digest,
              'drill', b.drill, 'ttl', b.ttl_ms, 'expires', b.expires_at,
              'activation', b.activation_digest))
            FROM app.bypass b
            WHERE b.tenant_id = asked.tenant_id AND b.phase = 'active'
              AND (b.gate = asked.gate OR b.gates IS NOT NULL)),
          (SELECT json_agg(json_build_array(q.place, t.token_id,
              -- The version before writes no lineage.
              coalesce(t.lineage_id, t.token_id), t.gate, t.service,
              -- On the database's clock, so that a replica whose own clock is off writes no more often.
              coalesce(t.last_used_at > app.now() - interval '1 minute', false),
              ARRAY[q.deploy, q.member] && ARRAY(SELECT l.deploy FROM app.lease l
                WHERE l.tenant_id = asked.tenant_id AND l.pending
                  AND l.deploy = ANY (asked.deploys || asked.members))))
            FROM unnest(asked.places, asked.tokens, asked.deploys, asked.members)
              AS q (place, token, deploy, member)
            JOIN app.api_token t ON t.tenant_id = asked.tenant_id AND t.token_id = q.token
            WHERE t.kind = 'gate' AND t.revoked_at IS NULL
              AND NOT coalesce(t.expires_at <= app.now(), false)),
          -- What the statement sees was there when it began, and the clock is read after that: nothing
          -- read before it can make an answer outlive its bypass.
          floor(extract(epoch FROM app.now()) * 1000)::bigint
        FROM app.tenant n WHERE n.tenant_id = asked.tenant_id;
  END LOOP;
  -- What follows in the same transaction belongs to none of these tenants.
  PERFORM set_config('app.tenant', '', true);
END
$$;
REVOKE ALL ON FUNCTION app.first_looks(bytea[], text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.first_looks(bytea[], text[], text[], text[]) TO breakglass_app;

-- A deploy says that it ended without naming its bypass, and leases stay.
CREATE INDEX lease_deploy ON app.lease (tenant_id, deploy);
