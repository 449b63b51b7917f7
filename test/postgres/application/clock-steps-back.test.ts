import { describe, expect, test } from 'vitest';
import { runDueOf } from '#application/deadlines/run-due';
import type { BypassId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance, database } = installation;
const [{ ports }] = installation.replicas;
const STEP_MS = MINUTE_MS;

/** The database's clock is set back between the list of what is due and the judging of it. */
const steppingBack: typeof ports = {
  ...ports,
  store: {
    ...ports.store,
    locked: (tenant, work) =>
      ports.store.locked(tenant, (tx) =>
        work({
          ...tx,
          async dueDeadlines(limit) {
            const due = await tx.dueDeadlines(limit);
            await advance(-STEP_MS);
            return due;
          },
        }),
      ),
  },
};

async function deadlinesOf(bypass: BypassId): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ kind: string }>(
    // That it is looked again who may decide is no step of the request.
    "SELECT kind FROM app.deadline WHERE bypass_id = $1 AND kind <> 'recheck' ORDER BY due_at",
    [bypass],
  );
  return rows.map((row) => row.kind);
}

async function expectNothingLost(tenant: TestTenant, bypass: BypassId): Promise<void> {
  const before = await tenant.types(bypass);
  const deadlines = await deadlinesOf(bypass);
  await runDueOf(steppingBack, tenant.id);
  expect(await tenant.types(bypass)).toEqual(before);
  expect(await deadlinesOf(bypass)).toEqual(deadlines);
  await tenant.due();
  expect(await tenant.types(bypass)).toEqual(before);
  await advance(STEP_MS);
  await tenant.due();
}

describe('a deadline that a clock set back makes early', () => {
  test('stays, and the bypass closes when it is over', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    // Past its warning, which is told.
    await advance(TTL_MS - MINUTE_MS);
    await tenant.due();
    await advance(MINUTE_MS);
    await expectNothingLost(tenant, bypass);
    expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
  });

  test('stays, and more people are asked when it is time', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await advance(5 * MINUTE_MS);
    await expectNothingLost(tenant, bypass);
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.escalated']);
    expect(await deadlinesOf(bypass)).toEqual(['lapse']);
  });

  test('stays, and the request lapses when it has waited long enough', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await advance(5 * MINUTE_MS);
    await tenant.due();
    await advance(25 * MINUTE_MS);
    await expectNothingLost(tenant, bypass);
    expect((await tenant.types(bypass)).at(-1)).toBe('request.lapsed');
  });
});
