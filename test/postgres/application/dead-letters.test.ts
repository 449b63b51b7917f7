import { describe, expect, test, vi } from 'vitest';
import { raiseDeadLetters } from '#application/alarms/raise-dead-letters';
import { QUEUES, type Queue } from '#application/ports/queues';
import type { TenantId } from '#domain/ids';
import { deadLetterQueue } from '#postgres/jobs';
import { measurements } from '#postgres/store/measurements';
import { withTenant, withoutTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const INSUFFICIENT_PRIVILEGE = '42501';

const installation = await testInstallation();
const { world, database } = installation;
const { advance } = installation;
const [{ pool, jobs, stores }] = installation.replicas;
const deadLetters = { countOf: (tenant: TenantId) => jobs.deadLetters(QUEUES, { tenant }) };

const look = ({ id }: TestTenant) => raiseDeadLetters({ alarms: stores.alarms, deadLetters }, id);

/** What a job of this queue leaves when it failed for the last time. */
const leaveDead = ({ id: tenant }: TestTenant, queue: Queue) =>
  withTenant(pool, tenant, 'breakglass_app', (transaction) =>
    jobs.sendIn(transaction, deadLetterQueue(queue), { tenant, id: 'x' }),
  );

const putBack = async ({ id }: TestTenant) => {
  await database.pool.query(
    `DELETE FROM pgboss.job WHERE name LIKE '%.dead' AND data->>'tenant' = $1`,
    [id],
  );
};

/** What the security channel and the log were told, in order. */
async function told(tenant: TestTenant) {
  await tenant.settled();
  return world.logged
    .filter(({ code }) => code === 'jobs-dead-lettered')
    .map(({ about, clearedAt }) => `${about['queue']} ${clearedAt === null ? 'stands' : 'over'}`);
}

test('jobs that nobody will try again are an alarm of their tenant, once, until they are gone', async () => {
  const tenant = await installation.tenant();
  const other = await installation.tenant();
  await look(tenant);
  expect(await told(tenant)).toEqual([]);

  await leaveDead(tenant, 'note');
  await leaveDead(tenant, 'note');
  await look(other);
  expect(await told(other)).toEqual([]);
  await look(tenant);
  await look(tenant);
  expect(await told(tenant)).toEqual(['note stands']);
  expect(world.logged.at(-1)?.about).toEqual({ queue: 'note', jobs: 2 });

  // Another queue is another alarm; more of the same are none.
  await leaveDead(tenant, 'note');
  await leaveDead(tenant, 'alarm');
  await look(tenant);
  expect(await told(tenant)).toEqual(['note stands', 'alarm stands']);

  await putBack(tenant);
  await look(tenant);
  expect((await told(tenant)).slice(2).toSorted()).toEqual(['alarm over', 'note over']);
});

describe('what is measured', () => {
  const measured = measurements(pool);

  test('is summed over all tenants, drills aside', async () => {
    const before = await measured();
    const [one, other] = [await installation.tenant(), await installation.tenant()];
    await one.open();
    await one.activate();
    await other.activate();
    await other.open({ drill: true });
    await leaveDead(one, 'note');
    const after = await measured();
    expect(after.waiting - before.waiting).toBe(1);
    expect(after.active - before.active).toBe(2);
    expect(after.tenants - before.tenants).toBe(2);
    const logged = [...(await one.types()), ...(await other.types())].length;
    expect(after.entries - before.entries).toBe(logged);

    // An expiry that nobody has recorded yet: the gate enforces, and the deadline is late.
    await advance(TTL_MS + 5_000);
    const late = await measured();
    expect(late.active).toBe(before.active);
    expect(late.unclosed - before.unclosed).toBe(2);
    expect(late.overdue).toBeGreaterThanOrEqual(2);
    expect(late.overdueS).toBeGreaterThanOrEqual(5);
    await putBack(one);
  });

  test('has each queue and each alarm that stands', async () => {
    const tenant = await installation.tenant();
    await leaveDead(tenant, 'home');
    await look(tenant);
    // The queue counts by itself, every few seconds.
    await vi.waitFor(
      async () => {
        const { queues, alarms } = await measured();
        expect(queues.map(({ queue }) => queue)).toEqual([...QUEUES].toSorted());
        expect(queues.find(({ queue }) => queue === 'home')?.dead).toBe(1);
        expect(alarms).toContainEqual({ code: 'jobs-dead-lettered', standing: 1 });
      },
      { timeout: 25_000, interval: 250 },
    );
    await putBack(tenant);
    await look(tenant);
  });

  test('counts approvals that stay provisional until they are attested', async () => {
    const tenant = await installation.tenant();
    const before = await measured();
    installation.attester.fault = 'unavailable';
    await tenant.activate();
    const during = await measured();
    expect(during.provisional - before.provisional).toBe(2);
    installation.attester.fault = null;
    await tenant.hurry();
    expect((await measured()).provisional).toBe(before.provisional);
  });

  test.each([
    'SELECT tenant_id FROM app.bypass',
    'SELECT gate FROM app.bypass',
    'SELECT requester FROM app.bypass',
    'SELECT name FROM app.destination',
    'SELECT about FROM app.alarm',
    'SELECT origin FROM app.log_head',
    'SELECT bypass_id FROM app.deadline',
    'SELECT statement FROM app.log_entry',
  ])('whoever measures reads no more than that: %s', async (text) => {
    const read = withoutTenant(pool, 'breakglass_jobs', ({ client }) => client.query(text));
    await expect(read).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });
});
