import { describe, expect, test } from 'vitest';
import { handlePress } from '#application/press/handle-press';
import { tellUnbound } from '#application/sign-in/tell-unbound';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { exportLog } from '#application/audit/export-log';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import { DAY_MS, MINUTE_MS, type Instant } from '#domain/instant';
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
import type { BypassId } from '#domain/ids';

const installation = await testInstallation({ replicas: 2, signIn: SIGN_IN });
const { database, people, replicas } = installation;
const [first] = replicas;
const provider = new TestProvider();
const edge = new SignInEdge(first, provider);
const { onCall, release1, release2 } = PEOPLE;

const anybody = (): boolean => true;
const steppingUp = (require = 1) => installation.tenant({ stepUp: 'sso', require });

/** Pressed, and given a link. */
async function pressed(tenant: TestTenant, user: User, bypass: BypassId): Promise<string> {
  await tenant.approve(user, bypass);
  return linkTo(tenant, user);
}

/** Pressed, and bound to the account that belongs to the person. */
async function bound(tenant: TestTenant, user: User, bypass: BypassId): Promise<string> {
  const link = await pressed(tenant, user, bypass);
  expect(await edge.bind(link)).toEqual({ bound: true });
  return link;
}

describe('where a tier demands a sign-in', () => {
  test('Approve leads to a link, and the log hears of it once the approval is signed', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    expect(await tenant.approve(release1, bypass)).toBeNull();
    const types = await tenant.types();
    expect(types).not.toContain('approval.given');
    expect(tenant.notes(release1)).toMatchObject([{ kind: 'sign-in', ownKey: true }]);
    const link = linkTo(tenant, release1);
    await edge.bind(link);
    expect(await edge.complete(link)).toMatchObject({ completed: true, activated: true });
    expect((await tenant.types()).slice(types.length)).toEqual([
      'person.bound',
      'provider.keys',
      'approval.given',
      'bypass.activated',
      'sign-in.recorded',
    ]);
    const [approval] = (await tenant.bypass(bypass)).request.approvals;
    expect(approval).toMatchObject({ signing: 'attested', steppedUp: true });
  });

  test('each approver signs in, and the last sign-in opens the gate', async () => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const [one, two] = [
      await bound(tenant, release1, bypass),
      await bound(tenant, release2, bypass),
    ];
    expect(await edge.complete(one)).toMatchObject({ completed: true, activated: false });
    await installation.advance(2 * MINUTE_MS);
    expect(await edge.complete(two)).toMatchObject({ completed: true, activated: true });
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('a drill rehearses the sign-in too', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open({ drill: true });
    const link = await bound(tenant, release1, bypass);
    expect(await edge.complete(link)).toMatchObject({ completed: true, card: { drill: true } });
  });

  test('a link shows everything to decide by, and to whom it belongs', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open({ justification: 'nothing can be bought' });
    const link = await pressed(tenant, release1, bypass);
    const shown = await edge.shown(link);
    expect(shown).toMatchObject({
      bypass,
      card: { gate: 'image-policy', justification: 'nothing can be bought', stepUp: true },
      approver: { name: release1, binding: null },
    });
    expect(shown.expiresAt).toBe(shown.pressedAt + SIGN_IN_MAX_MS);
  });

  test('whoever may not approve is refused at once, and sent no link', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    expect(await tenant.approve(onCall, bypass)).toBe('refused');
    expect(tenant.refusals(onCall)).toEqual(['own-request']);
    expect(tenant.notes(onCall).some((one) => one.kind === 'sign-in')).toBe(false);
  });

  test('with a key of their own, the log says so', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    await edge.complete(link, { client: OWN_KEY_CLIENT });
    expect((await tenant.events()).at(-1)).toMatchObject({
      type: 'sign-in.recorded',
      mode: 'own-key',
      client: OWN_KEY_CLIENT,
    });
  });
});

describe('a link', () => {
  test('is of use once, on whichever replicas it is used at the same moment', async () => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    const keys = await edge.relyOn(link);
    const prepared = await edge.shown(link);
    const edges = replicas.map((one) => new SignInEdge(one, provider));
    const outcomes = await Promise.all(
      edges.map((one) => one.signIns.complete(link, one.handIn(prepared, keys))),
    );
    expect(outcomes.filter((one) => 'completed' in one)).toHaveLength(1);
    expect(outcomes.filter((one) => 'refused' in one)).toMatchObject([{ code: 'link-used' }]);
    expect(await edge.signIns.show(link)).toMatchObject({ code: 'link-used' });
  });

  test('ends when Approve is pressed again, and the newest one counts', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const older = await bound(tenant, release1, bypass);
    const newer = await pressed(tenant, release1, bypass);
    expect(newer).not.toBe(older);
    expect(await edge.complete(older)).toMatchObject({ code: 'link-replaced' });
    expect(await edge.complete(newer)).toMatchObject({ completed: true });
  });

  test('ends after ten minutes, and nothing of it is in the log', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    const keys = await edge.relyOn(link);
    const prepared = await edge.shown(link);
    const before = await tenant.types();
    await installation.advance(SIGN_IN_MAX_MS);
    const late = await edge.signIns.complete(link, edge.handIn(prepared, keys));
    expect(late).toMatchObject({ code: 'link-expired', at: prepared.expiresAt });
    expect(await tenant.types()).toEqual(before);
  });

  test('that nobody used is forgotten after a day, and its press ends with it', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const approve = { kind: 'approve', bypass, ttlMs: 900_000 } as const;
    const unused = await tenant.store(release1, approve);
    await tenant.settled();
    expect(await tenant.outcomeOf(unused)).toBeNull();
    const link = linkTo(tenant, release1);
    await installation.advance(2 * DAY_MS);
    await tenant.due();
    await pressed(tenant, release2, await tenant.open());
    expect(await edge.signIns.show(link)).toMatchObject({ code: 'link-unknown' });
    expect(await tenant.outcomeOf(unused)).toBe('refused');
  });

  test('stands nowhere in the clear, nor what is kept for a browser, nor the ID token', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    const begun = await edge.signIns.begin(link, Buffer.from('an ephemeral private key'));
    if (!('handle' in begun)) throw new RangeError(begun.code);
    const handedIn = edge.handIn(await edge.shown(link), await edge.relyOn(link));
    expect(await stored(tenant, [link, begun.handle, 'an ephemeral private key'])).toEqual([]);
    expect(await edge.signIns.complete(link, handedIn)).toMatchObject({ completed: true });
    expect(await stored(tenant, [link, handedIn.idToken])).toEqual([]);
    let exported = '';
    for await (const line of exportLog(first.stores, tenant.id, 0)) exported += line;
    expect(exported).toContain(handedIn.idToken);
  });

  test('that nobody gave out leads nowhere', async () => {
    for (const link of ['', 'x', 'A'.repeat(43)])
      expect(await edge.signIns.show(link)).toMatchObject({ code: 'link-unknown' });
  });
});

describe('what is kept until the browser comes back', () => {
  test('is given once, by any replica, and only while no other attempt was begun', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await pressed(tenant, release1, bypass);
    const secret = new Uint8Array([1, 2, 3]);
    const [older, newer] = [
      await edge.signIns.begin(link, new Uint8Array([9])),
      await edge.signIns.begin(link, secret),
    ];
    if (!('handle' in older) || !('handle' in newer)) throw new RangeError('not begun');
    expect(await edge.signIns.resume(older.handle, anybody)).toMatchObject({
      code: 'attempt-over',
    });
    const outcomes = await Promise.all(
      replicas.map((one) => new SignInEdge(one, provider).signIns.resume(newer.handle, anybody)),
    );
    const given = outcomes.filter((one) => 'secret' in one);
    expect(given).toMatchObject([{ link, secret, prepared: { bypass } }]);
    expect(await edge.signIns.resume(newer.handle, anybody)).toMatchObject({
      code: 'attempt-over',
    });
    expect(await edge.signIns.show(newer.handle)).toMatchObject({ code: 'link-unknown' });
  });
});

describe('a person and their account at the provider', () => {
  test('must be bound first, and to the address that the policy states', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await pressed(tenant, release1, bypass);
    expect(await edge.complete(link)).toMatchObject({ code: 'not-bound' });
    const stranger = accountOf('somebody.else@acme.example');
    expect(await edge.bind(link, { account: stranger })).toMatchObject({ code: 'email-differs' });
    expect(await edge.bind(link, { emailVerified: false })).toMatchObject({
      code: 'email-not-verified',
    });
    expect(await edge.bind(link)).toEqual({ bound: true });
    expect(await edge.bind(link)).toEqual({ bound: true });
    expect((await tenant.types()).filter((one) => one === 'person.bound')).toHaveLength(1);
  });

  test('are one: an account that was ever somebody’s is nobody else’s', async () => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const one = await pressed(tenant, release1, bypass);
    const two = await pressed(tenant, release2, bypass);
    const { subject } = accountOf((await edge.shown(one)).approver.mustBeEmail ?? '');
    expect(await edge.bind(one)).toEqual({ bound: true });
    // The provider gave the account the address of the other.
    const renamed = { subject, email: (await edge.shown(two)).approver.mustBeEmail ?? '' };
    expect(await edge.bind(two, { account: renamed })).toMatchObject({ code: 'account-taken' });
    // One account that signs in under two names would be two approvers.
    await unbindPerson(first.ports, tenant.id, tenant.account(release1), 'a new account');
    expect(await edge.bind(two, { account: renamed })).toMatchObject({ code: 'account-taken' });
    expect(await edge.bind(two)).toEqual({ bound: true });
  });

  test('stay bound whatever the Slack profile says, until somebody takes it away', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    const { approver } = await edge.shown(link);
    people.join(tenant.account(release1), { email: 'changed@acme.example' });
    const changed = accountOf('changed@acme.example');
    expect(await edge.bind(link, { account: changed })).toMatchObject({ code: 'other-account' });
    expect(await edge.complete(link, { account: changed })).toMatchObject({
      code: 'other-account',
      expected: approver.mustBeEmail,
      found: 'changed@acme.example',
    });
    const unbind = () =>
      unbindPerson(first.ports, tenant.id, tenant.account(release1), 'a new account');
    expect(await unbind()).toBe('unbound');
    expect(await unbind()).toBe('not-bound');
    expect(await edge.complete(link)).toMatchObject({ code: 'link-spent' });
    const again = await pressed(tenant, release1, bypass);
    expect(await edge.complete(again)).toMatchObject({ code: 'not-bound' });
    expect(await edge.bind(again)).toEqual({ bound: true });
    expect(await edge.complete(again)).toMatchObject({ completed: true });
  });
});

test('the security channel is told once of a binding taken away, and of the next one', async () => {
  const tenant = await steppingUp();
  const bypass = await tenant.open();
  await bound(tenant, release1, bypass);
  const look = () => tellUnbound(first.stores, tenant.id);
  const alarms = async () => {
    const { rows } = await database.pool.query<{ over: boolean }>(
      `SELECT cleared_at IS NOT NULL AS over FROM app.alarm
        WHERE tenant_id = $1 AND code = 'account-unbound'`,
      [tenant.id],
    );
    return rows.map((row) => (row.over ? 'over' : 'stands'));
  };
  await look();
  expect(await alarms()).toEqual([]);
  await unbindPerson(first.ports, tenant.id, tenant.account(release1), 'a lost phone');
  await look();
  await look();
  expect(await alarms()).toEqual(['stands']);
  await bound(tenant, release1, bypass);
  await look();
  await look();
  expect(await alarms()).toEqual(['over']);
});

describe('a sign-in is refused, and the link stays good,', () => {
  const refused = {
    'that came before the press': [{ staleMs: 10 * MINUTE_MS }, 'sign-in-too-old'],
    'for another statement or key': [{ nonce: 'another' }, 'nonce-differs'],
    'that another client asked for': [{ client: 'a-wiki' }, 'other-client'],
    'whose certificate names somebody else': [
      { certified: accountOf('tamy@acme.example.evil.example') },
      'bundle-refused',
    ],
    'whose bundle no reader of an export would take': [{ spelled: true }, 'bundle-refused'],
    'whose bundle is over something else': [{ statement: new Uint8Array([1]) }, 'bundle-refused'],
  } as const;

  test.each(Object.entries(refused))('%s', async (_, [choices, code]) => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    expect(await edge.complete(link, choices)).toMatchObject({ refused: true, code });
    expect(await tenant.types()).not.toContain('approval.given');
    expect(await edge.complete(link)).toMatchObject({ completed: true });
  });
});

describe('between the link and the approval', () => {
  test('an approver who left the group does not count', async () => {
    const tenant = await steppingUp();
    people.setUsergroup(tenant.account(release1).team, 'S0RELEASE', [tenant.account(release1)]);
    await tenant.applyPolicy({ stepUp: 'sso', require: 1, releaseGroup: 'S0RELEASE' });
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    people.setUsergroup(tenant.account(release1).team, 'S0RELEASE', []);
    expect(await edge.complete(link)).toMatchObject({
      code: 'not-approved',
      refusal: { code: 'not-an-approver' },
    });
    expect(tenant.refusals(release1)).toEqual([]);
    await tenant.settled();
    expect(tenant.refusals(release1)).toEqual(['not-an-approver']);
    expect(await edge.signIns.show(link)).toMatchObject({ code: 'link-spent' });
  });

  test('an approver who was deactivated does not count', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    people.become(tenant.account(release1), 'deactivated');
    expect(await edge.complete(link)).toMatchObject({
      code: 'not-approved',
      refusal: { code: 'cannot-act', standing: 'deactivated' },
    });
  });

  test('a policy that changed asks to press again, and then it counts', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    await tenant.applyPolicy({ stepUp: 'sso', require: 1, release: [release1, release2] });
    expect(await edge.complete(link)).toMatchObject({ code: 'statement-moved' });
    await tenant.settled();
    expect(tenant.refusals(release1)).toEqual(['statement-moved']);
    const again = await pressed(tenant, release1, bypass);
    expect(await edge.complete(again)).toMatchObject({ completed: true });
  });

  test('a request that lapsed takes nothing any more', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    await installation.advance(25 * MINUTE_MS);
    const link = await bound(tenant, release1, bypass);
    const { expiresAt, card } = await edge.shown(link);
    expect(expiresAt).toBe(card.pendingUntilAt);
    const prepared = await edge.shown(link);
    const keys = await edge.relyOn(link);
    await installation.advance(5 * MINUTE_MS);
    await tenant.due();
    expect(await edge.signIns.complete(link, edge.handIn(prepared, keys))).toMatchObject({
      code: 'link-expired',
    });
  });

  test('a request that was denied is told as such', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    await tenant.press(release2, { kind: 'deny', bypass, reason: 'use the rollback' });
    expect(await edge.complete(link)).toMatchObject({
      code: 'not-approved',
      refusal: { code: 'already-decided', phase: 'denied' },
    });
  });

  test('a workspace that does not say who is in a group ends nothing', async () => {
    const tenant = await installation.tenant({
      stepUp: 'sso',
      require: 1,
      releaseGroup: 'S0ENGINEER',
    });
    const bypass = await tenant.open();
    const link = await bound(tenant, PEOPLE.peer, bypass);
    people.failing = true;
    expect(await edge.complete(link)).toMatchObject({ refusal: { code: 'look-up-failed' } });
    people.failing = false;
    expect(await edge.complete(link)).toMatchObject({ completed: true });
  });

  test('a workspace that does not answer is stood in for by the sign-in, and the log says so', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    people.failing = true;
    expect(await edge.complete(link)).toMatchObject({ completed: true, activated: true });
    const [, approval, activated] = await tenant.events(bypass);
    // The approval was stated while the workspace answered.
    expect(approval).not.toHaveProperty('vouched');
    expect(activated).toMatchObject({ type: 'bypass.activated', vouched: [{}] });
  });

  test('two approvers complete at the same moment, and the gate opens once', async () => {
    const tenant = await steppingUp(2);
    const bypass = await tenant.open();
    const links = [await bound(tenant, release1, bypass), await bound(tenant, release2, bypass)];
    const edges = replicas.map((one) => new SignInEdge(one, provider));
    const outcomes = await Promise.all(
      links.map((link, place) => (edges[place] ?? edge).complete(link)),
    );
    expect(outcomes.every((one) => 'completed' in one)).toBe(true);
    const types = await tenant.types(bypass);
    expect(types.filter((one) => one === 'bypass.activated')).toHaveLength(1);
  });

  test('one press that two replicas handle is one link', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const press = await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: 900_000 });
    await Promise.all(replicas.map(({ ports }) => handlePress(ports, tenant.id, press)));
    await handlePress(first.ports, tenant.id, press);
    await tenant.settled();
    expect(tenant.notes(release1).map((one) => one.kind)).toEqual(['sign-in']);
  });
});

describe('the keys of the provider', () => {
  test('are recorded once, and anew when they change', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const link = await bound(tenant, release1, bypass);
    const before = await edge.relyOn(link);
    expect(await edge.relyOn(link)).toBe(before);
    provider.rotate();
    const after = await edge.relyOn(link);
    expect(after).not.toBe(before);
    const sets = (await tenant.events()).filter((one) => one.type === 'provider.keys');
    expect(sets).toHaveLength(2);
    expect(JSON.stringify(sets)).not.toContain('unneeded');
    const relied = await edge.signIns.reliedOn(link);
    expect(relied).toMatchObject([{ entry: before }, { entry: after }]);
    const later = await pressed(tenant, release1, bypass);
    expect(await edge.signIns.reliedOn(later)).toMatchObject([{ entry: after }]);
  });

  test('verify no token that names a set from before the press', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const former = await edge.relyOn(await bound(tenant, release1, bypass));
    provider.rotate();
    await edge.relyOn(linkTo(tenant, release1));
    const link = await pressed(tenant, release1, bypass);
    const handedIn = edge.handIn(await edge.shown(link), former);
    expect(await edge.signIns.complete(link, handedIn)).toMatchObject({ code: 'keys-moved' });
  });

  test('are relied on only once a witness has seen them, where one is set', async () => {
    const tenant = await steppingUp();
    const bypass = await tenant.open();
    const asked: number[] = [];
    const seen: { at: Instant | null } = { at: null };
    const cosigned = {
      cosignedAt: async (_: unknown, size: number) => {
        asked.push(size);
        return seen.at;
      },
    };
    const ports = { ...first.ports, signIn: { ...SIGN_IN, cosigned } };
    const watched = new SignInEdge({ ports }, provider);
    const link = await bound(tenant, release1, bypass);
    expect(await watched.signIns.relyOn(link, provider.jwks())).toMatchObject({
      code: 'keys-not-witnessed',
    });
    expect(asked).toEqual([(await tenant.types()).length]);
    const handedIn = watched.handIn(await edge.shown(link), await edge.relyOn(link));
    expect(await watched.signIns.complete(link, handedIn)).toMatchObject({
      code: 'keys-not-witnessed',
    });
    // Behind the token: no outsider could tell that the keys were not made up for it.
    seen.at = handedIn.signIn.issuedAt + 1_000;
    expect(await watched.signIns.complete(link, handedIn)).toMatchObject({ code: 'keys-moved' });
    seen.at = handedIn.signIn.issuedAt;
    expect(await watched.complete(link)).toMatchObject({ completed: true });
  });
});

/** Which of these texts stand in any row of the tenant's, as they are. */
async function stored(tenant: TestTenant, texts: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ all: string }>(
    `SELECT concat(
      (SELECT json_agg(p)::text FROM app.prepared_approval p WHERE tenant_id = $1),
      (SELECT json_agg(n)::text FROM app.note n WHERE tenant_id = $1),
      (SELECT json_agg(o)::text FROM app.log_opening o WHERE tenant_id = $1),
      (SELECT json_agg(d)::text FROM app.sign_in_directory d WHERE tenant_id = $1)) AS all`,
    [tenant.id],
  );
  const all = rows[0]?.all ?? '';
  expect(all).toContain('sign-in');
  const written = texts.flatMap((one) => [one, Buffer.from(one).toString('hex')]);
  return written.filter((one) => all.includes(one));
}
