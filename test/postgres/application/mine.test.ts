import { expect, test } from 'vitest';
import { mineReader } from '#application/forms/mine';
import type { Meant, Mine } from '#application/ports/mine';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const [{ ports }] = installation.replicas;
const lists = mineReader(ports);

const { onCall, peer, release1, owner, guest } = PEOPLE;
type Member = Extract<Mine, { kind: 'member' }>;

async function of(tenant: TestTenant, user: User): Promise<Member> {
  const found = await lists.mine(tenant.id, tenant.account(user));
  if (found.kind !== 'member') throw new TypeError(`${user} is an outsider`);
  return found;
}

const meant = (act: Meant['act'], more: Partial<Meant> = {}): Meant => ({
  act,
  reference: null,
  gate: null,
  service: null,
  environment: null,
  ...more,
});

test('what is open, what waits and for whom, and what is owed', async () => {
  const tenant = await installation.tenant();
  const open = await tenant.activate();
  const asked = await tenant.open();
  await tenant.approve(release1, asked);

  const seen = await of(tenant, onCall);
  expect(seen.active.shown).toMatchObject([{ bypass: open, own: true, phase: 'active' }]);
  expect(seen.waiting.shown).toMatchObject([{ bypass: asked, own: true, phase: 'waiting' }]);
  expect(seen.active.shown[0]?.untilAt).toBeGreaterThan(seen.now);
  expect([seen.waitsForMe.total, seen.owed.total, seen.mayAsk]).toEqual([0, 0, 2]);
  expect((await of(tenant, release1)).waitsForMe.shown).toEqual([]);
  expect((await of(tenant, PEOPLE.release2)).waitsForMe.shown).toMatchObject([
    { bypass: asked, own: false },
  ]);

  await tenant.press(onCall, { kind: 'close', bypass: open });
  const [events, owed] = [await tenant.events(open), (await of(tenant, owner)).owed];
  const review = events.find((one) => one.type === 'post-mortem.opened');
  expect(owed.shown).toMatchObject([{ bypass: open, gate: 'image-policy' }]);
  expect(owed.shown[0]?.dueAt).toBe(review?.dueAt);
  expect((await of(tenant, onCall)).owed.total).toBe(0);
  await tenant.press(owner, { kind: 'complete', bypass: open, outcome: 'a bad image' });
  expect((await of(tenant, owner)).owed.total).toBe(0);
});

test('a bypass is found by what it is called, by what it is about, or as the only one', async () => {
  const tenant = await installation.tenant();
  const as = (user: User, one: Meant) => lists.find(tenant.id, tenant.account(user), one);
  expect(await as(onCall, meant('close'))).toEqual({ kind: 'none' });
  const first = await tenant.activate();
  expect(await as(onCall, meant('close'))).toEqual({ kind: 'one', bypass: first });
  expect(await as(peer, meant('close'))).toEqual({ kind: 'none' });

  const staging = { service: 'checkout', environment: 'staging', branch: null, artifact: null };
  const waits = await tenant.open({ scope: staging });
  expect(await as(onCall, meant('status'))).toMatchObject({ kind: 'several', lines: { total: 2 } });
  expect(await as(onCall, meant('withdraw'))).toEqual({ kind: 'one', bypass: waits });
  expect(await as(peer, meant('status', { environment: 'staging' }))).toEqual({
    kind: 'one',
    bypass: waits,
  });
  const [line] = (await of(tenant, onCall)).active.shown;
  const reference = line?.reference ?? -1;
  expect(await as(peer, meant('close', { reference }))).toEqual({ kind: 'one', bypass: first });
  expect(await as(peer, meant('close', { reference: reference + 1 }))).toEqual({ kind: 'none' });
});

test('another tenant’s bypasses are neither listed nor found', async () => {
  const [tenant, other] = [await installation.tenant(), await installation.tenant()];
  await other.activate();
  const seen = await of(tenant, onCall);
  expect([seen.active.total, seen.waiting.total]).toEqual([0, 0]);
  const [line] = (await of(other, onCall)).active.shown;
  const called = meant('status', { reference: line?.reference ?? -1 });
  expect(await lists.find(tenant.id, tenant.account(onCall), called)).toEqual({ kind: 'none' });
});

test('whoever is no member learns nothing', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  const outsider = { kind: 'outsider', standing: 'guest' };
  expect(await lists.mine(tenant.id, tenant.account(guest))).toEqual(outsider);
  expect(await lists.find(tenant.id, tenant.account(guest), meant('status'))).toEqual(outsider);
  const foreign = { team: 'T0ELSEWHERE', user: 'U0FOREIGN' };
  expect(await lists.mine(tenant.id, foreign)).toEqual({ kind: 'outsider', standing: 'foreign' });
});
