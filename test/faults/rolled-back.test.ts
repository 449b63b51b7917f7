import { expect, test } from 'vitest';
import { commitSession } from '#application/commit/commit-session';
import { handlePress } from '#application/press/handle-press';
import { runDueOf } from '#application/deadlines/run-due';
import type { Ports } from '#application/ports/ports';
import type { TenantWrites } from '#application/ports/tenant-store';
import { MINUTE_MS } from '#domain/instant';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database } = installation;
const [replica] = installation.replicas;
const { onCall, release1, release2 } = PEOPLE;

class Killed extends Error {
  override name = 'Killed';
}

const tables =
  'log_entry log_opening log_node log_checkpoint chain bypass deadline asked surface note lease attested'.split(
    ' ',
  );

/** How many rows of a tenant each table has, jobs included. */
async function rowsOf({ id }: TestTenant): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await database.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM app.${table} WHERE tenant_id = $1`,
      [id],
    );
    found[table] = rows[0]?.count ?? -1;
  }
  const jobs = await database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pgboss.job WHERE data->>'tenant' = $1`,
    [id],
  );
  return { ...found, job: jobs.rows[0]?.count ?? -1 };
}

/** Ports whose commits die at the named write, after everything before it was written. */
function dyingAt(write: keyof TenantWrites): Ports {
  const { ports } = replica;
  return {
    ...ports,
    store: {
      read: (tenant, work) => ports.store.read(tenant, work),
      locked: (tenant, work) =>
        ports.store.locked(tenant, (tx) =>
          work({ ...tx, [write]: () => Promise.reject(new Killed()) }),
        ),
    },
  };
}

const writes = [
  'append',
  'saveChain',
  'replaceDeadlines',
  'touchSurfaces',
  'addPage',
  'endPress',
] as const;

test.each(writes)(
  'a request that dies at %s leaves nothing, and is then opened once',
  async (write) => {
    const tenant = await installation.tenant();
    await tenant.press(onCall, { kind: 'withdraw', bypass: await tenant.open() });
    const press = await tenant.storeAlone(onCall, { kind: 'open', form: FORM });
    const before = await rowsOf(tenant);
    await expect(handlePress(dyingAt(write), tenant.id, press)).rejects.toThrow(Killed);
    expect(await rowsOf(tenant)).toEqual(before);
    await handlePress(replica.ports, tenant.id, press);
    await handlePress(replica.ports, tenant.id, press);
    await tenant.settled();
    const opened = (await tenant.types()).filter((one) => one === 'request.opened');
    expect(opened).toHaveLength(2);
  },
);

test.each(writes)('an activation that dies at %s opens no gate', async (write) => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  await tenant.approve(release1, bypass);
  await tenant.press(release2, { kind: 'complete', bypass, outcome: 'enrolled by this' });
  const press = await tenant.storeAlone(release2, { kind: 'approve', bypass, ttlMs: TTL_MS });
  const before = await rowsOf(tenant);
  await expect(handlePress(dyingAt(write), tenant.id, press)).rejects.toThrow(Killed);
  expect(await rowsOf(tenant)).toEqual(before);
  const ci = await decisionClient(replica, tenant);
  expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  await handlePress(replica.ports, tenant.id, press);
  expect((await ci.ask()).decision).toBe('bypass');
});

test.each(['append', 'saveChain', 'endDeadline', 'enqueueReadBack'] as const)(
  'an expiry that dies at %s is met by the next tick, once',
  async (write) => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    // Past its warning, which is told.
    await installation.advance(TTL_MS - MINUTE_MS);
    await tenant.due();
    await installation.advance(MINUTE_MS);
    const before = await rowsOf(tenant);
    await expect(runDueOf(dyingAt(write), tenant.id)).rejects.toThrow();
    expect(await rowsOf(tenant)).toEqual(before);
    await tenant.due();
    expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
  },
);

test.each(['append', 'saveChain', 'renewLeases'] as const)(
  'an annotation that dies at %s answers enforce and leaves nothing',
  async (write) => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const ci = await decisionClient(
      { ...replica, ports: { ...replica.ports, ...dyingAt(write) } },
      tenant,
    );
    const before = await rowsOf(tenant);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
    expect(await rowsOf(tenant)).toEqual(before);
    expect(ci.errors[0]).toBeInstanceOf(Killed);
  },
);

test('whatever throws after the whole commit was written leaves nothing', async () => {
  const tenant = await installation.tenant();
  const before = await rowsOf(tenant);
  const rolledBack = replica.ports.store.locked(tenant.id, async (tx) => {
    const session = commitSession(tenant.id, tx, replica.ports.keys, replica.ports.newSalt);
    const actor = { kind: 'service' } as const;
    const policy = (await tx.currentPolicy())?.digest ?? 'sha256:';
    session.record({ type: 'policy.applied', at: await tx.now(), actor, policy, document: policy });
    await session.finish();
    await tx.addNote(tenant.account(onCall), null, { kind: 'failed', reference: 'r' });
    throw new Killed();
  });
  await expect(rolledBack).rejects.toThrow(Killed);
  expect(await rowsOf(tenant)).toEqual(before);
  expect(tenant.notes(onCall)).toEqual([]);
});
