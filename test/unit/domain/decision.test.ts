import { describe, expect, it } from 'vitest';
import { decideDeploy, type OpenBypass } from '#domain/decision';
import type { DigestText } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import type { Policy } from '#domain/policy/policy';
import type { ScopeField } from '#domain/scope';
import { B1, B2, facts, scope } from '#test/support/domain/commands';
import { T0 } from '#test/support/domain/contexts';
import { examplePolicy, gate, policy, rule, V1 } from '#test/support/domain/policies';

const open = (has: Partial<OpenBypass> = {}): OpenBypass => ({
  id: B1,
  gate: 'image-policy',
  scope: scope(),
  severity: null,
  policy: V1,
  drill: false,
  ttlMs: HOUR_MS,
  expiresAt: T0 + HOUR_MS,
  ...has,
});

const EVERYTHING: ReadonlySet<ScopeField> = new Set([
  'service',
  'environment',
  'branch',
  'artifact',
]);
const NOTHING: ReadonlySet<ScopeField> = new Set();

interface Question {
  readonly asked?: Partial<ReturnType<typeof facts>>;
  readonly now?: number;
  readonly provenance?: 'claimed' | 'verified';
  readonly verified?: ReadonlySet<ScopeField>;
  readonly current?: Policy;
  readonly under?: Policy;
}

const decide = (bypasses: readonly OpenBypass[], question: Question = {}) =>
  decideDeploy(
    facts(question.asked),
    question.provenance === 'claimed' ? NOTHING : (question.verified ?? EVERYTHING),
    bypasses,
    () => question.under ?? examplePolicy,
    question.current ?? examplePolicy,
    question.now ?? T0,
  );

const enforce = (reason: string) => ({ decision: 'enforce', reason });
const bypass = (id = B1, expiresAt = T0 + HOUR_MS) => ({
  decision: 'bypass',
  bypass: id,
  expiresAt,
});

describe('may this deploy pass this gate?', () => {
  it('yes, under an active bypass of exactly that', () => {
    expect(decide([open()])).toEqual(bypass());
  });

  it('no, without any bypass', () => {
    expect(decide([])).toEqual(enforce('no-bypass'));
  });

  it('no, under a bypass of another gate', () => {
    expect(decide([open({ gate: 'deploy-window' })])).toEqual(enforce('no-bypass'));
  });

  it('yes in the last millisecond, no at the expiry', () => {
    expect(decide([open()], { now: T0 + HOUR_MS - 1 })).toEqual(bypass());
    expect(decide([open()], { now: T0 + HOUR_MS })).toEqual(enforce('expired'));
  });

  it('no, under a drill, and it is as if there were none', () => {
    expect(decide([open({ drill: true })])).toEqual(enforce('no-bypass'));
  });

  it.each([
    ['another service', { service: 'ledger-db' }],
    ['another environment', { environment: 'staging' }],
  ])('no, for %s', (_, asked) => {
    expect(decide([open()], { asked })).toEqual(enforce('scope-not-covered'));
  });

  it('no, for a branch or artifact that the bypass names and the question leaves out', () => {
    const named = open({ scope: scope({ branch: 'main', artifact: 'sha256:9f2c' }) });
    expect(decide([named])).toEqual(bypass());
    expect(decide([named], { asked: { branch: null } })).toEqual(enforce('scope-not-covered'));
    expect(decide([named], { asked: { artifact: null } })).toEqual(enforce('scope-not-covered'));
  });

  it.each(['no-such-gate', 'constructor', '__proto__'])('no, at a gate called %s', (name) => {
    const there = open({ gate: name });
    expect(decide([there], { asked: { gate: name } })).toEqual(enforce('unknown-gate'));
  });

  it('no, at a gate that the policy in force no longer has', () => {
    expect(decide([open()], { current: policy({ gates: {} }) })).toEqual(enforce('unknown-gate'));
  });

  it('no, on a claim where the gate wants verified facts', () => {
    const current = policy({ gates: { 'image-policy': gate({ verifiedFacts: true }) } });
    expect(decide([open()], { current, provenance: 'claimed' })).toEqual(
      enforce('facts-not-verified'),
    );
    expect(decide([open()], { current, provenance: 'verified' })).toEqual(bypass());
  });

  it('no, where what the scope names is verified only in part', () => {
    const current = policy({ gates: { 'image-policy': gate({ verifiedFacts: true }) } });
    const verified = new Set<ScopeField>(['service', 'environment']);
    const scope = (has: Partial<OpenBypass['scope']>) => [
      open({ scope: { ...open().scope, ...has } }),
    ];
    const asked = { branch: 'main' };
    const any = { branch: null, artifact: null };
    expect(decide(scope(any), { current, verified, asked })).toEqual(bypass());
    expect(decide(scope({ ...any, branch: 'main' }), { current, verified, asked })).toEqual(
      enforce('facts-not-verified'),
    );
    // Another bypass, that names no more than is verified, lets it through.
    const both = [...scope({ ...any, branch: 'main' }), ...scope(any)];
    expect(decide(both, { current, verified, asked })).toEqual(bypass());
  });

  it('no, where these facts ask for a shorter TTL than the bypass got', () => {
    expect(decide([open({ ttlMs: 2 * HOUR_MS })])).toEqual(enforce('needs-more-approval'));
  });

  it('yes, for one branch under a bypass of any branch, which was approved for all of them', () => {
    const rules = [rule('high', { branch: 'main' }), rule('production-database', { branch: 'x' })];
    expect(decide([open()], { under: policy({ rules }) })).toEqual(bypass());
  });

  it('goes by the policy version that the bypass was approved under, not by the one in force', () => {
    const current = policy({ rules: [rule('production-database', {})] });
    const policyOf = (digest: DigestText): Policy => (digest === V1 ? examplePolicy : current);
    const asked = [facts(), EVERYTHING, [open()], policyOf, current, T0] as const;
    expect(decideDeploy(...asked)).toEqual(bypass());
  });

  it('answers with the bypass that lasts longest', () => {
    const later = open({ id: B2, expiresAt: T0 + 2 * HOUR_MS });
    expect(decide([open(), later])).toEqual(bypass(B2, T0 + 2 * HOUR_MS));
    expect(decide([later, open()])).toEqual(bypass(B2, T0 + 2 * HOUR_MS));
  });

  it('passes over a bypass that has expired, was a drill, or got too little', () => {
    const others = [
      open({ id: B2, expiresAt: T0 }),
      open({ id: B2, drill: true, expiresAt: T0 + 2 * HOUR_MS }),
      open({ id: B2, ttlMs: 2 * HOUR_MS, expiresAt: T0 + 2 * HOUR_MS }),
    ];
    expect(decide([...others, open()])).toEqual(bypass());
  });
});
