import type { Pool } from 'pg';
import { decisionClient } from '#test/support/application/decision-client';
import { LinkEdge } from '#test/support/application/link-edge';
import type { Installation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';
import { vi } from 'vitest';

const { release1, release2 } = PEOPLE;

/** A tenant with something in every table that a request reaches, and the ids of what it has. */
export async function victimOf(installation: Installation) {
  const { stores } = installation.replicas[0];
  const tenant = await installation.tenant();
  const active = await tenant.open();
  await tenant.press(release1, { kind: 'claim', bypass: active, on: true });
  await tenant.press(release1, { kind: 'ask', bypass: active, question: 'why?' });
  await tenant.approve(release1, active);
  await tenant.approve(release2, active);
  const ci = await decisionClient(installation.replicas[0], tenant);
  await ci.ask();
  // Noted beside the question, in its own time.
  const isUsed = async () =>
    (await stores.tokens.list(tenant.id)).every((one) => one.lastUsedAt !== null);
  await vi.waitUntil(isUsed, { timeout: 60_000 });
  await tenant.press(release1, { kind: 'withdraw', bypass: active });
  const waiting = await tenant.open();
  const link = await new LinkEdge(installation.replicas[0]).linkOf(tenant, waiting);
  await tenant.settled();
  const ids = await idsOf(installation.database.pool, tenant);
  // One of each form.
  const shapes = [UUID, DIGEST].flatMap(
    (form) => [...ids.values()].find((id) => form.test(id)) ?? [],
  );
  return { tenant, active, waiting, link, ids, shapes };
}

export type Victim = Awaited<ReturnType<typeof victimOf>>;

/** Every row of a tenant, as the superuser sees them. */
export async function rowsOf(
  pool: Pool,
  tenant: Pick<TestTenant, 'id'>,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id'
      ORDER BY 1`,
  );
  const found: Record<string, readonly Row[]> = {};
  for (const { name } of rows) {
    const of = `SELECT to_jsonb(t) AS row FROM app.${name} t WHERE tenant_id = $1 ORDER BY 1`;
    found[name] = (await pool.query<{ row: Row }>(of, [tenant.id])).rows.map(({ row }) => row);
  }
  return found;
}

type Row = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The newest id that stands in each column of each table: none of them is another tenant's. */
async function idsOf(pool: Pool, tenant: TestTenant): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [table, rows] of Object.entries(await rowsOf(pool, tenant)))
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (column !== 'tenant_id' && typeof value === 'string' && isId(value))
          found.set(`${table}.${column}`, value);
  return found;
}

const isId = (text: string): boolean => UUID.test(text) || DIGEST.test(text);

/** One of the same form that names nothing at all. */
export function nobodys(id: string): string {
  return id.replaceAll(/[0-9a-f](?=[0-9a-f-]*$)/g, (digit) =>
    (0xf - Number(`0x${digit}`)).toString(16),
  );
}
