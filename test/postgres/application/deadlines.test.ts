import { describe, expect, test } from 'vitest';
import { runDue } from '#application/deadlines/run-due';
import { readBack } from '#application/gates/read-back';
import { IssueNotKept } from '#application/ports/review-issues';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, people, advance } = installation;
const [{ ports, stores }] = installation.replicas;
const { onCall, release1, release2, senior, owner } = PEOPLE;

const ignore = () => undefined;

describe('a request that waits', () => {
  test('asks more people on silence, whose approval then counts', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    expect(await tenant.approve(senior, bypass)).toBe('refused');
    await advance(4 * MINUTE_MS);
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened']);
    await advance(MINUTE_MS);
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual(['request.opened', 'request.escalated']);
    const asked = world.cardsOf(bypass).filter(({ surface }) => surface.kind === 'approver');
    const users = asked.map(({ surface: { to } }) => (to.kind === 'person' ? to.account.user : ''));
    expect(users.toSorted()).toEqual([release1, release2, PEOPLE.release3, senior]);
    expect(world.pages.filter((one) => one.card.bypass === bypass).map((one) => one.kind)).toEqual([
      'asked',
      'escalated',
    ]);
    await tenant.approve(senior, bypass);
    await tenant.approve(release1, bypass);
    expect((await tenant.bypass(bypass)).phase).toBe('active');
  });

  test('lapses at its own deadline and can be approved no more', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    await advance(30 * MINUTE_MS);
    expect(await tenant.approve(release2, bypass)).toBe('refused');
    await tenant.due();
    await tenant.due();
    expect(await tenant.types(bypass)).toEqual([
      'request.opened',
      'approval.given',
      'request.escalated',
      'request.lapsed',
    ]);
    expect(tenant.refusals(release2)).toEqual(['already-decided']);
  });

  test('waiting eats no TTL', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.open();
    await tenant.approve(release1, bypass);
    await advance(20 * MINUTE_MS);
    await tenant.approve(release2, bypass);
    const active = await tenant.bypass(bypass);
    if (active.phase !== 'active') throw new RangeError(active.phase);
    expect(active.grant.activatedAt - active.request.openedAt).toBeGreaterThan(20 * MINUTE_MS - 1);
    expect(active.grant.expiresAt - active.grant.activatedAt).toBe(TTL_MS);
  });
});

describe('an active bypass', () => {
  test('closes at its expiry, however late, dated when it ended', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    await advance(3 * HOUR_MS);
    await tenant.due();
    await tenant.due();
    const closed = await tenant.bypass(bypass);
    if (closed.phase !== 'closed') throw new RangeError(closed.phase);
    expect(closed).toMatchObject({ how: 'expired', endedAt: closed.grant.expiresAt });
    const types = await tenant.types(bypass);
    expect(types.filter((one) => one === 'bypass.closed')).toHaveLength(1);
    expect(types.filter((one) => one === 'post-mortem.opened')).toHaveLength(1);
    expect(world.lookedAt).toContain(bypass);
  });

  test('closes even if the workspace does not answer', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    await advance(TTL_MS);
    people.failing = true;
    await tenant.due();
    expect(await tenant.bypass(bypass)).toMatchObject({ phase: 'closed', how: 'expired' });
  });

  test('after its expiry can only have expired, whoever presses what', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    await advance(TTL_MS);
    await tenant.press(release1, { kind: 'revoke', bypass, reason: 'too late' });
    expect(await tenant.bypass(bypass)).toMatchObject({
      phase: 'closed',
      how: 'expired',
      by: null,
    });
  });

  test('those that fall due together close in one commit, each once', async () => {
    const tenant = await installation.tenant();
    const bypasses = [await tenant.activate(), await tenant.activate(), await tenant.activate()];
    await advance(TTL_MS);
    await runDue({ ...ports, tenants: stores.tenants }, ignore);
    const sizes = await closesOf(tenant.id);
    expect([sizes.length, new Set(sizes).size]).toEqual([bypasses.length, 1]);
  });
});

describe('the review', () => {
  test('is chased with one reminder each, until it is done', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    await tenant.press(onCall, { kind: 'close', bypass });
    expect(await remindersAfter(2 * DAY_MS - MINUTE_MS)).toBe(0);
    expect(await remindersAfter(MINUTE_MS)).toBe(1);
    // What happens to the chain since brings no reminder back.
    const openAgain = { ...world.gate, enforces: async () => false };
    await readBack(ports, () => openAgain, tenant.id, bypass);
    expect((await tenant.types(bypass)).at(-1)).toBe('gate.read-back');
    expect(await remindersAfter(MINUTE_MS)).toBe(1);
    expect(await remindersAfter(DAY_MS)).toBe(2);
    await tenant.press(owner, { kind: 'complete', bypass, outcome: 'done' });
    expect(await remindersAfter(5 * DAY_MS)).toBe(2);

    async function remindersAfter(ms: number): Promise<number> {
      await advance(ms);
      await tenant.due();
      await tenant.due();
      return tenant.notes(owner).filter((one) => one.kind === 'reminder').length;
    }
  });

  test('is kept as one issue, also where an answer is lost, and shows what comes late', async () => {
    const review = 'issue: { repository: acme/reviews, repository_id: 7 }';
    const tenant = await installation.tenant({ review });
    const bypass = await tenant.activate();
    const lost = Promise.withResolvers<void>();
    world.afterIssue = async () => {
      world.afterIssue = async () => {};
      lost.resolve();
      throw new IssueNotKept('unanswered');
    };
    await tenant.press(onCall, { kind: 'close', bypass });
    await lost.promise;
    await tenant.settled();
    await tenant.hurry();
    const mine = () => world.issues.filter(({ marker }) => marker.includes(bypass));
    expect(mine()).toMatchObject([{ isDone: false }]);
    const outcome = { outcome: 'a cache was cold, ask @acme', verdict: 'avoidable' } as const;
    await tenant.press(owner, { kind: 'complete', bypass, ...outcome });
    await tenant.settled();
    await tenant.hurry();
    expect(mine()).toMatchObject([{ isDone: true }]);
    expect(mine()[0]?.body).toContain('**Avoidable: there was another way.**');
    expect(mine()[0]?.body).not.toContain('@acme');
  });

  test('of a chain comes when nothing of it can open the gate any more', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    const extend = { ttlMs: TTL_MS, justification: 'more time' };
    await tenant.press(onCall, { kind: 'extend', bypass: first, ...extend });
    await advance(TTL_MS);
    await tenant.due();
    expect((await tenant.bypass(first)).phase).toBe('closed');
    expect(await tenant.types()).not.toContain('post-mortem.opened');
    await advance(HOUR_MS);
    await tenant.due();
    expect((await tenant.types()).slice(-2)).toEqual(['request.lapsed', 'post-mortem.opened']);
  });

  test('an extension ends within the cap of its chain', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    const { grant: opened } = await activeOf(first);
    await advance(14 * MINUTE_MS);
    const second = await extended(first);
    await advance(59 * MINUTE_MS);
    const third = await extended(second);
    const { grant } = await activeOf(third);
    expect(grant.expiresAt).toBe(opened.activatedAt + 75 * MINUTE_MS);
    const more = { kind: 'extend', bypass: third, ttlMs: TTL_MS, justification: 'more' } as const;
    expect(await tenant.press(onCall, more)).toBe('refused');
    expect(tenant.refusals(onCall)).toEqual(['chain-cap-reached']);

    async function extended(bypass: typeof first) {
      const justification = 'more time';
      await tenant.press(onCall, { kind: 'extend', bypass, ttlMs: HOUR_MS, justification });
      const id = (await tenant.chain(first)).bypasses.at(-1)?.request.id ?? first;
      await tenant.approve(release1, id, HOUR_MS);
      await tenant.approve(release2, id, HOUR_MS);
      return id;
    }
    async function activeOf(id: typeof first) {
      const found = await tenant.bypass(id);
      if (found.phase !== 'active') throw new RangeError(found.phase);
      return found;
    }
  });
});

/** The checkpoint that covers each close first. */
async function closesOf(tenant: string): Promise<readonly number[]> {
  const { rows } = await installation.database.pool.query<{ size: number }>(
    `SELECT checkpoint_size AS size FROM app.log_entry
      WHERE tenant_id = $1 AND type = 'bypass.closed'`,
    [tenant],
  );
  return rows.map((row) => row.size);
}
