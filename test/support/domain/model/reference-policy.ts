import type { Policy, Rule, Tier } from '#domain/policy/policy';
import type { PolicyQuestion } from '#domain/policy/evaluate-policy';

/**
 * What a request needs, worked out again in the plainest way, from the words of the policy and
 * with nothing of the evaluation under test.
 */
export interface Needs {
  readonly tiers: readonly Tier[];
  readonly counts: ReadonlyMap<string, number>;
  readonly ttlMaxMs: number;
  readonly chainMaxMs: number;
  readonly attested: boolean;
  readonly steppedUp: boolean;
}

export function needsOf(policy: Policy, question: PolicyQuestion): Needs {
  const tiers = tiersOf(policy, question);
  const counts = new Map<string, number>();
  for (const tier of tiers) {
    for (const { from, count } of tier.requirements) {
      if (count > (counts.get(from) ?? 0)) counts.set(from, count);
    }
  }
  let ttlMaxMs = Infinity;
  let chainMaxMs = Infinity;
  let attested = false;
  let steppedUp = false;
  for (const tier of tiers) {
    if (tier.ttlMaxMs < ttlMaxMs) ttlMaxMs = tier.ttlMaxMs;
    if (tier.chainMaxMs < chainMaxMs) chainMaxMs = tier.chainMaxMs;
    if (tier.attestation === 'required') attested = true;
    if (tier.stepUp === 'sso') steppedUp = true;
  }
  return { tiers, counts, ttlMaxMs, chainMaxMs, attested, steppedUp };
}

/** Groups that may stand in for `from`, once a request has escalated this far. */
export function candidatesFor(needs: Needs, from: string, escalatedMs: number): readonly string[] {
  const asking = needs.tiers.filter((tier) => tier.requirements.some((one) => one.from === from));
  const added = (tier: Tier): string[] =>
    tier.escalation.filter((step) => step.afterMs <= escalatedMs).flatMap((step) => step.add);
  const [first, ...others] = asking.map(added);
  const byAll = (first ?? []).filter((group) => others.every((other) => other.includes(group)));
  return [from, ...byAll];
}

function tiersOf(policy: Policy, question: PolicyQuestion): readonly Tier[] {
  const together = new Map(Object.entries(policy.gates)).get(question.gate)?.gates;
  if (together === undefined) return tiersAlone(policy, question);
  const names = new Set<string>();
  for (const gate of together)
    for (const tier of tiersAlone(policy, { ...question, gate })) names.add(tier.name);
  // What is said of all of them at once comes on top, whatever any of them asks alone.
  const labels = new Map(Object.entries(policy.services)).get(question.service)?.labels ?? [];
  for (const rule of policy.rules)
    if (rule.when.gate === question.gate && fits(rule, question, labels)) names.add(rule.tier);
  return policy.tiers.filter((tier) => names.has(tier.name));
}

function tiersAlone(policy: Policy, question: PolicyQuestion): readonly Tier[] {
  const service = new Map(Object.entries(policy.services)).get(question.service);
  const known =
    new Map(Object.entries(policy.gates)).has(question.gate) &&
    service !== undefined &&
    service.environments.includes(question.environment);

  const sure: string[] = [];
  const perhaps: string[] = [];
  for (const rule of policy.rules) {
    if (!fits(rule, question, service?.labels ?? [])) continue;
    const claimed = rule.when.severity !== null;
    const wide = rule.when.branch !== null && question.branch === null;
    (claimed || wide ? perhaps : sure).push(rule.tier);
  }
  if (sure.length === 0) sure.push(policy.defaultTier);
  const sureTiers = policy.tiers.filter((tier) => sure.includes(tier.name));
  const left = sureTiers.filter(
    (tier) => !sureTiers.some((other) => other.replaces.includes(tier.name)),
  );
  const strictest = policy.tiers.slice(known ? policy.tiers.length : policy.tiers.length - 1);
  const all = new Set([
    ...left.map((tier) => tier.name),
    ...perhaps,
    ...strictest.map((tier) => tier.name),
  ]);
  return policy.tiers.filter((tier) => all.has(tier.name));
}

function fits({ when }: Rule, question: PolicyQuestion, labels: readonly string[]): boolean {
  if (when.gate !== null && when.gate !== question.gate) return false;
  if (when.service !== null && when.service !== question.service) return false;
  if (when.environment !== null && when.environment !== question.environment) return false;
  if (when.label !== null && !labels.includes(when.label)) return false;
  if (when.severity !== null && when.severity !== question.severity) return false;
  if (when.branch === null || question.branch === null) return true;
  return globByRegExp(when.branch).test(question.branch);
}

/** `*` is any run of characters, everything else itself. */
export function globByRegExp(pattern: string): RegExp {
  const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${pattern.split('*').map(literal).join('[^]*')}$`, '');
}
