import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { TTL_MS } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database, advance } = installation;
const [replica] = installation.replicas;

async function isWaitingForLock(): Promise<boolean> {
  const { rows } = await database.pool.query(
    `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

test('a bypass that ends while a question waits for the log is enforced as of then', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  let asked: ReturnType<typeof ci.ask> | undefined;
  await replica.stores.store.locked(tenant.id, async () => {
    asked = ci.ask();
    while (!(await isWaitingForLock())) await sleep(5);
    await advance(TTL_MS);
  });
  const { decision, reason, serverTime } = (await asked) ?? {};
  expect([decision, reason]).toEqual(['enforce', 'expired']);
  const state = await tenant.bypass(bypass);
  expect(serverTime).toBeGreaterThanOrEqual('grant' in state ? state.grant.expiresAt : Infinity);
});
