import { expect, test } from 'vitest';
import { runDue } from '#application/deadlines/run-due';
import { testInstallation } from '#test/support/application/installation';
import { TTL_MS } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database, people, advance } = installation;
const [{ ports, stores }] = installation.replicas;

/** One look at what is due, as each replica takes it every second. */
async function look(): Promise<number> {
  let failures = 0;
  await runDue({ ...ports, tenants: stores.tenants }, () => void (failures += 1));
  return failures;
}

test('tenants whose deadlines cannot be met keep no other from closing', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await advance(TTL_MS);
  await database.pool.query(
    `INSERT INTO app.deadline (tenant_id, bypass_id, kind, due_at)
      SELECT gen_random_uuid(), gen_random_uuid(), 'expire', app.now() - interval '1 day'
      FROM generate_series(1, 300)`,
  );
  expect(await look()).toBe(300);
  expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
});

test('escalations that wait for the workspace keep no bypass from closing', async () => {
  const tenant = await installation.tenant();
  const waiting = await tenant.open();
  const bypass = await tenant.activate();
  await database.pool.query(
    `INSERT INTO app.deadline (tenant_id, bypass_id, kind, due_at)
      SELECT $1, $2, 'escalate', app.now() - interval '1 minute' - i * interval '1 second'
      FROM generate_series(1, 300) AS i`,
    [tenant.id, waiting],
  );
  await advance(TTL_MS);
  people.failing = true;
  await look();
  expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
});

test('deadlines of a later version are left to it, and keep nothing from closing', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await advance(TTL_MS);
  await database.pool.query(`ALTER TABLE app.deadline DROP CONSTRAINT deadline_kind_check`);
  await database.pool.query(
    `INSERT INTO app.deadline (tenant_id, bypass_id, kind, due_at)
      SELECT $1, $2, 'of-tomorrow', app.now() - i * interval '1 second' FROM generate_series(1, 300) AS i`,
    [tenant.id, bypass],
  );
  const failed: string[] = [];
  const left: string[] = [];
  const again = () =>
    runDue(
      { ...ports, tenants: stores.tenants },
      (of) => void failed.push(of),
      (of) => void left.push(of),
    );
  await again();
  expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
  await again();
  expect(failed).not.toContain(tenant.id);
  expect(left).toEqual([tenant.id]);
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS count FROM app.deadline WHERE kind = 'of-tomorrow'`,
  );
  expect(rows).toEqual([{ count: 300 }]);
});
