import type { Evaluation, Unknown } from './evaluation.ts';
import { joinTiers } from './join-tiers.ts';
import type { Policy, Rule, Service, Tier } from './policy.ts';

/** What the rules look at. `branch: null` is any branch, so every rule on a branch applies. */
export interface PolicyQuestion {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly severity: string | null;
  /** Whether an overdue review of the service raised it. */
  readonly raised?: boolean;
}

/**
 * The tiers that apply together, joined. A rule that may or may not apply (it names a severity,
 * which anyone can claim, or a branch, while the scope is any branch) can only add its tier: it
 * never suppresses the default, and its tier replaces nothing. So neither a claimed severity nor a
 * wide scope lowers what is asked. What cannot be determined adds the strictest tier.
 */
export function evaluatePolicy(policy: Policy, question: PolicyQuestion): Evaluation {
  const service = lookUp(policy.services, question.service);
  const unknown = unknowns(policy, service, question);
  const members = lookUp(policy.gates, question.gate)?.gates;
  const names =
    members === undefined
      ? namesFor(policy, service, question)
      : namesForAll(policy, service, question, members);
  const strictest = policy.tiers.at(-1);
  if (unknown.length > 0 && strictest !== undefined) names.add(strictest.name);
  if (question.raised === true) addNext(policy, names);
  return joinTiers(tiersNamed(policy, names), unknown);
}

/** The tier after the strictest that applies; it is joined to the others, so nothing is lowered. */
function addNext({ tiers }: Policy, names: Set<string>): void {
  const next = tiers[tiers.findLastIndex((tier) => names.has(tier.name)) + 1];
  if (next !== undefined) names.add(next.name);
}

function namesFor(
  policy: Policy,
  service: Service | undefined,
  question: PolicyQuestion,
): Set<string> {
  const matching = policy.rules.filter((rule) => ruleMatches(rule, service, question));
  const certain = matching.filter((rule) => isCertain(rule, question)).map((rule) => rule.tier);
  const names = replaced(policy, new Set(certain.length > 0 ? certain : [policy.defaultTier]));
  for (const rule of matching) if (!isCertain(rule, question)) names.add(rule.tier);
  return names;
}

/**
 * For several gates at once: what each asks by itself, and what rules on all of them add. Each is
 * evaluated apart, so that a rule on one suppresses no default of another, and no tier of one
 * replaces what another asks.
 */
function namesForAll(
  policy: Policy,
  service: Service | undefined,
  question: PolicyQuestion,
  members: readonly string[],
): Set<string> {
  const own = policy.rules.filter(
    (rule) => rule.when.gate === question.gate && ruleMatches(rule, service, question),
  );
  const apart = members.map((gate) => namesFor(policy, service, { ...question, gate }));
  return new Set([...apart.flatMap((names) => [...names]), ...own.map((rule) => rule.tier)]);
}

/** Whether a rule that matches is more than a claim: only then does it set the default aside. */
export function isCertain({ when }: Rule, question: PolicyQuestion): boolean {
  return when.severity === null && (when.branch === null || question.branch !== null);
}

function tiersNamed(policy: Policy, names: ReadonlySet<string>): readonly Tier[] {
  return policy.tiers.filter((tier) => names.has(tier.name));
}

function replaced(policy: Policy, names: ReadonlySet<string>): Set<string> {
  const gone = new Set(tiersNamed(policy, names).flatMap((tier) => tier.replaces));
  const kept = [...names].filter((name) => !gone.has(name));
  // Tiers that replace each other in a circle would leave nothing asked at all.
  return new Set(kept.length > 0 ? kept : names);
}

function unknowns(
  policy: Policy,
  service: Service | undefined,
  question: PolicyQuestion,
): readonly Unknown[] {
  const found: Unknown[] = [];
  if (!isKnown(policy, question.gate)) found.push('gate');
  if (service === undefined) found.push('service');
  else if (!service.environments.includes(question.environment)) found.push('environment');
  return found;
}

function isKnown({ gates }: Policy, name: string): boolean {
  const gate = lookUp(gates, name);
  return gate?.gates?.every((one) => lookUp(gates, one) !== undefined) ?? gate !== undefined;
}

/** Whether all that the rule names holds. */
export function ruleMatches(
  { when }: Pick<Rule, 'when'>,
  service: Service | undefined,
  question: PolicyQuestion,
): boolean {
  return (
    (when.gate === null || when.gate === question.gate) &&
    (when.service === null || when.service === question.service) &&
    (when.environment === null || when.environment === question.environment) &&
    (when.label === null || (service?.labels.includes(when.label) ?? false)) &&
    (when.branch === null ||
      question.branch === null ||
      globMatches(when.branch, question.branch)) &&
    (when.severity === null || when.severity === question.severity)
  );
}

/** Linear in the text for any pattern, so a hostile branch name cannot make it slow. */
export function globMatches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === text;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** Own properties only: a service called `constructor` is not on every object. */
export function lookUp<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
