import { expect, test } from 'vitest';
import { loadCard } from '#application/card/load-card';
import { openedBy } from '#application/gates/opened-by';
import { readBack } from '#application/gates/read-back';
import type { BypassId } from '#domain/ids';
import { httpGate } from '#gates/http/http-gate';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const [replica] = installation.replicas;
const { ports } = replica;
const opensBy: Parameters<typeof httpGate>[0] = (tenant, facts) => openedBy(ports, tenant, facts);
const gate = httpGate(opensBy);

/** What the log says last of whether the gate enforces again. */
async function recorded(tenant: TestTenant, bypass: BypassId) {
  const found = (await tenant.events(bypass)).filter((one) => one.type === 'gate.read-back');
  return found.at(-1)?.enforces;
}

test('a gate that another bypass keeps open enforces again for the one that ended', async () => {
  const tenant = await installation.tenant();
  const [first, second] = [await tenant.activate(), await tenant.activate()];
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass: first });
  // As if it had not been looked at: only a change is recorded.
  await readBack(ports, () => ({ ...gate, enforces: async () => false }), tenant.id, first);
  expect(await recorded(tenant, first)).toBe(false);
  const ci = await decisionClient(replica, tenant);
  expect(await ci.ask()).toMatchObject({ decision: 'bypass' });
  await readBack(ports, () => gate, tenant.id, first);
  expect(await recorded(tenant, first)).toBe(true);
  const still = await tenant.bypass(second);
  expect(still.phase).toBe('active');
  // Its card does not say that the gate enforces: the other one stood then, and stays said.
  const grant = still.phase === 'active' ? still.grant : null;
  const card = () => ports.store.read(tenant.id, (tx) => loadCard(ports, tx, first));
  expect((await card())?.openBesideUntil).toBe(grant?.expiresAt);
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass: second });
  expect((await card())?.openBesideUntil).toBe(grant?.expiresAt);
  const last = await ports.store.read(tenant.id, (tx) => loadCard(ports, tx, second));
  expect(last?.openBesideUntil).toBeNull();
});

test('a gate that opens by the ended bypass does not enforce', async () => {
  const tenant = await installation.tenant();
  const [ended, other] = [await tenant.activate(), await tenant.activate()];
  const facts = { gate: 'image-policy', service: 'checkout', environment: 'production' };
  const asked = { ...facts, branch: null, artifact: null };
  const by = await opensBy(tenant.id, asked);
  const rest = by === ended ? other : ended;
  expect(by === null ? null : await gate.enforces(tenant.id, asked, by)).toBe(false);
  expect(await gate.enforces(tenant.id, asked, rest)).toBe(true);
});
