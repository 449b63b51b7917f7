import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { DecisionAnswer } from '#application/decision/answer';
import { handlePress } from '#application/press/handle-press';
import { runDue, runDueOf } from '#application/deadlines/run-due';
import type { BypassId } from '#domain/ids';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { race, starts, type Starts } from '#test/support/application/race';
import { FORM, TTL_MS, type TestTenant } from '#test/support/application/test-tenant';
import { settings } from '#test/support/property';

// FC_RUNS makes a longer run of it.
vi.setConfig({ testTimeout: 300_000 });

const installation = await testInstallation({ replicas: 3 });
const { replicas, attester, world, advance } = installation;
const { onCall, peer, release1, release2, release3 } = PEOPLE;

/** Until every press has its outcome: a job that lost a race may be tried again later. */
async function outcomesOf(tenant: TestTenant, keys: readonly string[]) {
  for (;;) {
    await tenant.settled();
    const outcomes = await Promise.all(keys.map((key) => tenant.outcomeOf(key)));
    if (!outcomes.includes(null)) return outcomes;
    await tenant.hurry();
  }
}

async function expectCardsCurrent(tenant: TestTenant, bypass: BypassId): Promise<void> {
  // A card that was busy is left to a job of its own.
  await tenant.hurry();
  const { phase } = await tenant.bypass(bypass);
  const phases = world.cardsOf(bypass).map(({ card }) => card.phase);
  expect(new Set(phases)).toEqual(new Set([phase]));
}

async function countOf(tenant: TestTenant, bypass: BypassId, type: string): Promise<number> {
  return (await tenant.types(bypass)).filter((one) => one === type).length;
}

test('approvers at one instant, one of them clicking twice, while the requester withdraws', async () => {
  const tenant = await installation.tenant();
  const plan = fc.record({ at: starts(7), signMs: fc.nat(15), denies: fc.boolean() });
  const round = async ({ at, signMs, denies }: { at: Starts; signMs: number; denies: boolean }) => {
    const bypass = await tenant.open();
    attester.meanwhile = () => sleep(signMs).then(() => undefined);
    const approve = { kind: 'approve', bypass, ttlMs: TTL_MS } as const;
    const twice = randomUUID();
    const last = denies
      ? () => tenant.store(release3, { kind: 'deny', bypass, reason: 'no' }, { at: 2 })
      : () => tenant.store(release3, approve, { at: 2 });
    const keys = await race(at, [
      () => tenant.store(release1, approve, { key: twice, at: 0 }),
      () => tenant.store(release1, approve, { key: twice, at: 1 }),
      () => tenant.store(release1, approve, { at: 2 }),
      () => tenant.store(release2, approve, { at: 1 }),
      () => tenant.store(release2, approve, { at: 0 }),
      () => tenant.store(onCall, { kind: 'withdraw', bypass }, { at: 2 }),
      last,
    ]);
    const outcomes = await outcomesOf(tenant, [...new Set(keys)]);
    const state = await tenant.bypass(bypass);
    expect(['active', 'withdrawn', 'denied']).toContain(state.phase);
    const endings = state.phase === 'active' ? 0 : 1;
    const given = await countOf(tenant, bypass, 'approval.given');
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(given + endings);
    expect(await countOf(tenant, bypass, 'bypass.activated')).toBe(1 - endings);
    await expectCardsCurrent(tenant, bypass);
    await tenant.press(onCall, { kind: 'close', bypass });
  };
  await fc.assert(fc.asyncProperty(plan, round), settings({ numRuns: 5 }));
});

test('a press in the hands of several replicas is one act', async () => {
  const tenant = await installation.tenant();
  await tenant.open();
  const round = async (at: Starts) => {
    const handle = async (press: string) =>
      race(
        at,
        replicas.map(
          ({ ports }) =>
            () =>
              handlePress(ports, tenant.id, press),
        ),
      );
    await handle(await tenant.storeAlone(onCall, { kind: 'open', form: FORM }));
    const opened = (await tenant.events()).filter((one) => one.type === 'request.opened');
    const bypass = (opened.at(-1)?.bypass ?? '') as BypassId;
    await handle(await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: TTL_MS }));
    await handle(await tenant.storeAlone(onCall, { kind: 'withdraw', bypass }));
    expect(await tenant.types(bypass)).toEqual([
      'request.opened',
      'approval.given',
      'request.withdrawn',
    ]);
    const told = [...tenant.notes(onCall), ...tenant.notes(release1)];
    expect(told.filter(({ kind }) => kind !== 'outcome')).toEqual([]);
    const again = (await tenant.types()).filter((one) => one === 'request.opened');
    expect(again).toHaveLength(opened.length);
    expect(opened.length).toBe((rounds += 1) + 1);
  };
  let rounds = 0;
  await fc.assert(fc.asyncProperty(starts(3, 15), round), settings({ numRuns: 4 }));
});

test('nobody is told to wait for Sigstore once another replica had its answer', async () => {
  const tenant = await installation.tenant({ attestation: 'required' });
  const bypass = await tenant.open();
  await tenant.press(release1, { kind: 'withdraw', bypass });
  const told = tenant.notes(release1).length;
  const press = await tenant.storeAlone(release1, { kind: 'approve', bypass, ttlMs: TTL_MS });
  const [{ ports }, second] = replicas;
  const overtaken: typeof ports = {
    ...ports,
    store: {
      ...ports.store,
      async locked(of, work) {
        attester.fault = null;
        await handlePress(second?.ports ?? ports, of, press);
        return ports.store.locked(of, work);
      },
    },
  };
  attester.fault = 'unavailable';
  await handlePress(overtaken, tenant.id, press);
  await tenant.hurry();
  expect(await tenant.outcomeOf(press)).toBe('done');
  expect(tenant.notes(release1)).toHaveLength(told);
});

test('close, expiry and revocation at one instant, while deploys ask', async () => {
  const tenant = await installation.tenant();
  const clients = await Promise.all(replicas.map((one) => decisionClient(one, tenant)));
  const plan = fc.record({ at: starts(8, 40), leftMs: fc.integer({ min: 1, max: 40 }) });
  const round = async ({ at, leftMs }: { at: Starts; leftMs: number }) => {
    const bypass = await tenant.activate();
    const active = await tenant.bypass(bypass);
    if (active.phase !== 'active') throw new RangeError(active.phase);
    const now = await replicas[0].stores.store.read(tenant.id, (tx) => tx.now());
    await advance(active.grant.expiresAt - now - leftMs);
    const answers: DecisionAnswer[] = [];
    const tick = (at: number) => async () => {
      for (let times = 0; times < 4; times += 1) {
        await runDueOf((replicas[at] ?? replicas[0]).ports, tenant.id);
        await sleep(leftMs / 3);
      }
      return null;
    };
    const ask = (of: number) => async () => {
      for (let times = 0; times < 4; times += 1) {
        const deploy = { id: `${bypass}/${of}`, attempt: 1 };
        const answer = await clients[of]?.ask({ deploy });
        if (answer !== undefined) answers.push(answer);
      }
      return null;
    };
    const stored = await race<string | null>(at, [
      () => tenant.store(onCall, { kind: 'close', bypass }, { at: 0 }),
      () => tenant.store(release1, { kind: 'revoke', bypass, reason: 'stop' }, { at: 1 }),
      ...[0, 1, 2].map(tick),
      ...[0, 1, 2].map(ask),
    ]);
    await outcomesOf(
      tenant,
      stored.filter((one) => one !== null),
    );
    await tenant.due();
    const closed = await tenant.bypass(bypass);
    if (closed.phase !== 'closed') throw new RangeError(closed.phase);
    expect(await countOf(tenant, bypass, 'bypass.closed')).toBe(1);
    expect(await countOf(tenant, bypass, 'post-mortem.opened')).toBe(1);
    expect(closed.endedAt).toBeLessThanOrEqual(closed.grant.expiresAt);
    for (const { decision, serverTime } of answers)
      if (decision === 'bypass') expect(serverTime).toBeLessThanOrEqual(closed.endedAt);
    await expectCardsCurrent(tenant, bypass);
  };
  await fc.assert(fc.asyncProperty(plan, round), settings({ numRuns: 4 }));
});

test('no deploy that asks after a revocation was committed passes', async () => {
  const tenant = await installation.tenant();
  const clients = await Promise.all(replicas.map((one) => decisionClient(one, tenant)));
  const round = async (at: readonly number[]) => {
    const bypass = await tenant.activate();
    const state = { revoked: false };
    const late: string[] = [];
    const passed: string[] = [];
    const asking = [0, 1, 2, 0, 1].map((of, place) => async () => {
      for (let after = 0; after < 2; after += state.revoked ? 1 : 0) {
        const askedAfter = state.revoked;
        const answer = await clients[of]?.ask({ deploy: { id: `${bypass}/${place}`, attempt: 1 } });
        if (answer?.decision === 'bypass') (askedAfter ? late : passed).push(answer.decisionId);
      }
      return null;
    });
    const revoke = async () => {
      await tenant.store(release1, { kind: 'revoke', bypass, reason: 'stop' }, { at: 2 });
      while ((await tenant.bypass(bypass)).phase === 'active') await sleep(1);
      state.revoked = true;
      return null;
    };
    await race(at, [revoke, ...asking]);
    await tenant.settled();
    expect(late).toEqual([]);
    // Whoever passed stands in the log: a deploy's first question, or the one that said more.
    const annotated = (await tenant.events(bypass)).filter(
      (one) => one.type === 'deploy.annotated',
    );
    if (passed.length > 0) expect(annotated.length).toBeGreaterThan(0);
    for (const { decision } of annotated) expect(passed).toContain(decision);
  };
  await fc.assert(fc.asyncProperty(starts(6, 60), round), settings({ numRuns: 3 }));
});

test('replicas that tick the same deadlines do each thing once', async () => {
  const tenant = await installation.tenant();
  const round = async (at: readonly number[]) => {
    const bypass = await tenant.activate();
    const waiting = await tenant.open();
    const tick = (of: number) => async () => {
      const { ports, stores } = replicas[of % 3] ?? replicas[0];
      await runDue({ ...ports, tenants: stores.tenants }, (_tenant, error) => {
        throw error;
      });
    };
    const ticks = [0, 1, 2, 3, 4, 5].map(tick);
    const reminded = () =>
      tenant.notes(PEOPLE.owner).filter((one) => one.kind === 'reminder').length;
    await advance(16 * MINUTE_MS);
    await race(at, ticks);
    expect(await tenant.types(waiting)).toEqual(['request.opened', 'request.escalated']);
    await advance(15 * MINUTE_MS);
    await race(at, ticks);
    await tenant.settled();
    expect((await tenant.types(waiting)).at(-1)).toBe('request.lapsed');
    expect(await countOf(tenant, bypass, 'bypass.closed')).toBe(1);
    const before = reminded();
    await advance(2 * DAY_MS);
    await race(at, ticks);
    await tenant.settled();
    expect(reminded()).toBe(before + 1);
    await tenant.press(PEOPLE.owner, { kind: 'complete', bypass, outcome: 'done' });
  };
  await fc.assert(fc.asyncProperty(starts(6, 10), round), settings({ numRuns: 3 }));
});

test('first presses of many people on several replicas make each person once', async () => {
  const round = async (at: readonly number[]) => {
    const tenant = await installation.tenant();
    const open = { kind: 'open', form: FORM } as const;
    const users = [onCall, peer, onCall, peer, release1, release2];
    const keys = await race(
      at,
      users.map((user, place) => () => tenant.store(user, open, { at: place % 3 })),
    );
    const outcomes = await outcomesOf(tenant, keys);
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'refused', 'refused']);
    const enrolled = (await tenant.types()).filter((one) => one === 'person.enrolled');
    expect(enrolled).toHaveLength(4);
    const { rows } = await installation.database.pool.query<{ people: number }>(
      `SELECT count(*)::int AS people FROM app.person p WHERE tenant_id = $1 AND NOT EXISTS (
        SELECT FROM app.account a WHERE (a.tenant_id, a.person_id) = (p.tenant_id, p.person_id))`,
      [tenant.id],
    );
    expect(rows).toEqual([{ people: 0 }]);
  };
  await fc.assert(fc.asyncProperty(starts(6, 5), round), settings({ numRuns: 3 }));
});
