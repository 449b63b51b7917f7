import { expect, test } from 'vitest';
import { handlePress } from '#application/press/handle-press';
import { rotateKey } from '#application/tenant/rotate-key';
import type { KeyPurpose } from '#application/ports/key-versions';
import type { Ports } from '#application/ports/ports';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { linkTo, SIGN_IN, SignInEdge } from '#test/support/application/sign-in-edge';
import { TestProvider } from '#test/support/application/test-provider';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ replicas: 2, signIn: SIGN_IN });
const { replicas } = installation;
const [replica] = replicas;
const { onCall, release1, release2 } = PEOPLE;

/**
 * A replica of the version before: it signs with the keys that it was started with, as those that its
 * INSERTs name by default, and it knows of no sign-in.
 */
async function versionBefore({ id }: TestTenant): Promise<Ports> {
  const { ports } = replica;
  const keys = await ports.keys.keysOf(id);
  expect(keys.versions).toEqual({ log: 1, service: 1 });
  return { ...ports, signIn: null, keys: { ...ports.keys, keysIn: async () => keys } };
}

test('both versions append to one log while no key is replaced', async () => {
  const tenant = await installation.tenant();
  const before = await versionBefore(tenant);
  const bypass = await tenant.open();
  for (const [user, ports] of [
    [release1, before],
    [release2, replica.ports],
  ] as const)
    await handlePress(
      ports,
      tenant.id,
      await tenant.storeAlone(user, { kind: 'approve', bypass, ttlMs: TTL_MS }),
    );
  await tenant.settled();
  expect((await tenant.bypass(bypass)).phase).toBe('active');
});

test.each<KeyPurpose>(['log', 'service'])(
  'once the %s key is replaced, the version before appends nothing, and the press is still good',
  async (purpose) => {
    const tenant = await installation.tenant();
    const before = await versionBefore(tenant);
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    // Whoever presses for the first time is enrolled by an entry of its own.
    await tenant.press(release2, { kind: 'withdraw', bypass });
    const press = await tenant.storeAlone(release2, { kind: 'approve', bypass, ttlMs: TTL_MS });
    await rotateKey(replica.ports, tenant.id, purpose);
    const types = await tenant.types();
    // object_not_in_prerequisite_state, by the trigger on checkpoints.
    const refused = { code: '55000' };
    await expect(handlePress(before, tenant.id, press)).rejects.toMatchObject(refused);
    expect(await tenant.types()).toEqual(types);
    const ci = await decisionClient(replica, tenant);
    expect(await ci.ask()).toMatchObject({ decision: 'enforce' });
    await handlePress(replica.ports, tenant.id, press);
    expect((await ci.ask()).decision).toBe('bypass');
  },
);

test('the version before lets nobody approve without the sign-in that a tier demands', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const before = await versionBefore(tenant);
  const bypass = await tenant.open();
  const press = await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  await handlePress(before, tenant.id, press);
  await tenant.settled();
  expect(tenant.refusals(release1)).toEqual(['step-up-required']);
  expect(await tenant.types(bypass)).toEqual(['request.opened']);
});

test('the version before goes on behind sign-ins, bindings and keys of a provider', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const before = await versionBefore(tenant);
  const bypass = await tenant.open();
  await tenant.approve(release1, bypass);
  const edge = new SignInEdge(replica, new TestProvider());
  const link = linkTo(tenant, release1);
  await edge.bind(link);
  expect(await edge.complete(link)).toMatchObject({ completed: true, activated: true });
  const ci = await decisionClient({ ...replica, ports: { ...replica.ports, ...before } }, tenant);
  expect((await ci.ask()).decision).toBe('bypass');
  const press = await tenant.storeAlone(onCall, { kind: 'close', bypass });
  await handlePress(before, tenant.id, press);
  await tenant.settled();
  expect((await tenant.bypass(bypass)).phase).toBe('closed');
  expect((await ci.ask()).decision).toBe('enforce');
});
