import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { TenantId } from '#domain/ids';
import { GATE } from './first-tenant.ts';

const AT_ONCE = 50_000;

/**
 * Closed bypasses as their commits leave them, each with one deploy: the state of the chain, its row
 * by column and the lease. Their entries are not made: no decision reads them.
 */
export async function closedBypasses(
  pool: Pool,
  tenant: TenantId,
  from: number,
  to: number,
): Promise<void> {
  for (let first = from; first < to; first += AT_ONCE) {
    const last = Math.min(first + AT_ONCE, to) - 1;
    for (const text of [CHAINS, BYPASSES, LEASES])
      await pool.query(text, [tenant, first, last, ...(text === BYPASSES ? [GATE] : [])]);
    told(`${last + 1} closed bypasses`);
  }
  await settled(pool);
}

const ID = `('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

const CHAINS = `
  INSERT INTO app.chain (tenant_id, chain_id, state, semantics)
  SELECT $1, ${ID}, jsonb_build_object('id', ${ID}, 'drill', false, 'filler', repeat('state', 300)), 1
    FROM generate_series($2::int, $3::int) AS n`;

const BYPASSES = `
  INSERT INTO app.bypass (tenant_id, bypass_id, chain_id, phase, gate, service, environment, drill,
    requester, policy_digest, request_digest, activation_digest, opened_at, ttl_ms, expires_at, ended_at)
  SELECT $1, ${ID}, ${ID}, 'closed', $4, 'checkout', 'production', false, ${ID},
      (SELECT policy_digest FROM app.tenant WHERE tenant_id = $1), 'sha256:' || md5(n::text),
      'sha256:' || md5('a' || n), at, 900000, at + interval '15 minutes', at + interval '10 minutes'
    FROM (SELECT n, now() - interval '1 year' + n * interval '20 seconds' AS at
      FROM generate_series($2::int, $3::int) AS n)`;

const LEASES = `
  INSERT INTO app.lease (tenant_id, bypass_id, deploy, until)
  SELECT $1, ${ID}, 'old-' || n || '#1', now() - interval '1 day'
    FROM generate_series($2::int, $3::int) AS n`;

/** Further tenants with the policy of the first, its log's head and nothing else. */
export async function moreTenants(
  pool: Pool,
  first: TenantId,
  from: number,
  to: number,
): Promise<readonly string[]> {
  const ids = `SELECT md5('tenant' || n)::uuid AS id, n FROM generate_series($2::int, $3::int) AS n`;
  const given = [first, from, to - 1];
  const texts = [
    `INSERT INTO app.tenant (tenant_id, name) SELECT id, 'bench-' || n FROM (${ids}) WHERE $1::uuid IS NOT NULL`,
    `INSERT INTO app.policy (tenant_id, digest, content, directory, document)
     SELECT ids.id, digest, content, directory, document FROM app.policy, (${ids}) AS ids WHERE tenant_id = $1`,
    `UPDATE app.tenant SET policy_digest = (SELECT policy_digest FROM app.tenant WHERE tenant_id = $1)
      FROM (${ids}) AS ids WHERE tenant_id = ids.id`,
    `INSERT INTO app.log_head (tenant_id, origin, size, peaks)
     SELECT id, 'bench.example/' || n, 0, '{}' FROM (${ids}) WHERE $1::uuid IS NOT NULL`,
  ];
  for (const text of texts) await pool.query(text, given);
  const { rows } = await pool.query<{ id: string }>(`${ids} WHERE $1::uuid IS NOT NULL`, given);
  told(`${to} tenants`);
  await settled(pool);
  return rows.map(({ id }) => id);
}

/** So many tokens for the gate, one tenant behind the other. */
export async function tokensFor(
  pool: Pool,
  tenants: readonly string[],
  count: number,
): Promise<readonly string[]> {
  const tokens = Array.from({ length: count }, () => `bg_${randomBytes(32).toString('base64url')}`);
  const owners = tokens.map((_, place) => tenants[place % tenants.length]);
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest());
  await pool.query(
    `WITH made AS (
       SELECT owner, hash, gen_random_uuid() AS id FROM unnest($1::uuid[], $2::bytea[]) AS t(owner, hash)
     ), directory AS (
       INSERT INTO app.token_directory (hash, tenant_id, token_id) SELECT hash, owner, id FROM made
     )
     INSERT INTO app.api_token (tenant_id, token_id, name, prefix, gate)
     SELECT owner, id, 'bench', 'bg_bench', $3 FROM made`,
    [owners, hashes, GATE],
  );
  await settled(pool);
  return tokens;
}

/** What autovacuum and the checkpointer would otherwise do while it is measured. */
async function settled(pool: Pool): Promise<void> {
  await pool.query('VACUUM ANALYZE');
  await pool.query('CHECKPOINT');
}

const told = (what: string): void => void process.stderr.write(`  ${what}\n`);
