import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Transaction } from '#postgres/transaction';
import { withoutTenant, withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database } = installation;
const [{ pool, stores }] = installation.replicas;

/** What is read before a tenant is known, each with everything that it says. */
const DIRECTORIES: Readonly<Record<string, readonly string[]>> = {
  deadline: ['about', 'bypass_id', 'due_at', 'kind', 'retry_at', 'tenant_id', 'tries'],
  install_directory: ['hash', 'tenant_id'],
  link_directory: ['hash', 'tenant_id'],
  sign_in_directory: ['hash', 'prepared_id', 'tenant_id'],
  team_directory: ['enterprise', 'kind', 'team', 'tenant_id'],
  token_directory: ['hash', 'tenant_id', 'token_id'],
};
const names = Object.keys(DIRECTORIES);

/** An INSERT of a row for the tenant `$1`, another one at each call. */
const added: Readonly<Record<string, () => string>> = {
  deadline: () =>
    `INSERT INTO app.deadline VALUES ($1, '${randomUUID()}', 'remind', '', app.now())`,
  install_directory: () => `INSERT INTO app.install_directory VALUES (${hash()}, $1)`,
  link_directory: () => `INSERT INTO app.link_directory VALUES (${hash()}, $1)`,
  sign_in_directory: () =>
    `INSERT INTO app.sign_in_directory VALUES (${hash()}, $1, '${randomUUID()}')`,
  team_directory: () => `INSERT INTO app.team_directory VALUES ('${randomUUID()}', $1)`,
  token_directory: () =>
    `INSERT INTO app.token_directory VALUES (${hash()}, $1, '${randomUUID()}')`,
};

const hash = () => `'\\x${randomBytes(32).toString('hex')}'`;
const addedTo = (name: string): string => added[name]?.() ?? '';

/** A tenant with a row in each directory, and in much else. */
async function known(): Promise<TestTenant> {
  const tenant = await installation.tenant();
  await tenant.activate();
  await stores.tokens.create(tenant.id, { name: 'ci', gate: 'image-policy', service: null });
  await withTenant(pool, tenant.id, 'breakglass_app', async ({ client }) => {
    for (const name of ['install_directory', 'link_directory', 'sign_in_directory'])
      await client.query(addedTo(name), [tenant.id]);
  });
  return tenant;
}

async function contents({ id }: TestTenant): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const all = `SELECT to_jsonb(t) AS row FROM app.${name} t WHERE tenant_id = $1 ORDER BY 1`;
    found[name] = (await database.pool.query(all, [id])).rows;
  }
  return found;
}

/** How many rows a statement wrote; its code where it was refused. */
const written =
  (text: string, values: readonly string[]) =>
  async ({ client }: Transaction): Promise<number | string> => {
    await client.query('SAVEPOINT before');
    try {
      return (await client.query(text, [...values])).rowCount ?? 0;
    } catch (error) {
      await client.query('ROLLBACK TO before');
      return String(Object(error).code);
    }
  };

test('before a tenant is known, directories alone show rows, and no more than whose something is', async () => {
  await known();
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'app'::regnamespace
      AND relkind IN ('r', 'p', 'v', 'm')
      AND has_any_column_privilege('breakglass_app', oid, 'SELECT') ORDER BY 1`,
  );
  expect(rows.length).toBeGreaterThan(names.length);
  const shown: Record<string, readonly string[]> = {};
  for (const { name } of rows)
    await withoutTenant(pool, 'breakglass_app', async ({ client }) => {
      const [row] = (await client.query<object>(`SELECT * FROM app.${name} LIMIT 1`)).rows;
      if (row !== undefined) shown[name] = Object.keys(row).toSorted();
    });
  expect(shown).toEqual(DIRECTORIES);
});

const columns = names.flatMap((name) =>
  (DIRECTORIES[name] ?? []).map((one) => [name, one] as const),
);
/** How many are overdue, and for how long, is measured of all tenants together. */
const counted = ['deadline.due_at', 'deadline.retry_at'];

test.each(columns)('whoever only takes jobs reads of %s no %s', async (name, column) => {
  const read = withoutTenant(pool, 'breakglass_jobs', ({ client }) =>
    client.query(`SELECT ${column} FROM app.${name}`),
  );
  if (counted.includes(`${name}.${column}`)) await expect(read).resolves.toBeDefined();
  else await expect(read).rejects.toMatchObject({ code: '42501' });
});

test.each(names)('no other tenant, and nobody without one, writes a row of %s', async (name) => {
  const of = await known();
  const other = await installation.tenant();
  const before = await contents(of);
  const add = written(addedTo(name), [of.id]);
  const writes = [
    add,
    written(`DELETE FROM app.${name} WHERE tenant_id = $1`, [of.id]),
    written(`UPDATE app.${name} SET tenant_id = $1`, [other.id]),
  ];
  for (const write of writes)
    for (const outcome of [
      await withTenant(pool, other.id, 'breakglass_app', write),
      await withoutTenant(pool, 'breakglass_app', write),
    ])
      expect([0, '42501']).toContain(outcome);
  expect(await contents(of)).toEqual(before);
  // The tenant itself may add it: what was refused is not the row.
  await withTenant(pool, of.id, 'breakglass_app', async (transaction) => {
    expect(await add(transaction)).toBe(1);
    await transaction.client.query('ROLLBACK TO before');
  });
});
