import { evaluatePolicy, isCertain, lookUp, ruleMatches } from './evaluate-policy.ts';
import type { PolicyQuestion } from './evaluate-policy.ts';
import type { Evaluation } from './evaluation.ts';
import type { Policy, Rule, RuleMatch, Service } from './policy.ts';

/** How one rule was read: `adds` is one that may or may not apply, and lowers nothing. */
export interface RuleRead {
  /** Its place in the policy, from 0. */
  readonly index: number;
  readonly rule: Rule;
  readonly outcome: 'applies' | 'adds' | 'differs';
  /** What it names that does not hold; empty unless it `differs`. */
  readonly differs: readonly (keyof RuleMatch)[];
}

/** What the rules say of one gate. */
export interface GateRead {
  readonly gate: string;
  readonly rules: readonly RuleRead[];
  /** No rule applies for certain, so the default tier does. */
  readonly isDefault: boolean;
  /** Tiers that a rule or the default gives, and that others set aside. */
  readonly replaced: readonly { readonly tier: string; readonly by: readonly string[] }[];
}

export interface Explanation {
  readonly evaluation: Evaluation;
  /** One a gate: of a gate of kind `all` each of its gates, and itself for the rules on all of them. */
  readonly gates: readonly GateRead[];
}

const KEYS = ['gate', 'service', 'environment', 'label', 'branch', 'severity'] as const;

const ANYTHING: RuleMatch = {
  gate: null,
  service: null,
  environment: null,
  label: null,
  branch: null,
  severity: null,
};

/** How `evaluatePolicy` comes to what it gives: every rule, and why it counts or not. */
export function explainPolicy(policy: Policy, question: PolicyQuestion): Explanation {
  const members = lookUp(policy.gates, question.gate)?.gates;
  const read = (gate: string) => readGate(policy, { ...question, gate });
  return {
    evaluation: evaluatePolicy(policy, question),
    gates:
      members === undefined
        ? [read(question.gate)]
        : [...members.map(read), onAll(read(question.gate))],
  };
}

/** Each gate of several has a default of its own; what stands for all of them only adds. */
function onAll({ gate, rules }: GateRead): GateRead {
  const own = rules.filter(({ rule }) => rule.when.gate === gate);
  return { gate, rules: own, isDefault: false, replaced: [] };
}

function readGate(policy: Policy, question: PolicyQuestion): GateRead {
  const service = lookUp(policy.services, question.service);
  const rules = policy.rules.map((rule, index) => ({
    index,
    rule,
    ...readRule(rule, service, question),
  }));
  const certain = rules.filter(({ outcome }) => outcome === 'applies').map(({ rule }) => rule.tier);
  const isDefault = certain.length === 0;
  const given = new Set(isDefault ? [policy.defaultTier] : certain);
  return { gate: question.gate, rules, isDefault, replaced: replacedAmong(policy, given) };
}

function readRule(
  rule: Rule,
  service: Service | undefined,
  question: PolicyQuestion,
): Pick<RuleRead, 'outcome' | 'differs'> {
  const differs = KEYS.filter((key) => {
    const alone = { when: { ...ANYTHING, [key]: rule.when[key] } };
    return !ruleMatches(alone, service, question);
  });
  if (differs.length > 0) return { outcome: 'differs', differs };
  return { outcome: isCertain(rule, question) ? 'applies' : 'adds', differs };
}

function replacedAmong(policy: Policy, given: ReadonlySet<string>): GateRead['replaced'] {
  const tiers = policy.tiers.filter(({ name }) => given.has(name));
  const gone = tiers.flatMap(({ name: tier }) => {
    const by = tiers.filter(({ replaces }) => replaces.includes(tier)).map(({ name }) => name);
    return by.length === 0 ? [] : [{ tier, by }];
  });
  // Tiers that all replace each other all stay.
  return gone.length === tiers.length ? [] : gone;
}
