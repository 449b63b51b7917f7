import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import {
  evaluate,
  examplePolicy,
  high,
  low,
  policy,
  policyWithTier,
  productionDatabase,
  rule,
  service,
  tier,
} from '#test/support/domain/policies';

const DATABASE = { service: 'ledger-db', environment: 'production' };
const PRODUCTION = { environment: 'production' };

describe('which tiers apply', () => {
  it('is the default where no rule matches', () => {
    expect(evaluate(examplePolicy).tiers).toEqual(['low']);
  });

  it('is not the default where a rule matches', () => {
    expect(evaluate(examplePolicy, PRODUCTION).tiers).toEqual(['high']);
  });

  it('is all that match, together', () => {
    expect(evaluate(examplePolicy, DATABASE).tiers).toEqual(['high', 'production-database']);
  });

  it('is read in order of strictness, whatever the order of the rules', () => {
    const turned = policy({ rules: examplePolicy.rules.toReversed() });
    expect(evaluate(turned, DATABASE).tiers).toEqual(['high', 'production-database']);
  });

  it('needs every part of a rule to match', () => {
    const rules = [rule('high', { gate: 'deploy-window', service: 'checkout' })];
    expect(evaluate(policy({ rules })).tiers).toEqual(['low']);
    expect(evaluate(policy({ rules }), { gate: 'deploy-window' }).tiers).toEqual(['high']);
  });

  it('takes a rule without conditions for every question', () => {
    expect(evaluate(policy({ rules: [rule('high', {})] })).tiers).toEqual(['high']);
  });

  it('leaves out a tier that another one replaces', () => {
    const replacing = policyWithTier('production-database', { replaces: ['high'] });
    expect(evaluate(replacing, DATABASE).tiers).toEqual(['production-database']);
  });

  it('replaces nothing by a tier that does not apply', () => {
    const replacing = policyWithTier('production-database', { replaces: ['high'] });
    expect(evaluate(replacing, PRODUCTION).tiers).toEqual(['high']);
  });

  it('asks for both of two tiers that replace each other, never for nothing', () => {
    const circular = policy({
      tiers: [low, { ...high, replaces: ['low'] }, productionDatabase].map((one) =>
        one.name === 'low' ? { ...one, replaces: ['high'] } : one,
      ),
      rules: [rule('low', {}), rule('high', {})],
    });
    expect(evaluate(circular).tiers).toEqual(['low', 'high']);
  });
});

describe('a severity', () => {
  it('raises the tier', () => {
    expect(evaluate(examplePolicy, { severity: 'sev1' }).tiers).toEqual(['low', 'high']);
  });

  it('that no rule knows changes nothing', () => {
    expect(evaluate(examplePolicy, { severity: 'sev9' }).tiers).toEqual(['low']);
  });

  it('never replaces a tier that applies without it', () => {
    const cheat = policy({
      tiers: [tier('emergency', { replaces: ['high'] }), high, productionDatabase],
      rules: [rule('high', PRODUCTION), rule('emergency', { severity: 'sev1' })],
      defaultTier: 'high',
    });
    const found = evaluate(cheat, { ...PRODUCTION, severity: 'sev1' });
    expect(found.tiers).toEqual(['emergency', 'high']);
  });

  it('never takes the place of the default', () => {
    const rules = [rule('low', { severity: 'sev1' })];
    const strict = policy({ rules, defaultTier: 'production-database' });
    expect(evaluate(strict, { severity: 'sev1' }).tiers).toEqual(['low', 'production-database']);
  });
});

describe('a branch', () => {
  const hotfixes = policy({
    rules: [rule('high', PRODUCTION), rule('low', { ...PRODUCTION, branch: 'hotfix/*' })],
    tiers: [{ ...low, replaces: ['high'] }, high, productionDatabase],
  });

  it('that matches a pattern has its tier', () => {
    expect(evaluate(hotfixes, { ...PRODUCTION, branch: 'hotfix/1' }).tiers).toEqual(['low']);
  });

  it('that matches no pattern has not', () => {
    expect(evaluate(hotfixes, { ...PRODUCTION, branch: 'main' }).tiers).toEqual(['high']);
  });

  it('left open takes the tier of every branch and lets none of them replace another', () => {
    const found = evaluate(hotfixes, { ...PRODUCTION, branch: null });
    expect(found.tiers).toEqual(['low', 'high']);
  });
});

describe('what the policy does not know', () => {
  it.each([
    ['a service', { service: 'billing' }, 'service'],
    ['a gate', { gate: 'billing' }, 'gate'],
    ['an environment of a known service', { environment: 'Production' }, 'environment'],
  ] as const)('is named and takes the strictest tier: %s', (_, has, unknown) => {
    const found = evaluate(examplePolicy, has);
    expect(found.unknown).toEqual([unknown]);
    expect(found.tiers).toEqual(['low', 'production-database']);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'is also a service or a gate called %s, which every object has',
    (name) => {
      expect(evaluate(examplePolicy, { service: name }).unknown).toEqual(['service']);
      expect(evaluate(examplePolicy, { gate: name }).unknown).toEqual(['gate']);
    },
  );

  it('is not a service that the policy itself calls constructor', () => {
    const odd = policy({ services: { constructor: service({ labels: ['database'] }) } });
    const found = evaluate(odd, { service: 'constructor', environment: 'production' });
    expect(found.unknown).toEqual([]);
    expect(found.tiers).toEqual(['high', 'production-database']);
  });

  it('still has the tiers of the rules that do match', () => {
    const found = evaluate(examplePolicy, { service: 'billing', environment: 'production' });
    expect(found.tiers).toEqual(['high', 'production-database']);
  });

  it('has the strictest tier even where another tier replaces it', () => {
    const replacing = policyWithTier('high', { replaces: ['production-database'] });
    const found = evaluate(replacing, { service: 'billing', environment: 'production' });
    expect(found.tiers).toContain('production-database');
  });
});

describe('tiers that apply together', () => {
  const both = evaluate(examplePolicy, DATABASE);

  it('ask for the requirements of all', () => {
    expect(both.requirements).toEqual([
      { from: 'release', count: 2, escalation: [{ afterMs: 5 * MINUTE_MS, add: ['db-senior'] }] },
      { from: 'db-senior', count: 1, escalation: [] },
    ]);
  });

  it('take the stricter of each switch', () => {
    expect(both).toMatchObject({ attestation: 'required', stepUp: 'sso', inFlight: 'cancel' });
  });

  it('ask one group for the larger count, not for the sum', () => {
    const more = tier('more', { requirements: [{ from: 'engineers', count: 2 }] });
    const rules = [rule('low', {}), rule('more', {})];
    const found = evaluate(policy({ tiers: [low, more], rules }));
    expect(found.requirements).toEqual([{ from: 'engineers', count: 2, escalation: [] }]);
  });

  const shorter = tier('shorter', {
    ttlOffersMs: [HOUR_MS, 10_000, 30 * MINUTE_MS],
    ttlMaxMs: 30 * MINUTE_MS,
    chainMaxMs: 2 * HOUR_MS,
    pendingMs: 5 * MINUTE_MS,
  });
  const withShorter = (has: Partial<typeof low> = {}) =>
    evaluate(
      policy({
        tiers: [{ ...low, ...has }, shorter],
        rules: [rule('low', {}), rule('shorter', {})],
      }),
    );

  it('have the shortest maximum TTL, chain and wait', () => {
    expect(withShorter()).toMatchObject({
      ttlMaxMs: 30 * MINUTE_MS,
      chainMaxMs: 2 * HOUR_MS,
      pendingMs: 5 * MINUTE_MS,
    });
  });

  it('offer what all of them offer, shortest first, within the maximum', () => {
    const found = withShorter({ ttlOffersMs: [HOUR_MS, 30 * MINUTE_MS, 10_000] });
    expect(found.ttlOffersMs).toEqual([10_000, 30 * MINUTE_MS]);
  });

  it('offer no longer TTL than the least of them, where they have none in common', () => {
    const found = withShorter({ ttlOffersMs: [15 * MINUTE_MS] });
    expect(Math.max(...found.ttlOffersMs)).toBeLessThanOrEqual(15 * MINUTE_MS);
  });

  it('add candidates on escalation only where all that ask the group add them, at the later time', () => {
    const early = tier('early', {
      requirements: [{ from: 'release', count: 1 }],
      escalation: [{ afterMs: MINUTE_MS, add: ['db-senior', 'engineers'] }],
    });
    const rules = [rule('early', {}), rule('high', {})];
    const found = evaluate(policy({ tiers: [early, high], rules, defaultTier: 'high' }));
    expect(found.requirements).toEqual([
      { from: 'release', count: 2, escalation: [{ afterMs: 5 * MINUTE_MS, add: ['db-senior'] }] },
    ]);
  });

  it('take a group that is added twice at the earlier step', () => {
    const twice = policyWithTier('high', {
      escalation: [
        { afterMs: 10 * MINUTE_MS, add: ['db-senior'] },
        { afterMs: 5 * MINUTE_MS, add: ['db-senior'] },
      ],
    });
    expect(evaluate(twice, PRODUCTION).requirements[0]?.escalation).toEqual([
      { afterMs: 5 * MINUTE_MS, add: ['db-senior'] },
    ]);
  });

  it('cannot be none', () => {
    expect(() => evaluate(policy({ tiers: [] }))).toThrow(RangeError);
  });
});
