import { describe, expect, test } from 'vitest';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, TTL_MS } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { people, attester, advance } = installation;
const { onCall, peer, release1, release2, release3, owner } = PEOPLE;

describe('enrolment', () => {
  test('binds an address once, whatever the profile says later', async () => {
    const tenant = await installation.tenant();
    const account = tenant.account(release1);
    people.join(account, { email: 'rel.one@acme.example' });
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    people.join(account, { email: 'somebody.else@acme.example' });
    await tenant.press(onCall, { kind: 'withdraw', bypass });
    await tenant.approve(release1, await tenant.open());
    const enrolled = (await tenant.types()).filter((one) => one === 'person.enrolled');
    expect(enrolled).toHaveLength(2);
    expect(attester.asked.map((one) => one.email)).toEqual([
      'rel.one@acme.example',
      'rel.one@acme.example',
    ]);
  });

  test('is one, however many presses are a person’s first', async () => {
    const tenant = await installation.tenant();
    const open = { kind: 'open', form: FORM } as const;
    await Promise.all([1, 2, 3].map(() => tenant.store(onCall, open)));
    await tenant.settled();
    const types = await tenant.types();
    expect(types.filter((one) => one === 'person.enrolled')).toHaveLength(1);
    expect(types.filter((one) => one === 'request.opened')).toHaveLength(3);
  });

  test('never gives two people one address', async () => {
    const tenant = await installation.tenant();
    const email = 'shared@acme.example';
    people.join(tenant.account(release1), { email });
    people.join(tenant.account(release2), { email });
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
    expect(new Set(attester.asked.map((one) => one.email)).size).toBe(2);
  });
});

describe('the policy in force at the approval', () => {
  test('takes an approver away who was asked under the one before', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    await tenant.applyPolicy({ release: [release2, release3] });
    expect(await tenant.approve(release1, bypass)).toBe('refused');
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
    await tenant.approve(release3, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('does not let somebody approve who was nobody when it was asked', async () => {
    const tenant = await installation.tenant({ release: [release1, release2] });
    const bypass = await tenant.open();
    await tenant.applyPolicy({ release: [release1, release2, release3] });
    expect(await tenant.approve(release3, bypass)).toBe('refused');
    expect(tenant.refusals(release3)).toEqual(['not-an-approver']);
  });

  test('an approver who has left meanwhile does not count', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    people.become(tenant.account(release1), 'deactivated');
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
    await tenant.approve(release3, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('that lists two people as one keeps no bypass open and stops no other press', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const open = await tenant.open();
    await tenant.applyPolicy({ people: `  - { slack: [${release1}, ${release2}] }` });
    expect(await tenant.press(onCall, { kind: 'withdraw', bypass: open })).toBe('done');
    await advance(TTL_MS);
    await tenant.due();
    expect((await tenant.bypass(bypass)).phase).toBe('closed');
  });
});

describe('a workspace that does not answer', () => {
  test('keeps the press until it does', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    people.failing = true;
    const key = await tenant.store(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
    await tenant.settled();
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBeNull();
    people.failing = false;
    await tenant.hurry();
    expect(await tenant.outcomeOf(key)).toBe('done');
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'approval.given']);
    expect(tenant.notes(release1)).toEqual([]);
  });

  test('cannot be read as "no rule": without the group nobody is an approver', async () => {
    const tenant = await installation.tenant();
    const scope = { ...FORM.scope, environment: 'staging' };
    const bypass = await tenant.open({ scope });
    people.groupsFailing = true;
    const key = await tenant.store(peer, { kind: 'approve', bypass, ttlMs: TTL_MS });
    await tenant.settled();
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
    people.groupsFailing = false;
    if ((await tenant.outcomeOf(key)) === 'refused') {
      expect(tenant.refusals(peer)).toEqual(['look-up-failed']);
      await tenant.approve(peer, bypass);
    } else await tenant.hurry();
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });
});

test('the review falls to the owner of the service', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await tenant.press(onCall, { kind: 'close', bypass });
  const [{ stores }] = installation.replicas;
  const found = await stores.store.read(tenant.id, (tx) => tx.person(tenant.account(owner)));
  expect((await tenant.chain(bypass)).postMortem?.assignee).toBe(found?.person);
});
