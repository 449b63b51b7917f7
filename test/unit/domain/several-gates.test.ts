import { describe, expect, it } from 'vitest';
import { stateAfter, given } from '#test/support/domain/specification';
import { decideDeploy, type OpenBypass } from '#domain/decision';
import type { BypassEvent } from '#domain/bypass/event';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { ScopeField } from '#domain/scope';
import type { Policy } from '#domain/policy/policy';
import {
  annotate,
  approve,
  B1,
  B2,
  expire,
  extend,
  facts,
  finish,
  open,
  revert,
  scope,
} from '#test/support/domain/commands';
import { contextAt, T0 } from '#test/support/domain/contexts';
import { active, approved, ACTIVATED_AT, EXPIRES_AT, opened } from '#test/support/domain/events';
import { jDoe, mMoe, rRoe } from '#test/support/domain/people';
import {
  evaluate,
  gate,
  high,
  low,
  policy,
  rule,
  tier,
  V1,
  V2,
} from '#test/support/domain/policies';
import {
  activeSeveral,
  closedSeveral,
  MEMBERS,
  openedSeveral,
  policyOfSeveral,
  SEVERAL,
} from '#test/support/domain/several-gates';

const world = { policies: { [V1]: policyOfSeveral() } };
const now = contextAt(T0 + 20 * MINUTE_MS, world);
const asked = contextAt(T0, world);
const at = (name: string) => annotate({ facts: facts({ gate: name }) });
const keyAt = (name: string) => `${name} run-7#1`;
const deployedAt = (...names: readonly string[]) =>
  names.reduce(
    (events: readonly BypassEvent[], name) =>
      given(...events)
        .when(at(name), now)
        .history(),
    activeSeveral(),
  );

describe('asking for several gates at once', () => {
  it('names each gate that opens, in order', () => {
    given()
      .when(open({ gate: SEVERAL }), asked)
      .thenExpect([{ type: 'request.opened', gate: SEVERAL, gates: MEMBERS }]);
  });

  it('leaves a request for one gate as it is', () => {
    const [event] = given().when(open(), asked).events();
    expect(event).not.toHaveProperty('gates');
    expect(stateAfter(event === undefined ? [] : [event])?.bypasses[0]?.request).not.toHaveProperty(
      'gates',
    );
  });

  it('asks for all that the rules of any of them ask', () => {
    const own = policyOfSeveral(MEMBERS, {
      rules: [
        rule('low', { gate: 'image-policy' }),
        rule('high', { gate: 'admission' }),
        rule('production-database', { gate: SEVERAL }),
      ],
    });
    expect(evaluate(own, { gate: SEVERAL }).tiers).toEqual(['low', 'high', 'production-database']);
  });

  it('asks for the default where one of them would, though another has a rule', () => {
    const own = policyOfSeveral(MEMBERS, {
      rules: [rule('low', { gate: 'image-policy' })],
      defaultTier: 'high',
    });
    expect(evaluate(own, { gate: SEVERAL }).tiers).toEqual(['low', 'high']);
  });

  it('lets no tier of one replace what another asks', () => {
    const own = policyOfSeveral(['admission', 'image-policy'], {
      tiers: [low, high, tier('quick', { ...low, name: 'quick', replaces: ['high'] })],
      rules: [rule('quick', { gate: 'image-policy' }), rule('high', { gate: 'admission' })],
    });
    expect(evaluate(own, { gate: SEVERAL }).tiers).toEqual(['high', 'quick']);
  });

  it('takes the strictest tier where a gate of it is unknown', () => {
    const found = evaluate(policyOfSeveral(['image-policy', 'gone']), { gate: SEVERAL });
    expect(found.unknown).toEqual(['gate']);
    expect(found.tiers).toContain('production-database');
  });
});

describe('approving several gates at once', () => {
  const changed = (under: Policy) =>
    contextAt(T0 + MINUTE_MS, { policies: { [V1]: policyOfSeveral(), [V2]: under }, current: V2 });

  it.each([
    ['fewer', policyOfSeveral(MEMBERS.slice(1))],
    ['others', policyOfSeveral(['admission', 'deploy-window', 'image-policy', 'tests'])],
    ['none of the name', policy()],
    ['one gate of the name', policy({ gates: { ...policy().gates, [SEVERAL]: gate() } })],
  ])('is refused once the policy says %s', (_, under) => {
    given(openedSeveral())
      .when(approve(rRoe), changed(under))
      .thenExpect({ code: 'gates-changed', gate: SEVERAL });
    given(openedSeveral(), { ...approved(rRoe), gate: SEVERAL, gates: MEMBERS })
      .when(approve(mMoe), changed(under))
      .thenExpect({ code: 'gates-changed', gate: SEVERAL });
  });

  it('is refused for a request of one gate that became several', () => {
    given(opened({ gate: SEVERAL }))
      .when(approve(rRoe), contextAt(T0 + MINUTE_MS, world))
      .thenExpect('gates-changed');
  });

  it('opens them all', () => {
    given(openedSeveral(), { ...approved(rRoe), gate: SEVERAL, gates: MEMBERS })
      .when(approve(mMoe), contextAt(T0 + 2 * MINUTE_MS, world))
      .thenExpect([
        { type: 'approval.given', gates: MEMBERS },
        { type: 'bypass.activated', gate: SEVERAL, gates: MEMBERS },
      ]);
  });

  it('is extended by the same gates alone', () => {
    const later = T0 + 50 * MINUTE_MS;
    given(...activeSeveral())
      .when(extend({ gate: SEVERAL }), contextAt(later, world))
      .thenExpect([{ type: 'request.opened', gates: MEMBERS }]);
    const wider = { [V2]: policyOfSeveral([...MEMBERS, 'tests']), ...world.policies };
    given(...activeSeveral())
      .when(extend({ gate: SEVERAL }), contextAt(later, { policies: wider, current: V2 }))
      .thenExpect({ code: 'gates-changed', gate: SEVERAL });
  });
});

describe('may a deploy pass one of several gates?', () => {
  const bypass = (has: Partial<OpenBypass> = {}): OpenBypass => ({
    id: B1,
    gate: SEVERAL,
    gates: MEMBERS,
    scope: scope(),
    severity: null,
    policy: V1,
    drill: false,
    ttlMs: HOUR_MS,
    expiresAt: T0 + HOUR_MS,
    ...has,
  });
  const everything = new Set<ScopeField>(['service', 'environment', 'branch', 'artifact']);
  const ask = (
    name: string,
    open_: readonly OpenBypass[] = [bypass()],
    { verified = everything, under = policyOfSeveral() } = {},
  ) => decideDeploy(facts({ gate: name }), verified, open_, () => policyOfSeveral(), under, T0);

  it.each(MEMBERS)('yes, at %s', (name) => {
    expect(ask(name)).toMatchObject({ decision: 'bypass', bypass: B1 });
  });

  it('no, at a gate that is none of them', () => {
    expect(ask('image-policy', [bypass({ gates: ['admission', 'deploy-window'] })])).toEqual({
      decision: 'enforce',
      reason: 'no-bypass',
    });
  });

  it('no, at the name of them all: nothing enforces there', () => {
    const answer = { decision: 'enforce', reason: 'several-gates' };
    expect(ask(SEVERAL)).toEqual(answer);
    expect(ask(SEVERAL, [])).toEqual(answer);
  });

  it('no, at a gate of that name that came later', () => {
    const under = policy({ gates: { ...policy().gates, [SEVERAL]: gate() } });
    expect(ask(SEVERAL, [bypass()], { under })).toMatchObject({ reason: 'no-bypass' });
  });

  it('asks each for verified facts on its own', () => {
    const verified = new Set<ScopeField>();
    expect(ask('image-policy', [bypass()], { verified })).toMatchObject({ decision: 'bypass' });
    expect(ask('deploy-window', [bypass()], { verified })).toMatchObject({
      reason: 'facts-not-verified',
    });
  });

  it.each([
    ['service', { service: 'ledger-db' }],
    ['environment', { environment: 'staging' }],
    ['branch', { branch: 'hotfix' }],
    ['artifact', { artifact: 'sha256:other' }],
  ])('no, for another %s, at any of them', (_, has) => {
    const named = bypass({ scope: scope({ branch: 'main', artifact: 'sha256:9f2c' }) });
    for (const name of MEMBERS)
      expect(
        decideDeploy(
          facts({ gate: name, ...has }),
          everything,
          [named],
          () => policyOfSeveral(),
          policyOfSeveral(),
          T0,
        ),
      ).toMatchObject({ decision: 'enforce' });
  });
});

describe('one run at several gates', () => {
  it('is a deploy at each', () => {
    expect(deployedAt(...MEMBERS).filter(({ type }) => type === 'deploy.annotated')).toMatchObject(
      MEMBERS.map((member) => ({ gate: SEVERAL, member, deploy: 'run-7#1' })),
    );
  });

  it('is known at each, and nothing new when it asks again', () => {
    given(...deployedAt('admission'))
      .when(at('admission'), now)
      .thenExpect('nothing-changed');
  });

  it('is refused at a gate that is none of them, and at the name of all', () => {
    for (const name of ['tests', SEVERAL])
      given(...activeSeveral())
        .when(at(name), now)
        .thenExpect('not-active');
  });

  it('names no member under a bypass of one gate', () => {
    const [event] = given(...active())
      .when(annotate(), now)
      .events();
    expect(event).not.toHaveProperty('member');
  });

  it('ends at each by itself', () => {
    const after = given(...deployedAt('admission', 'image-policy'))
      .when(finish('succeeded', keyAt('admission')), now)
      .history();
    expect(after.at(-1)).toMatchObject({
      type: 'deploy.finished',
      member: 'admission',
      deploy: 'run-7#1',
    });
    const bypass = stateAfter(after)?.bypasses[0];
    expect(bypass).toMatchObject({
      deploys: [{ state: { status: 'finished' } }, { state: { status: 'in-flight' } }],
    });
  });

  it('is put back at each, by the lease that it has there', () => {
    const leases = { [keyAt('image-policy')]: EXPIRES_AT + MINUTE_MS };
    given(...deployedAt('admission', 'image-policy'))
      .when(expire(), contextAt(EXPIRES_AT, world, { leases }))
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'deploy.reverted', member: 'admission', deploy: 'run-7#1', result: 'unknown' },
        { type: 'deploy.reverted', member: 'image-policy', deploy: 'run-7#1', result: 'pending' },
        { type: 'post-mortem.opened' },
      ]);
  });

  it('comes to its own end at each', () => {
    const leases = Object.fromEntries(MEMBERS.map((name) => [keyAt(name), EXPIRES_AT + HOUR_MS]));
    const stopped = given(...deployedAt(...MEMBERS))
      .when(expire(), contextAt(EXPIRES_AT, world, { leases }))
      .history();
    const later = contextAt(EXPIRES_AT + MINUTE_MS, world);
    given(...stopped)
      .when(revert('too-late', keyAt('deploy-window')), later)
      .thenExpect([{ type: 'deploy.reverted', member: 'deploy-window', result: 'too-late' }]);
    given(...stopped)
      .when(finish('cancelled', keyAt('admission')), later)
      .thenExpect([
        { type: 'deploy.finished', member: 'admission' },
        { type: 'deploy.reverted', member: 'admission', result: 'done' },
      ]);
    given(...stopped)
      .when(revert('done', 'run-7#1'), later)
      .thenExpect('unknown-deploy');
  });

  it('is adopted at the gate that another bypass opens, and there alone', () => {
    const other = {
      id: B2,
      gate: 'admission',
      scope: scope(),
      drill: false,
      expiresAt: EXPIRES_AT + HOUR_MS,
    };
    given(...deployedAt('admission', 'image-policy'))
      .when(expire(), contextAt(EXPIRES_AT, world, { others: [other] }))
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'deploy.adopted', member: 'admission', by: B2 },
        { type: 'deploy.reverted', member: 'image-policy' },
        { type: 'post-mortem.opened' },
      ]);
  });

  it('is adopted by another bypass of several that has the gate', () => {
    const other = {
      id: B2,
      gate: 'others',
      gates: ['image-policy', 'tests'],
      scope: scope(),
      drill: false,
      expiresAt: EXPIRES_AT + HOUR_MS,
    };
    given(...deployedAt('admission', 'image-policy'))
      .when(expire(), contextAt(EXPIRES_AT, world, { others: [other] }))
      .thenExpect([
        { type: 'bypass.closed' },
        { type: 'deploy.reverted', member: 'admission' },
        { type: 'deploy.adopted', member: 'image-policy', by: B2 },
        { type: 'post-mortem.opened' },
      ]);
  });
});

describe('looking at several gates after the close', () => {
  const isClosed = [...activeSeveral(), closedSeveral()];
  const look = (member: string, enforces = true) =>
    ({ type: 'read-back', bypass: B1, gate: member, enforces }) as const;
  const enforcesAfter = (...looks: readonly (readonly [string, boolean])[]) => {
    const events = looks.reduce(
      (before, [name, enforces]) =>
        given(...before)
          .when(look(name, enforces), now)
          .history(),
      isClosed as readonly BypassEvent[],
    );
    const bypass = stateAfter(events)?.bypasses[0];
    return bypass?.phase === 'closed' ? bypass.enforces : undefined;
  };

  it('records what each does', () => {
    given(...isClosed)
      .when(look('admission', false), now)
      .thenExpect([
        { type: 'gate.read-back', member: 'admission', enforces: false },
        {
          type: 'post-mortem.opened',
        },
      ]);
  });

  it('finds that they enforce again only when all do', () => {
    expect(enforcesAfter(['admission', true], ['deploy-window', true])).toBeNull();
    expect(enforcesAfter(...MEMBERS.map((one) => [one, true] as const))).toBe(true);
    expect(enforcesAfter(['admission', true], ['deploy-window', false])).toBe(false);
    expect(
      enforcesAfter(['deploy-window', false], ...MEMBERS.map((one) => [one, true] as const)),
    ).toBe(true);
  });

  it('records a change of one, not the same again, and nothing of any other gate', () => {
    const looked = given(...isClosed)
      .when(look('admission'), now)
      .history();
    given(...looked)
      .when(look('admission'), now)
      .thenExpect('nothing-changed');
    given(...looked)
      .when(look('admission', false), now)
      .thenExpect([{ type: 'gate.read-back', enforces: false }]);
    for (const name of ['tests', SEVERAL])
      given(...looked)
        .when(look(name), now)
        .thenExpect('nothing-changed');
    given(...looked)
      .when({ type: 'read-back', bypass: B1, enforces: true }, now)
      .thenExpect('nothing-changed');
  });
});

it('is active from the approval, as any other', () => {
  expect(stateAfter(activeSeveral())?.bypasses[0]).toMatchObject({
    phase: 'active',
    request: { gate: SEVERAL, gates: MEMBERS, requester: jDoe },
    grant: { activatedAt: ACTIVATED_AT },
  });
});
