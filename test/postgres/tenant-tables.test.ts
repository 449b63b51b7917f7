import { testDatabase } from '#test/support/postgres/test-database';
import { unguardedTables } from '#test/support/postgres/unguarded-tables';
import { expect, test } from 'vitest';

const { pool } = await testDatabase();

// The migrations' own list, and what is read before a tenant is known.
const exempt = [
  'migration',
  'token_directory',
  'team_directory',
  'install_directory',
  'sign_in_directory',
  'link_directory',
  'deadline',
];

test('every table of a tenant is guarded', async () => {
  expect(await unguardedTables(pool, exempt)).toEqual([]);
});

test('each missing guard is seen', async () => {
  await pool.query(`
    CREATE TABLE app.trial_bare (id int PRIMARY KEY);
    CREATE TABLE app.trial_good (tenant_id uuid NOT NULL, id int, PRIMARY KEY (tenant_id, id));
    ALTER TABLE app.trial_good ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON app.trial_good USING (tenant_id = app.tenant_id());
    CREATE TABLE app.trial_half (tenant_id uuid NOT NULL, id int, good_id int, good_tenant uuid,
      PRIMARY KEY (tenant_id, id), FOREIGN KEY (good_tenant, good_id) REFERENCES app.trial_good);
    ALTER TABLE app.trial_half ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON app.trial_half USING (true);
  `);
  expect(await unguardedTables(pool, exempt)).toEqual([
    'trial_bare: a policy by app.tenant_id()',
    'trial_bare: a primary key led by tenant_id',
    'trial_bare: a tenant_id that is not null',
    'trial_bare: forced row-level security',
    'trial_half: a policy by app.tenant_id()',
    'trial_half: forced row-level security',
    'trial_half: tenant_id in the foreign key trial_half_good_tenant_good_id_fkey',
  ]);
});
