import { expect, test } from 'vitest';
import { tokenScopeMistake } from '#application/decision/token-scope-mistake';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance } = installation;
const [replica] = installation.replicas;
const { tokens } = replica.stores;

const known = async (tenant: TestTenant) => (await tokens.list(tenant.id)).toReversed();

/** What is noted beside a question is there a moment after its answer. */
async function used(tenant: TestTenant, name: string): Promise<number> {
  for (;;) {
    const one = (await known(tenant)).find((token) => token.name === name);
    const at = one?.lastUsedAt ?? null;
    if (at !== null) return at;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a token is listed with what it is for and never with what it is', async () => {
  const tenant = await installation.tenant();
  const token = await tokens.create(tenant.id, {
    name: 'checkout CI',
    gate: 'image-policy',
    service: 'checkout',
    ttlMs: DAY_MS,
  });
  const reader = await tokens.createReader(tenant.id, { kind: 'log', name: 'auditor' });
  const list = await tokens.list(tenant.id);
  expect(list.find(({ name }) => name === 'checkout CI')).toMatchObject({
    prefix: token.slice(0, 8),
    gate: 'image-policy',
    service: 'checkout',
    lastUsedAt: null,
    state: 'usable',
  });
  expect(list.find(({ name }) => name === 'auditor')).toMatchObject({
    gate: null,
    expiresAt: null,
  });
  for (const secret of [token, reader]) expect(JSON.stringify(list)).not.toContain(secret);
  const other = await installation.tenant();
  expect(await tokens.list(other.id)).toEqual([]);
});

test('its last use is noted once a minute and no more often', async () => {
  const tenant = await installation.tenant();
  const ci = await decisionClient(replica, tenant);
  await ci.ask();
  const first = await used(tenant, 'ci');
  await advance(30 * SECOND_MS);
  await ci.ask();
  expect(await used(tenant, 'ci')).toBe(first);
  await advance(31 * SECOND_MS);
  await ci.ask();
  await expect.poll(() => used(tenant, 'ci'), { timeout: 60_000 }).toBeGreaterThan(first);
  expect(ci.errors).toEqual([]);
});

test('a token that expired is not known any more, to the moment', async () => {
  const tenant = await installation.tenant();
  const ci = await decisionClient(replica, tenant);
  const token = await tokens.create(tenant.id, {
    name: 'short',
    gate: 'image-policy',
    service: null,
    ttlMs: HOUR_MS,
  });
  const reader = await tokens.createReader(tenant.id, {
    kind: 'log',
    name: 'short reader',
    ttlMs: HOUR_MS,
  });
  await advance(HOUR_MS - MINUTE_MS);
  expect(await ci.isKnown(token)).toBe(true);
  expect(await tokens.reader('log', reader)).toBe(tenant.id);
  await advance(MINUTE_MS);
  expect(await ci.isKnown(token)).toBe(false);
  expect(await tokens.reader('log', reader)).toBeNull();
  const short = (await known(tenant)).find(({ name }) => name === 'short');
  expect(short).toMatchObject({ state: 'expired' });
  expect(await tokens.rotate(tenant.id, short?.id ?? '', { keepMs: 0, ttlMs: null })).toBeNull();
});

test('a revoked token ends at once, and stays revoked', async () => {
  const tenant = await installation.tenant();
  const ci = await decisionClient(replica, tenant);
  const [one] = await known(tenant);
  expect(await tokens.revoke(tenant.id, one?.id ?? '')).toBe(true);
  expect(await ci.isKnown(ci.token)).toBe(false);
  expect(await tokens.revoke(tenant.id, one?.id ?? '')).toBe(false);
  expect(await known(tenant)).toMatchObject([{ state: 'revoked' }]);
});

test('another tenant ends and rotates nothing here', async () => {
  const tenant = await installation.tenant();
  const ci = await decisionClient(replica, tenant);
  const [one] = await known(tenant);
  const other = await installation.tenant();
  expect(await tokens.revoke(other.id, one?.id ?? '')).toBe(false);
  expect(await tokens.rotate(other.id, one?.id ?? '', { keepMs: 0, ttlMs: null })).toBeNull();
  expect(await ci.isKnown(ci.token)).toBe(true);
  expect(await tokens.list(other.id)).toEqual([]);
});

test('rotating gives a token for the same, and the one before goes on for as long as was said', async () => {
  const tenant = await installation.tenant();
  const ci = await decisionClient(replica, tenant, { service: 'checkout' });
  const [one] = await known(tenant);
  const lives = { keepMs: HOUR_MS, ttlMs: DAY_MS };
  const next = (await tokens.rotate(tenant.id, one?.id ?? '', lives)) ?? '';
  expect(next).not.toBe(ci.token);
  const look = (token: string) => replica.stores.firstLooks.of(token, 'image-policy', 'run-1#1');
  expect((await look(next))?.token).toEqual((await look(ci.token))?.token);
  // Rotated again in between, it ends no later than was said first.
  await tokens.rotate(tenant.id, one?.id ?? '', { keepMs: DAY_MS, ttlMs: null });
  await advance(HOUR_MS);
  expect(await ci.isKnown(ci.token)).toBe(false);
  expect(await ci.isKnown(next)).toBe(true);
  await advance(DAY_MS);
  expect(await ci.isKnown(next)).toBe(false);
});

test('a name that the policy does not have is told with the one that was meant', async () => {
  const tenant = await installation.tenant();
  const policy = await replica.stores.store.read(tenant.id, (tx) => tx.currentPolicy());
  if (policy === null) throw new TypeError('a tenant of the tests has a policy');
  const mistake = (gate: string, service: string | null) =>
    tokenScopeMistake(policy.content, gate, service);
  expect(mistake('image-policy', 'checkout')).toBeNull();
  expect(mistake('image-policy', null)).toBeNull();
  expect(mistake('image-polcy', 'checkout')).toMatchObject({ what: 'gate', near: 'image-policy' });
  expect(mistake('image-policy', 'chekout')).toMatchObject({ what: 'service', near: 'checkout' });
  expect(mistake('image-policy', 'toString')).toMatchObject({ what: 'service', near: null });
});
