import { afterAll, describe, expect, test } from 'vitest';
import type { BypassId } from '#domain/ids';
import { callerTokens } from '#http/callers/caller-tokens';
import { createJsonFetcher } from '#runtime/fetch-json';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';
import { ciIssuer } from '#test/support/callers/ci-issuer';

const installation = await testInstallation();
const [replica] = installation.replicas;
const { tokens } = replica.stores;
const ci = await ciIssuer();
const fetcher = createJsonFetcher(true);
afterAll(async () => {
  await ci[Symbol.asyncDispose]();
  await fetcher.close();
});

const { onCall } = PEOPLE;
const FINISH = { phase: 'finish', outcome: 'succeeded' } as const;
const LEASE_MS = 90_000;

async function deploysOf(tenant: TestTenant, bypass: BypassId) {
  const found = await tenant.bypass(bypass);
  return found.phase === 'active' || found.phase === 'closed' ? found.deploys : [];
}

const statusOf = async (tenant: TestTenant, bypass: BypassId) =>
  (await deploysOf(tenant, bypass)).map(({ state }) => state.status);

describe('a deploy that one token asked for', () => {
  test('is not ended by another token of the same gate, which hears why', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const own = await decisionClient(replica, tenant);
    const other = await decisionClient(replica, tenant);
    expect((await own.ask()).decision).toBe('bypass');
    expect(await other.ask(FINISH)).toMatchObject({
      decision: 'enforce',
      reason: 'begun-by-another',
    });
    expect(await statusOf(tenant, bypass)).toEqual(['in-flight']);
    expect(await own.ask(FINISH)).toMatchObject({ reason: 'finished' });
    expect(await statusOf(tenant, bypass)).toEqual(['finished']);
  });

  test('passes for nobody else, and no other keeps its lease alive', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const own = await decisionClient(replica, tenant);
    const other = await decisionClient(replica, tenant);
    await own.ask();
    const leases = () => replica.stores.store.read(tenant.id, (tx) => tx.leasesOf(bypass));
    const before = { leases: await leases(), entries: await tenant.types(bypass) };
    await installation.advance(LEASE_MS / 2);
    for (const phase of ['start', 'recheck'] as const)
      expect(await other.ask({ phase, commit: 'another' })).toMatchObject({
        decision: 'enforce',
        reason: 'begun-by-another',
      });
    expect({ leases: await leases(), entries: await tenant.types(bypass) }).toEqual(before);
    expect((await own.ask({ phase: 'recheck' })).decision).toBe('bypass');
    // With an attempt of its own, the other is let through and stands in the log.
    const apart = { deploy: { id: 'run-1', attempt: 2 } };
    expect((await other.ask(apart)).decision).toBe('bypass');
    expect((await deploysOf(tenant, bypass)).map(({ key }) => key)).toEqual(['run-1#1', 'run-1#2']);
  });

  test('is let through for one of those who ask at the same moment, and for no other', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const askers = await Promise.all([1, 2, 3].map(() => decisionClient(replica, tenant)));
    const answers = await Promise.all(
      [...askers, ...askers].map(async (one) => ({ one, ...(await one.ask()) })),
    );
    const passed = new Set(answers.flatMap((a) => (a.decision === 'bypass' ? [a.one] : [])));
    expect(passed.size).toBe(1);
    for (const { one, decision, reason } of answers)
      if (!passed.has(one))
        expect({ decision, reason }).toEqual({ decision: 'enforce', reason: 'begun-by-another' });
    expect(await statusOf(tenant, bypass)).toEqual(['in-flight']);
  });

  test('is not said to have stopped because another heard that it must', async () => {
    const tenant = await installation.tenant({ inFlight: 'hold' });
    const bypass = await tenant.activate();
    const own = await decisionClient(replica, tenant);
    const other = await decisionClient(replica, tenant);
    await own.ask();
    await tenant.press(onCall, { kind: 'close', bypass });
    const ends = async () =>
      (await tenant.events(bypass)).flatMap((one) =>
        one.type === 'deploy.reverted' ? [one.result] : [],
      );
    expect((await other.ask({ phase: 'recheck' })).decision).toBe('enforce');
    expect(await other.ask(FINISH)).toMatchObject({ reason: 'begun-by-another' });
    expect(await ends()).toEqual(['pending']);
    expect((await own.ask({ phase: 'recheck' })).decision).toBe('enforce');
    expect(await ends()).toEqual(['pending', 'done']);
  });

  test('goes on with the token that hers was rotated into, and with the next', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const own = await decisionClient(replica, tenant);
    await own.ask();
    const rotated = async () => {
      const [newest] = await tokens.list(tenant.id);
      return tokens.rotate(tenant.id, newest?.id ?? '', { keepMs: LEASE_MS, ttlMs: null });
    };
    const second = (await rotated()) ?? '';
    const third = (await rotated()) ?? '';
    expect((await own.ask({ phase: 'recheck' }, second)).decision).toBe('bypass');
    expect(await own.ask(FINISH, third)).toMatchObject({ reason: 'finished' });
    expect(await statusOf(tenant, bypass)).toEqual(['finished']);
  });

  test('that another bypass takes over is still its own', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    const own = await decisionClient(replica, tenant);
    const other = await decisionClient(replica, tenant);
    await own.ask();
    const second = await tenant.activate();
    await tenant.press(onCall, { kind: 'close', bypass: first });
    expect(await statusOf(tenant, second)).toEqual(['in-flight']);
    expect(await other.ask(FINISH)).toMatchObject({ reason: 'begun-by-another' });
    expect(await statusOf(tenant, second)).toEqual(['in-flight']);
    expect(await own.ask(FINISH)).toMatchObject({ reason: 'finished' });
    expect(await statusOf(tenant, second)).toEqual(['finished']);
  });
});

const callerOf = (repository: number): string => `  - name: CI of ${repository}
    issuer: ${ci.issuer}
    kind: github
    match: { repository_id: "${repository}", repository_owner_id: "9" }
    gates: [image-policy]
    services: [checkout]`;

test('a deploy that a repository asked for is ended by no other repository, and by each of its jobs', async () => {
  const tenant = await installation.tenant({ callers: [123, 124].map(callerOf).join('\n') });
  const bypass = await tenant.activate();
  const client = await decisionClient(replica, tenant, {
    callers: callerTokens({ fetchJson: fetcher.fetchJson }),
  });
  const jobOf = async (repository_id: string, job: string) => {
    const nowS = Math.floor((await replica.stores.store.read(tenant.id, (tx) => tx.now())) / 1e3);
    return ci.token({
      aud: `breakglass/${tenant.name}`,
      exp: nowS + 300,
      sub: `repo:acme/${job}`,
      repository_id,
      repository_owner_id: '9',
      environment: 'production',
    });
  };
  expect((await client.ask({}, await jobOf('123', 'gate'))).decision).toBe('bypass');
  for (const stranger of [await jobOf('124', 'deploy'), client.token])
    expect(await client.ask(FINISH, stranger)).toMatchObject({ reason: 'begun-by-another' });
  expect(await statusOf(tenant, bypass)).toEqual(['in-flight']);
  expect(await client.ask(FINISH, await jobOf('123', 'deploy'))).toMatchObject({
    reason: 'finished',
  });
  expect(await statusOf(tenant, bypass)).toEqual(['finished']);
});
