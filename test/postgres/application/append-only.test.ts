import { expect, test } from 'vitest';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import { unguardedTables } from '#test/support/postgres/unguarded-tables';

const installation = await testInstallation({ working: false });
const { pool } = installation.database;

const logTables = ['log_entry', 'log_opening', 'log_node', 'log_checkpoint', 'attested', 'policy'];
const roles = ['breakglass_app', 'breakglass_jobs'] as const;
const columnOf: Readonly<Record<string, string>> = { policy: 'document', attested: 'index' };

const cases = roles.flatMap((role) => logTables.map((table) => [role, table] as const));

test.each(cases)('%s cannot change what stands in %s', async (role, table) => {
  const tenant = await installation.tenant();
  const column = columnOf[table] ?? 'tenant_id';
  const changes = [
    `UPDATE app.${table} SET ${column} = ${column}`,
    `DELETE FROM app.${table}`,
    `TRUNCATE app.${table}`,
    `ALTER TABLE app.${table} DISABLE ROW LEVEL SECURITY`,
    `DROP TABLE app.${table}`,
  ];
  for (const change of changes)
    await expect(
      withTenant(pool, tenant.id, role, ({ client }) => client.query(change)),
    ).rejects.toMatchObject({ code: '42501' });
});

test.each(roles)('%s cannot move the clock or lift the isolation', async (role) => {
  const tenant = await installation.tenant();
  const changes = [
    `CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql RETURN now()`,
    `SELECT app.isolate('log_entry')`,
    `DROP POLICY tenant ON app.log_entry`,
    `DELETE FROM app.log_head`,
    `DELETE FROM app.bypass`,
    `DELETE FROM app.press`,
  ];
  for (const change of changes)
    await expect(
      withTenant(pool, tenant.id, role, ({ client }) => client.query(change)),
    ).rejects.toMatchObject({ code: '42501' });
});

test('an entry cannot be written over, nor behind the head twice', async () => {
  const tenant = await installation.tenant();
  const insert = `INSERT INTO app.log_entry SELECT * FROM app.log_entry WHERE index = 0`;
  await expect(
    withTenant(pool, tenant.id, 'breakglass_app', ({ client }) => client.query(insert)),
  ).rejects.toMatchObject({ code: '23505' });
});

test('every table of a tenant that is in use is guarded', async () => {
  const exempt = [
    'migration',
    'token_directory',
    'team_directory',
    'sign_in_directory',
    'link_directory',
    'install_directory',
    'deadline',
  ];
  expect(await unguardedTables(pool, exempt)).toEqual([]);
});
