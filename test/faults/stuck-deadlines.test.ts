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
