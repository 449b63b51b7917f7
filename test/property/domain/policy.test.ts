import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksForMore } from '#domain/policy/asks-for-more';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Evaluation } from '#domain/policy/evaluation';
import { explainPolicy, type GateRead } from '#domain/policy/explain-policy';
import {
  arbitraryPolicy,
  arbitraryQuestion,
  BRANCHES,
  SEVERAL,
  SEVERITIES,
} from '#test/support/domain/model/arbitrary-policy';
import { needsOf } from '#test/support/domain/model/reference-policy';
import { settings } from '#test/support/property';

const countOf = (of: Evaluation, group: string): number =>
  of.requirements.find((one) => one.from === group)?.count ?? 0;

/** What `wider` lacks of `narrower`; a question that only adds can lack nothing. */
function lowered(narrower: Evaluation, wider: Evaluation): readonly string[] {
  const groups = narrower.requirements.map((one) => one.from);
  return [
    ...groups.filter((group) => countOf(wider, group) < countOf(narrower, group)),
    ...(wider.ttlMaxMs > narrower.ttlMaxMs ? ['ttl'] : []),
    ...(wider.chainMaxMs > narrower.chainMaxMs ? ['chain'] : []),
    ...(wider.pendingMs > narrower.pendingMs ? ['pending'] : []),
    ...(narrower.attestation === 'required' && wider.attestation !== 'required' ? ['signing'] : []),
    ...(narrower.stepUp === 'sso' && wider.stepUp !== 'sso' ? ['step-up'] : []),
  ];
}

/** The tiers that what is told of one gate comes to. */
function toldTiers({ rules, isDefault, replaced }: GateRead, defaultTier: string): string[] {
  const gone = new Set(replaced.map(({ tier }) => tier));
  const applying = rules.filter(({ outcome }) => outcome === 'applies');
  const given = [...applying.map(({ rule }) => rule.tier), ...(isDefault ? [defaultTier] : [])];
  const added = rules.filter(({ outcome }) => outcome === 'adds').map(({ rule }) => rule.tier);
  return [...given.filter((tier) => !gone.has(tier)), ...added];
}

describe('the evaluation of a policy', () => {
  it('comes to what its explanation says of each rule', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryQuestion, (policy, question) => {
        const { evaluation, gates } = explainPolicy(policy, question);
        expect(evaluation).toEqual(evaluatePolicy(policy, question));
        const told = gates.flatMap((gate) => toldTiers(gate, policy.defaultTier));
        const strictest = policy.tiers.at(-1)?.name ?? '';
        if (evaluation.unknown.length > 0) told.push(strictest);
        expect(new Set(told)).toEqual(new Set(evaluation.tiers));
        for (const { rules } of gates)
          for (const { outcome, differs } of rules)
            expect(differs.length > 0).toBe(outcome === 'differs');
      }),
      settings({ numRuns: 1000 }),
    );
  });

  it('asks what a plain reading of the same words asks', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryQuestion, (policy, question) => {
        const found = evaluatePolicy(policy, question);
        const needs = needsOf(policy, question);
        expect(found.tiers).toEqual(needs.tiers.map((one) => one.name));
        const counts = found.requirements.map(({ from, count }) => [from, count] as const);
        expect(new Map(counts)).toEqual(needs.counts);
        expect(counts).toHaveLength(needs.counts.size);
        expect(found.ttlMaxMs).toBe(needs.ttlMaxMs);
        expect(found.chainMaxMs).toBe(needs.chainMaxMs);
        expect(found.attestation === 'required').toBe(needs.attested);
        expect(found.stepUp === 'sso').toBe(needs.steppedUp);
      }),
      settings({ numRuns: 1000 }),
    );
  });

  it('is never lowered by naming a severity', () => {
    fc.assert(
      fc.property(
        arbitraryPolicy,
        arbitraryQuestion,
        fc.constantFrom(...SEVERITIES),
        (policy, question, severity) => {
          const without = evaluatePolicy(policy, { ...question, severity: null });
          expect(lowered(without, evaluatePolicy(policy, { ...question, severity }))).toEqual([]);
        },
      ),
      settings({ numRuns: 1000 }),
    );
  });

  it('is never lowered by asking for several gates at once', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryQuestion, (policy, question) => {
        const all = evaluatePolicy(policy, { ...question, gate: SEVERAL });
        for (const gate of policy.gates[SEVERAL]?.gates ?? []) {
          const one = evaluatePolicy(policy, { ...question, gate });
          expect(lowered(one, all)).toEqual([]);
          expect(asksForMore(one, all, all.ttlMaxMs)).toBe(false);
          expect(one.tiers.filter((tier) => !all.tiers.includes(tier))).toEqual([]);
        }
      }),
      settings({ numRuns: 1000 }),
    );
  });

  it('is never lowered by asking for any branch', () => {
    fc.assert(
      fc.property(
        arbitraryPolicy,
        arbitraryQuestion,
        fc.constantFrom(...BRANCHES),
        (policy, question, branch) => {
          const one = evaluatePolicy(policy, { ...question, branch });
          const any = evaluatePolicy(policy, { ...question, branch: null });
          expect(lowered(one, any)).toEqual([]);
          expect(asksForMore(one, any, any.ttlMaxMs)).toBe(false);
        },
      ),
      settings({ numRuns: 1000 }),
    );
  });

  it('never offers a longer TTL because a severity was named', () => {
    fc.assert(
      fc.property(
        arbitraryPolicy,
        arbitraryQuestion,
        fc.constantFrom(...SEVERITIES),
        (policy, question, severity) => {
          const without = evaluatePolicy(policy, { ...question, severity: null });
          const named = evaluatePolicy(policy, { ...question, severity });
          expect(Math.max(...named.ttlOffersMs)).toBeLessThanOrEqual(
            Math.max(...without.ttlOffersMs),
          );
        },
      ),
      settings({ numRuns: 1000 }),
    );
  });

  it('always offers some TTL, and none beyond the maximum', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryQuestion, (policy, question) => {
        const { ttlOffersMs, ttlMaxMs } = evaluatePolicy(policy, question);
        expect(ttlOffersMs.length).toBeGreaterThan(0);
        expect(ttlOffersMs.filter((ms) => ms > ttlMaxMs)).toEqual([]);
      }),
      settings(),
    );
  });

  it('asks as much as the strictest tier of whatever it does not know', () => {
    fc.assert(
      fc.property(
        arbitraryPolicy,
        arbitraryQuestion,
        fc.constantFrom('constructor', '__proto__', 'toString', 'unheard-of', ''),
        (policy, question, service) => {
          const found = evaluatePolicy(policy, { ...question, service });
          expect(found.unknown).toContain('service');
          expect(found.tiers).toContain(policy.tiers.at(-1)?.name);
        },
      ),
      settings(),
    );
  });
});
