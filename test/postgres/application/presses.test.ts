import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadCard } from '#application/card/load-card';
import { loadPostMortem } from '#application/card/load-post-mortem';
import type { PressAction } from '#application/ports/press';
import { bypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import { FORM, TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world } = installation;
const { onCall, peer, release1, release2, senior, owner, admin, bystander, guest } = PEOPLE;

/** Refused: one private note that says why, nothing about a bypass in the log. */
async function expectRefused(
  tenant: TestTenant,
  user: User,
  action: PressAction,
  code: string,
): Promise<void> {
  const aboutBypasses = async () => (await tenant.events()).filter((one) => 'bypass' in one).length;
  const before = await aboutBypasses();
  const told = tenant.notes(user).length;
  expect(await tenant.press(user, action)).toBe('refused');
  expect(await aboutBypasses()).toBe(before);
  const notes = tenant.notes(user).slice(told);
  expect(notes).toMatchObject([{ kind: 'refusal', refusal: { code }, tried: action.kind }]);
}

describe('asking', () => {
  test('opens a request, asks its approvers and pages', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open({ incident: 'INC-1' });
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
    const cards = world.cardsOf(bypass);
    expect(cards.map(({ surface }) => surface.kind).sort()).toEqual(
      ['approver', 'approver', 'approver', 'incident', 'requester'].sort(),
    );
    for (const { card } of cards)
      expect(card).toMatchObject({
        phase: 'waiting',
        justification: FORM.justification,
        incident: 'INC-1',
      });
    expect(world.pages).toContainEqual(
      expect.objectContaining({ kind: 'asked', card: expect.objectContaining({ bypass }) }),
    );
  });

  test.each([
    ['whoever is no requester', bystander, {}, 'not-a-requester'],
    ['a guest', guest, {}, 'cannot-act'],
    ['a TTL that no tier offers', onCall, { ttlMs: 7 }, 'ttl-not-offered'],
    ['a gate that nobody knows', onCall, { gate: 'no-such-gate' }, 'unknown-gate'],
  ] as const)('refuses %s', async (_what, user, form, code) => {
    const tenant = await installation.tenant();
    await expectRefused(tenant, user, { kind: 'open', form: { ...FORM, ...form } }, code);
  });

  test('refuses an account of a workspace that the policy does not list', async () => {
    const tenant = await installation.tenant();
    const other = await installation.tenant();
    const key = randomUUID();
    await installation.replicas[0].stores.presses.store({
      tenant: tenant.id,
      key,
      account: other.account(onCall),
      action: { kind: 'open', form: FORM },
      from: null,
    });
    await tenant.settled();
    expect(await tenant.outcomeOf(key)).toBe('refused');
    expect(other.refusals(onCall)).toEqual(['cannot-act']);
    expect(await tenant.types()).toEqual(['log.started', 'policy.applied']);
  });

  test('presses that are stored together go on each with the trace that it came by', async () => {
    const tenant = await installation.tenant();
    const [{ stores }] = installation.replicas;
    const traces = [1, 2, 3].map((n) => `00-${String(n).repeat(32)}-${String(n).repeat(16)}-01`);
    const store = (trace?: string) =>
      stores.presses.store({
        tenant: tenant.id,
        key: randomUUID(),
        account: tenant.account(onCall),
        action: { kind: 'open', form: FORM },
        from: null,
        ...(trace === undefined ? {} : { trace }),
      });
    await Promise.all([...traces.map(store), store()]);
    const { rows } = await installation.database.pool.query<{ readonly trace: string | null }>(
      `SELECT data->>'trace' AS trace FROM pgboss.job
        WHERE name = 'press' AND data->>'tenant' = $1`,
      [tenant.id],
    );
    const carried = rows.map(({ trace }) => trace ?? 'none');
    expect(carried.toSorted()).toEqual([...traces, 'none'].toSorted());
  });

  test('stops at the limit of requests that wait, however fast they are pressed', async () => {
    const tenant = await installation.tenant();
    const presses = [1, 2, 3, 4, 5].map(() => tenant.store(onCall, { kind: 'open', form: FORM }));
    const keys = await Promise.all(presses);
    await tenant.settled();
    const outcomes = await Promise.all(keys.map((key) => tenant.outcomeOf(key)));
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(3);
    expect(outcomes.filter((one) => one === 'refused')).toHaveLength(2);
    expect(tenant.refusals(onCall)).toEqual(['too-many-waiting', 'too-many-waiting']);
  });

  test('takes a press that is delivered again for one press', async () => {
    const tenant = await installation.tenant();
    const key = randomUUID();
    const action: PressAction = { kind: 'open', form: FORM };
    await Promise.all([1, 2, 3].map(() => tenant.store(onCall, action, { key })));
    await tenant.settled();
    await tenant.press(onCall, action, { key });
    expect((await tenant.types()).filter((one) => one === 'request.opened')).toHaveLength(1);
  });
});

describe('deciding', () => {
  test('two approvals open the gate for the shorter TTL, from the commit', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open({ ttlMs: HOUR_MS });
    expect(await tenant.approve(release1, bypass, HOUR_MS)).toBe('done');
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
    expect(await tenant.approve(release2, bypass, 15 * MINUTE_MS)).toBe('done');
    const active = await tenant.bypass(bypass);
    if (active.phase !== 'active') throw new RangeError(active.phase);
    const { ttlMs, activatedAt, expiresAt } = active.grant;
    expect([ttlMs, expiresAt - activatedAt]).toEqual([15 * MINUTE_MS, 15 * MINUTE_MS]);
    for (const { card } of world.cardsOf(bypass)) expect(card.phase).toBe('active');
  });

  test('refuses whoever may not approve', async () => {
    const tenant = await installation.tenant({ release: [onCall, release1, release2, guest] });
    const bypass = await tenant.open();
    const approve: PressAction = { kind: 'approve', bypass, ttlMs: TTL_MS };
    await expectRefused(tenant, onCall, approve, 'own-request');
    await expectRefused(tenant, bystander, approve, 'not-an-approver');
    await expectRefused(tenant, guest, approve, 'cannot-act');
    await expectRefused(tenant, senior, approve, 'not-an-approver');
    await expectRefused(tenant, release1, { ...approve, ttlMs: 4 * HOUR_MS }, 'ttl-not-offered');
    await tenant.approve(release1, bypass);
    await expectRefused(tenant, release1, approve, 'already-approved');
    const nowhere = bypassId(randomUUID());
    await expectRefused(tenant, release2, { ...approve, bypass: nowhere }, 'unknown-bypass');
    expect((await tenant.bypass(bypass)).phase).toBe('waiting');
  });

  test('never counts the requester under another of their accounts', async () => {
    const people = `  - { slack: [${onCall}, ${release1}] }`;
    const tenant = await installation.tenant({ people });
    const bypass = await tenant.open();
    const approve: PressAction = { kind: 'approve', bypass, ttlMs: TTL_MS };
    await expectRefused(tenant, release1, approve, 'own-request');
  });

  test('one denial ends a request, and the next request shows it', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.open();
    const deny: PressAction = { kind: 'deny', bypass: first, reason: 'roll back instead' };
    await expectRefused(tenant, onCall, deny, 'own-request');
    await expectRefused(tenant, peer, deny, 'not-an-approver');
    expect(await tenant.press(release1, deny)).toBe('done');
    const approve: PressAction = { kind: 'approve', bypass: first, ttlMs: TTL_MS };
    await expectRefused(tenant, release2, approve, 'already-decided');
    const next = await tenant.open();
    const [shown] = world.cardsOf(next);
    expect(shown?.card).toMatchObject({
      earlierDenials: [{ reason: 'roll back instead', by: { name: release1 } }],
    });
  });

  test('the requester withdraws, and nobody else', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await expectRefused(tenant, release1, { kind: 'withdraw', bypass }, 'not-allowed');
    expect(await tenant.press(onCall, { kind: 'withdraw', bypass })).toBe('done');
    await expectRefused(tenant, onCall, { kind: 'withdraw', bypass }, 'already-decided');
  });
});

describe('ending', () => {
  test('the requester closes, and the review opens', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await expectRefused(tenant, onCall, { kind: 'close', bypass }, 'not-active');
    await tenant.approve(release1, bypass);
    await tenant.approve(release2, bypass);
    await expectRefused(tenant, release1, { kind: 'close', bypass }, 'not-allowed');
    expect(await tenant.press(onCall, { kind: 'close', bypass })).toBe('done');
    expect((await tenant.types(bypass)).slice(-3)).toEqual([
      'bypass.closed',
      'post-mortem.opened',
      'gate.read-back',
    ]);
    const reviews = world.cardsOf(bypass).filter(({ surface }) => surface.kind === 'post-mortem');
    expect(reviews.map(({ surface }) => surface.to.kind).toSorted()).toEqual(['person', 'thread']);
    await expectRefused(tenant, onCall, { kind: 'close', bypass }, 'already-decided');
  });

  test('an approver of the request or an admin revokes', async () => {
    const tenant = await installation.tenant();
    for (const user of [release1, admin]) {
      const bypass = await tenant.activate();
      const revoke: PressAction = { kind: 'revoke', bypass, reason: 'wrong service' };
      await expectRefused(tenant, onCall, revoke, 'not-allowed');
      await expectRefused(tenant, PEOPLE.release3, revoke, 'not-allowed');
      expect(await tenant.press(user, revoke)).toBe('done');
      expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'revoked' });
    }
  });

  test('the assignee or an admin completes the review, once', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    const complete: PressAction = {
      kind: 'complete',
      bypass,
      outcome: 'a test was missing',
      verdict: 'avoidable',
      followUps: ['write it'],
    };
    await expectRefused(tenant, owner, complete, 'not-active');
    await tenant.press(onCall, { kind: 'close', bypass });
    await expectRefused(tenant, onCall, complete, 'not-allowed');
    expect(await tenant.press(owner, complete)).toBe('done');
    await expectRefused(tenant, admin, complete, 'nothing-changed');
    expect((await tenant.chain(bypass)).postMortem?.completedAt).not.toBeNull();
    const [{ ports, stores }] = installation.replicas;
    const card = await stores.store.read(tenant.id, (tx) => loadPostMortem(ports, tx, bypass));
    expect(card.completion).toMatchObject({
      by: { account: { user: owner } },
      verdict: 'avoidable',
      outcome: 'a test was missing',
      followUpCount: 1,
      followUps: ['write it'],
    });
  });
});

describe('extending', () => {
  test('stays with the incident of the bypass that it extends', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate({ incident: 'INC-7' });
    const more = { kind: 'extend', ttlMs: HOUR_MS, justification: 'the build is slow' } as const;
    await tenant.press(onCall, { ...more, bypass: first });
    const [, waiting] = (await tenant.chain(first)).bypasses;
    const [{ ports, stores }] = installation.replicas;
    const card = await stores.store.read(tenant.id, (tx) =>
      loadCard(ports, tx, waiting?.request.id ?? first),
    );
    expect(card).toMatchObject({ extends: first, incident: 'INC-7' });
  });

  test('is a new request of the same chain, with one review at the end', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    const extend: PressAction = {
      kind: 'extend',
      bypass: first,
      ttlMs: HOUR_MS,
      justification: 'the build is slow',
    };
    expect(await tenant.press(onCall, extend)).toBe('done');
    const [, waiting] = (await tenant.chain(first)).bypasses;
    const second = waiting?.request.id ?? bypassId('');
    await expectRefused(tenant, onCall, extend, 'not-extendable');
    await tenant.approve(release1, second, HOUR_MS);
    await tenant.approve(release2, second, HOUR_MS);
    expect((await tenant.bypass(second)).phase).toBe('active');
    await tenant.press(onCall, { kind: 'close', bypass: first });
    expect(await tenant.types(first)).not.toContain('post-mortem.opened');
    await tenant.press(onCall, { kind: 'close', bypass: second });
    const opened = (await tenant.types()).filter((one) => one === 'post-mortem.opened');
    expect(opened).toHaveLength(1);
  });

  test('is refused for what does not run, and for nothing', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    const extend = { kind: 'extend', ttlMs: TTL_MS, justification: 'more time' } as const;
    await expectRefused(tenant, onCall, { ...extend, bypass }, 'not-extendable');
    const nowhere = bypassId(randomUUID());
    await expectRefused(tenant, onCall, { ...extend, bypass: nowhere }, 'unknown-bypass');
  });
});

test('a drill runs the whole way, is marked everywhere, and no gate hears of it', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate({ drill: true });
  await tenant.press(onCall, { kind: 'close', bypass });
  const events = await tenant.events(bypass);
  expect(events.map((one) => one.type)).toEqual([
    'request.opened',
    'approval.given',
    'approval.given',
    'bypass.activated',
    'bypass.closed',
  ]);
  expect(events.every((one) => 'drill' in one && one.drill)).toBe(true);
  expect(world.cardsOf(bypass).every(({ card }) => card.drill)).toBe(true);
  expect(world.lookedAt).not.toContain(bypass);
});

describe('presses that come together', () => {
  test('are each stored once with its job, and one that cannot be stored takes none with it', async () => {
    const tenant = await installation.tenant();
    const bypasses = [await tenant.open(), await tenant.open()];
    const deny = (reason: string): PressAction => ({
      kind: 'deny',
      bypass: bypasses[0] ?? bypassId(randomUUID()),
      reason,
    });
    const twice = randomUUID();
    const outcomes = await Promise.allSettled([
      tenant.store(peer, { kind: 'close', bypass: bypasses[1] ?? bypassId(randomUUID()) }),
      // No text of PostgreSQL holds the null character.
      tenant.store(release1, deny('no \u0000 such text')),
      tenant.store(
        onCall,
        { kind: 'withdraw', bypass: bypasses[1] ?? bypassId(randomUUID()) },
        {
          key: twice,
        },
      ),
      tenant.store(
        onCall,
        { kind: 'withdraw', bypass: bypasses[1] ?? bypassId(randomUUID()) },
        {
          key: twice,
        },
      ),
      tenant.store(release2, deny('because')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    await tenant.settled();
    const { rows } = await installation.database.pool.query<{ outcome: string }>(
      `SELECT count(*)::int AS presses, count(outcome)::int AS judged FROM app.press
       WHERE tenant_id = $1 AND action->>'kind' <> 'open'`,
      [tenant.id],
    );
    expect(rows).toEqual([{ presses: 3, judged: 3 }]);
    expect(await tenant.types(bypasses[0])).toEqual(['request.opened', 'request.denied']);
    expect(await tenant.types(bypasses[1])).toEqual(['request.opened', 'request.withdrawn']);
  });
});
