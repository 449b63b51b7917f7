import type { Pool, PoolClient } from 'pg';
import type { TenantId } from '#domain/ids';

/*
 * A year of a large organisation. One tenant's year is made by the product's own commits; that of every
 * other one is a copy of its rows under another tenant's id, in the same tables. So what lies there is
 * as much, as wide and as deep as it would be; but the statements of the copies name the first tenant,
 * and no verifier would take them for theirs. Only logs of tenants of the bench's own are written to.
 */

const COPIED = [
  'policy',
  'person',
  'account',
  'chain',
  'bypass',
  'lease',
  'deadline',
  'surface',
  'log_head',
  'log_entry',
  'log_opening',
  'log_node',
  'log_checkpoint',
];

/** Reviews are days away; whatever is due sooner would have a replica write to logs that are copies. */
const ONLY: Readonly<Record<string, string>> = { deadline: `AND c.kind = 'remind'` };

/** Copies a tenant's year, for the tenants numbered from `from` to below `to`. */
export async function copyYear(
  owner: Pool,
  first: TenantId,
  from: number,
  to: number,
): Promise<void> {
  if (from >= to) return;
  const client = await owner.connect();
  const given = [first, from, to - 1];
  try {
    // What rows refer to was checked in the original, and is copied with them.
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO app.tenant (tenant_id, name, policy_digest)
        SELECT ${ID}, 'year-' || n, c.policy_digest FROM ${NUMBERS}, app.tenant c WHERE c.tenant_id = $1`,
      given,
    );
    for (const table of COPIED) {
      const columns = await columnsOf(client, table);
      const text = `INSERT INTO app.${table} (tenant_id, ${columns.join(', ')})
        SELECT ${ID}, ${columns.map((one) => `c.${one}`).join(', ')}
          FROM ${NUMBERS}, app.${table} c WHERE c.tenant_id = $1 ${ONLY[table] ?? ''}`;
      await client.query(text, given);
    }
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
  await owner.query('VACUUM ANALYZE');
  await owner.query('CHECKPOINT');
}

const ID = `md5('year' || n)::uuid`;
const NUMBERS = 'generate_series($2::int, $3::int) AS n';

async function columnsOf(client: PoolClient, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(column_name) AS name FROM information_schema.columns
      WHERE table_schema = 'app' AND table_name = $1 AND column_name <> 'tenant_id'
        AND is_generated = 'NEVER'`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** How much of everything lies there. */
export interface Sizes {
  readonly tenants: number;
  readonly bypasses: number;
  readonly entries: number;
}

export async function sizesOf(owner: Pool): Promise<Sizes> {
  const { rows } = await owner.query<Sizes>(
    `SELECT (SELECT count(*)::int FROM app.tenant) AS tenants,
      (SELECT count(*)::int FROM app.bypass) AS bypasses,
      (SELECT count(*)::int FROM app.log_entry) AS entries`,
  );
  const [sizes] = rows;
  if (sizes === undefined) throw new RangeError('nothing was counted');
  return sizes;
}
