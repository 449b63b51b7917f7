import { describe, expect, test } from 'vitest';
import type { BypassId } from '#domain/ids';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import {
  linkTo,
  OWN_KEY_CLIENT,
  SIGN_IN,
  SignInEdge,
} from '#test/support/application/sign-in-edge';
import { accountOf, TestProvider } from '#test/support/application/test-provider';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ signIn: SIGN_IN });
const { people, replicas } = installation;
const edge = new SignInEdge(replicas[0], new TestProvider());
const { onCall, release1, release2 } = PEOPLE;

const steppingUp = (require = 1) => installation.tenant({ stepUp: 'sso', require });
const own = (user: User) => accountOf(`${user}@acme.example`.toLowerCase());

async function pressed(tenant: TestTenant, user: User, bypass?: BypassId): Promise<string> {
  await tenant.approve(user, bypass ?? (await tenant.open()));
  return linkTo(tenant, user);
}

const approvals = async (tenant: TestTenant) =>
  (await tenant.types()).filter((one) => one === 'approval.given').length;

describe('a link that was stolen', () => {
  test.each([
    ['by the requester', onCall, false],
    ['by another approver, who has bound an account', release2, true],
    ['by another approver, who has not', release2, false],
  ] as const)('%s is worth nothing with their own account', async (_, thief, isBound) => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const stolen = await pressed(tenant, release1, bypass);
    if (isBound)
      expect(await edge.bind(await pressed(tenant, thief, bypass))).toEqual({ bound: true });
    for (const client of ['breakglass', OWN_KEY_CLIENT]) {
      const choices = { account: own(thief), client };
      expect(await edge.bind(stolen, choices)).toMatchObject({ code: 'email-differs' });
      expect(await edge.complete(stolen, choices)).toMatchObject({ code: 'not-bound' });
    }
    // Once its owner is bound, the thief is told from them by the account.
    expect(await edge.bind(stolen)).toEqual({ bound: true });
    expect(await edge.complete(stolen, { account: own(thief) })).toMatchObject({
      code: 'other-account',
    });
    expect(await approvals(tenant)).toBe(0);
    expect(await edge.complete(stolen)).toMatchObject({ completed: true });
  });

  test('counts once for its owner, whoever else has it', async () => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const link = await pressed(tenant, release1, bypass);
    await edge.bind(link);
    await edge.complete(link);
    expect(await edge.complete(link)).toMatchObject({ code: 'link-used' });
    expect(await edge.signIns.begin(link, new Uint8Array([1]))).toMatchObject({
      code: 'link-used',
    });
    expect(await approvals(tenant)).toBe(1);
  });
});

describe('a sign-in for one request', () => {
  test('is none for another of the same approver, by token or by bundle', async () => {
    const tenant = await steppingUp();
    const [harmless, wanted] = [await tenant.open(), await tenant.open({ ttlMs: 3_600_000 })];
    const first = await pressed(tenant, release1, harmless);
    await edge.bind(first);
    const given = edge.handIn(await edge.shown(first), await edge.relyOn(first));
    const second = await pressed(tenant, release1, wanted);
    expect(await edge.signIns.complete(second, given)).toMatchObject({ code: 'bundle-refused' });
    const mixed = { ...edge.handIn(await edge.shown(second), given.keys) };
    const { idToken, signIn } = given;
    expect(await edge.signIns.complete(second, { ...mixed, idToken, signIn })).toMatchObject({
      code: 'nonce-differs',
    });
    expect(await approvals(tenant)).toBe(0);
  });

  test('is none for an earlier press of the same approver for the same request', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const earlier = await pressed(tenant, release1, bypass);
    await edge.bind(earlier);
    const given = edge.handIn(await edge.shown(earlier), await edge.relyOn(earlier));
    const newer = await pressed(tenant, release1, bypass);
    expect(await edge.signIns.complete(earlier, given)).toMatchObject({ code: 'link-replaced' });
    expect(await edge.signIns.complete(newer, given)).toMatchObject({ code: 'bundle-refused' });
  });

  test('is none of another provider, whoever it says signed in', async () => {
    const tenant = await steppingUp();
    const link = await pressed(tenant, release1);
    await edge.bind(link);
    const given = edge.handIn(await edge.shown(link), await edge.relyOn(link));
    const signIn = { ...given.signIn, issuer: 'https://login.acme.example.evil.example' };
    expect(await edge.signIns.complete(link, { ...given, signIn })).toMatchObject({
      code: 'other-client',
    });
  });
});

describe('two tabs', () => {
  test('of one link: the attempt begun last is the one that counts', async () => {
    const tenant = await steppingUp();
    const link = await pressed(tenant, release1);
    const handles: string[] = [];
    for (const tab of [1, 2]) {
      const begun = await edge.signIns.begin(link, new Uint8Array([tab]));
      handles.push('handle' in begun ? begun.handle : '');
    }
    const anybody = (): boolean => true;
    const [first = '', second = ''] = handles;
    expect(await edge.signIns.resume(first, anybody)).toMatchObject({ code: 'attempt-over' });
    expect(await edge.signIns.resume(second, anybody)).toMatchObject({
      secret: new Uint8Array([2]),
    });
    // A handle is no link, and a link no handle.
    expect(await edge.signIns.show(second)).toMatchObject({ code: 'link-unknown' });
    expect(await edge.signIns.resume(link, anybody)).toMatchObject({ code: 'link-unknown' });
  });

  test('of two requests stand side by side', async () => {
    const tenant = await steppingUp();
    const links = [await pressed(tenant, release1), await pressed(tenant, release1)];
    for (const link of links) expect(await edge.bind(link)).toEqual({ bound: true });
    for (const link of links) expect(await edge.complete(link)).toMatchObject({ completed: true });
  });
});

describe('an approver who has left', () => {
  test.each(['deactivated', 'guest'] as const)(
    'and is %s approves nothing with a sign-in that they still have',
    async (standing) => {
      const tenant = await steppingUp();
      const link = await pressed(tenant, release1);
      await edge.bind(link);
      const given = edge.handIn(await edge.shown(link), await edge.relyOn(link));
      people.become(tenant.account(release1), standing);
      expect(await edge.signIns.complete(link, given)).toMatchObject({
        code: 'not-approved',
        refusal: { code: 'cannot-act', standing },
      });
      expect(await approvals(tenant)).toBe(0);
    },
  );

  test('leaves an address that nobody else is given', async () => {
    const tenant = await steppingUp();
    const link = await pressed(tenant, release1);
    await edge.bind(link);
    await edge.complete(link);
    const inherits = tenant.applyPolicy({
      stepUp: 'sso',
      require: 1,
      release: [release2],
      people: [
        `  - { slack: [${release2}], email: ${own(release1).email.toUpperCase()} }`,
        `  - { slack: [${PEOPLE.senior}], email: senior@acme.example }`,
      ].join('\n'),
    });
    await expect(inherits).rejects.toThrow('the log has this address for another person already');
  });
});
