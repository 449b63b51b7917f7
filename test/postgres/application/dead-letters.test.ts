import { expect, test } from 'vitest';
import { raiseDeadLetters } from '#application/alarms/raise-dead-letters';
import { QUEUES, type Queue } from '#application/ports/queues';
import type { TenantId } from '#domain/ids';
import { deadLetterQueue } from '#postgres/jobs';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, database } = installation;
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
