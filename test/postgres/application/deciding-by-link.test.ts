import { describe, expect, test } from 'vitest';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { MINUTE_MS } from '#domain/instant';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import type { BypassId } from '#domain/ids';
import { testInstallation } from '#test/support/application/installation';
import { BROWSER, isOwner, LinkEdge, SECRET, signInOf } from '#test/support/application/link-edge';
import { PEOPLE, type PolicyChoices, type User } from '#test/support/application/policy-document';
import { linkTo, SIGN_IN, SignInEdge } from '#test/support/application/sign-in-edge';
import { TestProvider } from '#test/support/application/test-provider';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ replicas: 2, signIn: SIGN_IN });
const { people, replicas, database, advance } = installation;
const [first, second = first] = replicas;
const edge = new LinkEdge(first);
const provider = new TestProvider();
const signing = new SignInEdge(first, provider);
const { onCall, release1, release2, release3, bystander } = PEOPLE;

/** A tenant in which these people have bound their accounts, as they pressed Approve in Slack once. */
async function withBound(users: readonly User[], choices: PolicyChoices = {}): Promise<TestTenant> {
  const tenant = await installation.tenant({ stepUp: 'sso', require: 1, ...choices });
  if (users.length === 0) return tenant;
  const rehearsal = await tenant.open({ drill: true });
  for (const user of users) {
    await tenant.approve(user, rehearsal);
    await signing.bind(linkTo(tenant, user));
  }
  return tenant;
}

/** Follows the link, approves, and signs in once more. */
async function approveByLink(tenant: TestTenant, bypass: BypassId, user: User) {
  const link = await edge.signing(tenant, bypass, user, TTL_MS);
  return signing.complete(link);
}

const rows = async (table: string): Promise<number> => {
  const { rows: found } = await database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM app.${table}`,
  );
  return found[0]?.n ?? 0;
};

describe('while Slack is away for the whole of it', () => {
  test('people whom the policy lists approve by a link, the gate opens, and closes by itself', async () => {
    const tenant = await withBound([release1, release2], { require: 2 });
    const bypass = await tenant.open();
    people.failing = true;
    expect(await approveByLink(tenant, bypass, release1)).toMatchObject({ activated: false });
    await advance(8 * MINUTE_MS);
    expect(await approveByLink(tenant, bypass, release2)).toMatchObject({ activated: true });
    const [, one, two, activated] = await tenant.events(bypass);
    expect(one).toMatchObject({ type: 'approval.given', steppedUp: true, vouched: [{}] });
    expect(two).toMatchObject({ type: 'approval.given', steppedUp: true, vouched: [{}] });
    expect(activated).toMatchObject({ type: 'bypass.activated', vouched: [{}, {}] });
    await advance(TTL_MS);
    await tenant.due();
    expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
  });

  test('whoever is in a Slack user group is told that nobody can say so', async () => {
    const tenant = await withBound([]);
    people.setUsergroup(tenant.account(release1).team, 'S0RELEASE', [tenant.account(release1)]);
    await tenant.applyPolicy({ stepUp: 'sso', require: 1, releaseGroup: 'S0RELEASE' });
    const before = await tenant.open({ drill: true });
    await tenant.approve(release1, before);
    await signing.bind(linkTo(tenant, release1));
    const bypass = await tenant.open();
    const handle = await edge.handleOf(tenant, bypass, release1);
    expect(await edge.where(handle)).toMatchObject({ at: 'deciding', name: release1 });
    people.failing = true;
    const refusal = { code: 'not-decided', refusal: { code: 'look-up-failed' } };
    expect(await edge.where(handle)).toMatchObject(refusal);
    // Whoever sends the form all the same is judged the same.
    const choice = { kind: 'approve', ttlMs: TTL_MS } as const;
    expect(await edge.choose(tenant, handle, choice)).toMatchObject(refusal);
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
  });

  test('a sign-in vouches for ten minutes; whoever approved before signs in again', async () => {
    const tenant = await withBound([release1, release2], { require: 2 });
    const bypass = await tenant.open();
    people.failing = true;
    await approveByLink(tenant, bypass, release1);
    await advance(SIGN_IN_MAX_MS + 1);
    const handle = await edge.handleOf(tenant, bypass, release2);
    expect(await edge.where(handle)).toMatchObject({ refusal: { code: 'look-up-failed' } });
    const again = await edge.handleOf(tenant, bypass, release1);
    expect(await edge.where(again)).toMatchObject({ refusal: { code: 'already-approved' } });
    expect(await approveByLink(tenant, bypass, release2)).toMatchObject({ activated: true });
  });

  test('an account that was taken away vouches for nobody', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    people.failing = true;
    const handle = await edge.handleOf(tenant, bypass, release1);
    await unbindPerson(first.ports, tenant.id, tenant.account(release1), 'stolen');
    expect(await edge.where(handle)).toMatchObject({ refusal: { code: 'look-up-failed' } });
    expect(await edge.comeIn(tenant, bypass, release1)).toMatchObject({ code: 'not-bound' });
  });

  test('somebody who denies ends the request, and the entry says who vouched', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    people.failing = true;
    const handle = await edge.handleOf(tenant, bypass, release1);
    const denied = await edge.choose(tenant, handle, { kind: 'deny', reason: 'not tonight' });
    expect(denied).toMatchObject({ at: 'done', card: { phase: 'denied' } });
    const [, event] = await tenant.events(bypass);
    expect(event).toMatchObject({ type: 'request.denied', vouched: [{}] });
  });
});

describe('while Slack answers', () => {
  test('its word counts, and a sign-in stands in for nothing', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    const handle = await edge.handleOf(tenant, bypass, release1);
    people.become(tenant.account(release1), 'deactivated');
    expect(await edge.where(handle)).toMatchObject({ refusal: { code: 'cannot-act' } });
    people.join(tenant.account(release1), { name: release1 });
    const choice = { kind: 'approve', ttlMs: TTL_MS } as const;
    expect(await edge.choose(tenant, handle, choice)).toMatchObject({ at: 'signing' });
    expect(await approveByLink(tenant, bypass, release1)).toMatchObject({ activated: true });
    for (const event of await tenant.events(bypass)) expect(event).not.toHaveProperty('vouched');
  });

  test('one who approves in Slack and one by a link, at once, open the gate once', async () => {
    const tenant = await withBound([release1, release2]);
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    const [inSlack, byLink] = [
      linkTo(tenant, release1),
      await edge.signing(tenant, bypass, release2, TTL_MS),
    ];
    const other = new SignInEdge(second, provider);
    await Promise.all([signing.complete(inSlack), other.complete(byLink)]);
    const types = await tenant.types(bypass);
    expect(types.filter((type) => type === 'bypass.activated')).toHaveLength(1);
  });

  test('the requester, strangers to the policy and strangers to us get nowhere', async () => {
    const tenant = await withBound([release1], { release: [onCall, release1, bystander] });
    const other = await withBound([bystander], { release: [bystander] });
    const bypass = await other.open();
    await other.applyPolicy({ stepUp: 'sso', require: 1 });
    const refused = await edge.handleOf(other, bypass, bystander);
    expect(await edge.where(refused)).toMatchObject({ refusal: { code: 'not-an-approver' } });
    // A person of one tenant is nobody in another, whoever signs in.
    expect(await edge.comeIn(tenant, await tenant.open(), bystander)).toMatchObject({
      code: 'not-bound',
    });
    expect(await edge.comeIn(tenant, await tenant.open(), release2)).toMatchObject({
      code: 'not-bound',
    });
    const own = await tenant.open({}, onCall);
    const drill = await tenant.open({ drill: true }, PEOPLE.peer);
    await tenant.approve(onCall, drill);
    await signing.bind(linkTo(tenant, onCall));
    const handle = await edge.handleOf(tenant, own, onCall);
    expect(await edge.where(handle)).toMatchObject({ refusal: { code: 'own-request' } });
    const choice = { kind: 'approve', ttlMs: TTL_MS } as const;
    expect(await edge.choose(tenant, handle, choice)).toMatchObject({
      refusal: { code: 'own-request' },
    });
    expect(await tenant.types(own)).toEqual(['request.opened']);
  });
});

describe('a link', () => {
  test('changes nothing, however often it is looked at, and shows nothing that was typed', async () => {
    const tenant = await withBound([]);
    const bypass = await tenant.open({ justification: 'the cache of ours' });
    const link = await edge.linkOf(tenant, bypass);
    const before = [await rows('link_attempt'), await rows('press'), await rows('log_entry')];
    for (let look = 0; look < 20; look += 1) {
      const view = await edge.links.show(link);
      expect(view).toMatchObject({ phase: 'waiting', gate: 'image-policy', service: 'checkout' });
      expect(JSON.stringify(view)).not.toContain('cache');
    }
    const after = [await rows('link_attempt'), await rows('press'), await rows('log_entry')];
    expect(after).toEqual(before);
    for (const unknown of ['', 'x', 'A'.repeat(43)])
      expect(await edge.links.show(unknown)).toMatchObject({ code: 'link-unknown' });
  });

  test('is the same in every page, and tells for a day what was decided', async () => {
    const tenant = await withBound([release3]);
    const bypass = await tenant.open();
    const both = await Promise.all(replicas.map((one) => new LinkEdge(one).linkOf(tenant, bypass)));
    expect(both[0]).toBe(both[1]);
    const [link = ''] = both;
    await approveByLink(tenant, bypass, release3);
    expect(await edge.links.show(link)).toMatchObject({ phase: 'active' });
    const handle = await edge.handleOf(tenant, bypass, release3);
    expect(await edge.where(handle)).toMatchObject({ refusal: { code: 'already-decided' } });
    await advance(25 * 60 * MINUTE_MS);
    await tenant.due();
    expect(await edge.links.show(link)).toMatchObject({ code: 'link-over' });
  });

  test('stands nowhere in the clear, nor does what a browser comes back with', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    const link = await edge.linkOf(tenant, bypass);
    const handle = await edge.handleOf(tenant, bypass, release1);
    const { rows: stored } = await database.pool.query<{ row: string }>(
      `SELECT l::text AS row FROM app.page_link l UNION ALL SELECT a::text FROM app.link_attempt a
        UNION ALL SELECT d::text FROM app.link_directory d UNION ALL SELECT p::text FROM app.press p`,
    );
    const all = stored.map(({ row }) => row).join('\n');
    for (const secret of [link, handle, 'PKCE'])
      for (const form of [secret, Buffer.from(secret).toString('hex')])
        expect(all).not.toContain(form);
  });
});

describe('a browser that follows a link', () => {
  test('comes back once, and no other in its place', async () => {
    const tenant = await withBound([]);
    const link = await edge.linkOf(tenant, await tenant.open());
    const begun = await edge.links.begin(link, BROWSER, SECRET);
    if ('refused' in begun) throw new RangeError(begun.code);
    const stranger = await edge.links.comeBack(begun.handle, () => false);
    expect(stranger).toMatchObject({ code: 'other-browser' });
    const edges = replicas.map((one) => new LinkEdge(one));
    const backs = await Promise.all(edges.map((one) => one.links.comeBack(begun.handle, isOwner)));
    expect(backs.filter((one) => !('refused' in one))).toHaveLength(1);
    expect(await edge.links.comeBack(begun.handle, isOwner)).toMatchObject({
      code: 'attempt-over',
    });
    // Whoever is not known yet decides nothing.
    const [back] = backs.filter((one) => !('refused' in one));
    const handle = back !== undefined && 'handle' in back ? back.handle : '';
    const choice = { kind: 'approve', ttlMs: TTL_MS } as const;
    expect(await edge.links.choose(handle, isOwner, choice)).toMatchObject({ refused: true });
  });

  test('decides once, however often its form is sent, and within ten minutes', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    const handle = await edge.handleOf(tenant, bypass, release1);
    const presses = await rows('press');
    const choice = { kind: 'approve', ttlMs: TTL_MS } as const;
    await Promise.all(
      replicas.map((one) => new LinkEdge(one).links.choose(handle, isOwner, choice)),
    );
    await edge.choose(tenant, handle, { kind: 'deny', reason: 'changed my mind' });
    expect(await rows('press')).toBe(presses + 1);
    expect(await edge.links.choose(handle, () => false, choice)).toMatchObject({
      code: 'other-browser',
    });
    const late = await edge.handleOf(tenant, bypass, release1);
    await advance(SIGN_IN_MAX_MS);
    expect(await edge.links.choose(late, isOwner, choice)).toMatchObject({ code: 'too-late' });
  });

  test('is known by a sign-in of our own client alone, with a verified address', async () => {
    const tenant = await withBound([release1]);
    const bypass = await tenant.open();
    const now = await first.ports.store.read(tenant.id, (tx) => tx.now());
    const right = signInOf(release1, now);
    for (const wrong of [
      { client: 'breakglass-own-key' },
      { issuer: 'https://login.elsewhere.example' },
      { emailVerified: false },
      { authenticatedAt: null },
    ]) {
      const back = await edge.back(tenant, bypass);
      expect(await edge.links.identify(back, { ...right, ...wrong })).toMatchObject({
        code: 'token-unfit',
      });
    }
    const back = await edge.back(tenant, bypass);
    expect(await edge.links.identify(back, { ...right, subject: 'other' })).toMatchObject({
      code: 'not-bound',
    });
  });
});
