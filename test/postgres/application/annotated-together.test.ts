import { expect, test } from 'vitest';
import type { TenantStore } from '#application/ports/tenant-store';
import { TTL_MS } from '#test/support/application/test-tenant';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation();
const { database } = installation;
const [replica] = installation.replicas;

const run = (id: string, attempt = 1) => ({ deploy: { id, attempt } });
const runs = (count: number) => Array.from({ length: count }, (_, place) => run(`run-${place}`));

async function checkpointsOf(tenant: { readonly id: string }): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT count(*) FROM app.log_checkpoint WHERE tenant_id = $1',
    [tenant.id],
  );
  return rows[0]?.count ?? 0;
}

test('deploys that ask at the same time get an entry each, in fewer commits', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  const before = await checkpointsOf(tenant);
  const answers = await Promise.all(runs(12).map((one) => ci.ask(one)));
  expect(answers.map(({ decision }) => decision)).toEqual(answers.map(() => 'bypass'));
  expect(new Set(answers.map(({ decisionId }) => decisionId)).size).toBe(12);
  const events = await tenant.events(bypass);
  const annotated = events.flatMap((one) => (one.type === 'deploy.annotated' ? [one.deploy] : []));
  expect(annotated.toSorted()).toEqual(
    runs(12)
      .map(({ deploy }) => `${deploy.id}#1`)
      .toSorted(),
  );
  expect((await checkpointsOf(tenant)) - before).toBeLessThan(12);
});

test('one deploy that asks many times at once has one entry', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  const answers = await Promise.all(runs(6).map(() => ci.ask(run('run-1'))));
  expect(answers.every(({ decision }) => decision === 'bypass')).toBe(true);
  const types = await tenant.types(bypass);
  expect(types.filter((one) => one === 'deploy.annotated')).toHaveLength(1);
});

test('of two that ask for one deploy at once one begins it, and the other is enforced', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  const [one, other] = [
    await decisionClient(replica, tenant),
    await decisionClient(replica, tenant, { service: 'checkout' }),
  ];
  // Through one queue, as both ask one replica.
  const answers = await Promise.all([
    one.ask(run('run-1')),
    one.ask(run('run-1'), other.token),
    one.ask(run('run-2'), other.token),
  ]);
  const told = answers.map(({ decision, reason }) => `${decision} ${reason}`);
  expect(told.slice(0, 2).toSorted()).toEqual(['bypass bypassed', 'enforce begun-by-another']);
  expect(told[2]).toBe('bypass bypassed');
});

test('those that no bypass covers are enforced beside those that pass', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  const [passed, other] = await Promise.all([
    ci.ask(run('run-1')),
    ci.ask({ ...run('run-2'), service: 'search' }),
  ]);
  expect(passed).toMatchObject({ decision: 'bypass' });
  expect(other).toMatchObject({ decision: 'enforce', reason: 'scope-not-covered' });
});

test('a bypass that expired while they waited lets none of them through', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const held = Promise.withResolvers<void>();
  const ci = await decisionClient(replica, tenant);
  const holding = replica.stores.store.locked(tenant.id, () => held.promise);
  const asked = runs(5).map((one) => ci.ask(one));
  await waitingForLog();
  await installation.advance(TTL_MS);
  held.resolve();
  await holding;
  for (const answer of await Promise.all(asked))
    expect(answer).toMatchObject({ decision: 'enforce', reason: 'expired' });
  expect(await tenant.types(bypass)).not.toContain('deploy.annotated');
});

test('a commit that fails together is tried again alone, and each hears what became of its own', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const { store } = replica.ports;
  const connections = { held: 0, most: 0 };
  const failing: TenantStore = {
    read: (of, work) => store.read(of, work),
    async locked(of, work) {
      connections.most = Math.max(connections.most, (connections.held += 1));
      const locked = store.locked(of, (tx) =>
        work({
          ...tx,
          async renewLeases(leases, until) {
            if (leases.some(({ deploy }) => deploy === 'run-3#1'))
              throw new RangeError('not this one');
            return tx.renewLeases(leases, until);
          },
        }),
      );
      return locked.finally(() => (connections.held -= 1));
    },
  };
  const ports = { ...replica.ports, store: failing };
  const ci = await decisionClient({ ...replica, ports }, tenant);
  const answers = await Promise.all(runs(6).map((one) => ci.ask(one)));
  expect(answers.map(({ decision }) => decision)).toEqual(
    runs(6).map((_, place) => (place === 3 ? 'enforce' : 'bypass')),
  );
  expect(ci.errors).toHaveLength(1);
  const types = await tenant.types(bypass);
  expect(types.filter((one) => one === 'deploy.annotated')).toHaveLength(5);
  // Those that wait for one tenant's log must not take the connections of all others.
  expect(connections).toEqual({ held: 0, most: 1 });
});

async function waitingForLog(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
