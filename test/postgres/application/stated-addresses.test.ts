import { describe, expect, test } from 'vitest';
import { withoutAddress } from '#application/people/without-address';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { linkTo, SIGN_IN, SignInEdge } from '#test/support/application/sign-in-edge';
import { accountOf, TestProvider } from '#test/support/application/test-provider';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ signIn: SIGN_IN });
const { people, replicas, database } = installation;
const [first] = replicas;
const edge = new SignInEdge(first, new TestProvider());
const { onCall, release1, release2, senior } = PEOPLE;
const MINE = accountOf('mallory@acme.example');

/** Release is a Slack group, so nothing of who is in it is known when the policy is applied. */
const stating = (lines = '') =>
  ({
    stepUp: 'sso',
    require: 1,
    releaseGroup: 'S0RELEASE',
    people: `  - { slack: [${senior}], email: senior@acme.example }\n${lines}`,
  }) as const;

async function fromSlack(lines?: string): Promise<TestTenant> {
  const tenant = await installation.tenant(stating(lines));
  const members = [release1, release2].map(tenant.account);
  people.setUsergroup(tenant.account(release1).team, 'S0RELEASE', members);
  return tenant;
}

async function pressed(tenant: TestTenant, user: typeof release1 | typeof release2) {
  await tenant.approve(user, await tenant.open());
  return linkTo(tenant, user);
}

const bindings = async (tenant: TestTenant) =>
  (await tenant.types()).filter((one) => one === 'person.bound').length;

describe('whose address the policy does not state', () => {
  test('binds no account, whatever the Slack profile says', async () => {
    const tenant = await fromSlack();
    people.join(tenant.account(release1), { email: MINE.email });
    people.join(tenant.account(release2), { email: null });
    for (const user of [release1, release2] as const) {
      const link = await pressed(tenant, user);
      expect(await edge.signIns.show(link)).toMatchObject({ code: 'email-not-stated' });
    }
    expect(await bindings(tenant)).toBe(0);
  });

  test('is refused as the account is bound, if the policy takes it away meanwhile', async () => {
    const stated = `  - { slack: [${release1}], email: release.one@acme.example }`;
    const tenant = await fromSlack(stated);
    const link = await pressed(tenant, release1);
    const prepared = await edge.shown(link);
    const account = accountOf('release.one@acme.example');
    const { signIn } = edge.handIn(prepared, await edge.relyOn(link), { account });
    await tenant.applyPolicy(stating());
    expect(await edge.signIns.bind(link, signIn)).toMatchObject({ code: 'email-not-stated' });
    expect(await bindings(tenant)).toBe(0);
  });

  test('is found before anybody needs them, whoever is in the Slack group', async () => {
    const tenant = await fromSlack(`  - { slack: [${release1}], email: release.one@acme.example }`);
    const version = await first.stores.store.read(tenant.id, (tx) => tx.currentPolicy());
    if (version === null) throw new RangeError('no policy');
    const { team } = tenant.account(release2);
    expect(await withoutAddress(first.ports, tenant.id, version)).toEqual([
      { group: 'release', accounts: [`${team}/${release2}`] },
    ]);
  });
});

describe('whose address the policy states', () => {
  const stated = `  - { slack: [${release1}], email: Release.One@acme.example }`;

  test('binds the account with that address alone, however they were enrolled', async () => {
    const tenant = await fromSlack();
    people.join(tenant.account(release1), { email: MINE.email });
    await tenant.open({}, release1);
    await tenant.applyPolicy(stating(stated));
    const link = await pressed(tenant, release1);
    expect((await edge.shown(link)).approver.mustBeEmail).toBe('Release.One@acme.example');
    expect(await edge.bind(link, { account: MINE })).toMatchObject({
      code: 'email-differs',
      expected: 'Release.One@acme.example',
    });
    // Mail servers take case for the same, and so do most providers.
    const own = accountOf('release.one@acme.example');
    expect(await edge.bind(link, { account: own })).toEqual({ bound: true });
    expect(await edge.complete(link, { account: own })).toMatchObject({ completed: true });
  });

  test('keeps it: nobody else is enrolled with it by their profile', async () => {
    const tenant = await fromSlack(stated);
    people.join(tenant.account(onCall), { email: 'RELEASE.one@acme.example' });
    const link = await pressed(tenant, release1);
    expect(await edge.bind(link, { account: accountOf('release.one@acme.example') })).toEqual({
      bound: true,
    });
  });
});

describe('an address that is somebody’s already', () => {
  test('is refused for another person as the policy is applied, with its line', async () => {
    const tenant = await installation.tenant();
    people.join(tenant.account(onCall), { email: 'on.call@acme.example' });
    await tenant.open();
    const apply = tenant.applyPolicy({
      people: [
        `  - { slack: [${release1}], email: release.one@acme.example }`,
        `  - { slack: [${release2}], email: On.Call@acme.example }`,
      ].join('\n'),
    });
    await expect(apply).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/"path":"people\[1\]\.email".*another person.*"remedy"/),
      }),
    );
    // The same person may have it stated.
    await tenant.applyPolicy({
      people: `  - { slack: [${onCall}], email: On.Call@acme.example }`,
    });
  });

  test('enrols nobody else, so that the log stays one that verifies', async () => {
    const tenant = await installation.tenant();
    people.join(tenant.account(release1), { email: 'release.two@acme.example' });
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    // As a policy could be that was applied before this was looked at.
    await database.pool.query(
      `UPDATE app.policy SET directory = jsonb_set(directory, '{people}', $2)
        WHERE tenant_id = $1`,
      [
        tenant.id,
        JSON.stringify([
          { id: null, accounts: [tenant.account(release2)], email: 'release.two@acme.example' },
        ]),
      ],
    );
    await tenant.approve(release2, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });
});

test('a binding that is taken away ends the links that its person has open', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const one = await pressed(tenant, release1);
  expect(await edge.bind(one)).toEqual({ bound: true });
  const two = await pressed(tenant, release1);
  const others = await pressed(tenant, release2);
  const begun = await edge.signIns.begin(one, new Uint8Array([1]));
  const prepared = await edge.shown(two);
  const handedIn = edge.handIn(prepared, await edge.relyOn(two));
  await unbindPerson(first.ports, tenant.id, tenant.account(release1), 'a stolen account');
  for (const link of [one, two])
    expect(await edge.signIns.show(link)).toMatchObject({ code: 'link-spent' });
  expect(await edge.signIns.complete(two, handedIn)).toMatchObject({ code: 'link-spent' });
  const handle = 'handle' in begun ? begun.handle : '';
  expect(await edge.signIns.resume(handle, () => true)).toMatchObject({ code: 'link-spent' });
  expect(await edge.signIns.show(others)).toHaveProperty('digest');
  const { rows } = await database.pool.query<{ outcome: string | null }>(
    `SELECT outcome FROM app.press WHERE tenant_id = $1 AND "user" = $2`,
    [tenant.id, release1],
  );
  expect(rows.map((row) => row.outcome)).toEqual(['refused', 'refused']);
});

test('another browser gets nothing of what waits for one, and uses nothing up', async () => {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1 });
  const link = await pressed(tenant, release1);
  const begun = await edge.signIns.begin(link, new Uint8Array([7]));
  const handle = 'handle' in begun ? begun.handle : '';
  const seen: number[] = [];
  const refuses = (secret: Uint8Array): boolean => {
    seen.push(secret[0] ?? 0);
    return false;
  };
  expect(await edge.signIns.resume(handle, refuses)).toMatchObject({ code: 'other-browser' });
  expect(seen).toEqual([7]);
  expect(await edge.signIns.resume(handle, () => true)).toMatchObject({ link });
  expect(await edge.signIns.resume(handle, () => true)).toMatchObject({ code: 'attempt-over' });
});
