import { evaluatePolicy, type PolicyQuestion } from './evaluate-policy.ts';
import type { Evaluation } from './evaluation.ts';
import type { Policy } from './policy.ts';

/** Of one policy: deploys ask about few things, again and again. */
const MOST_KEPT = 1_000;

const known = new WeakMap<Policy, Map<string, Evaluation>>();

/** What `evaluatePolicy` gives, which is the same each time: a policy in memory never changes. */
export function knownEvaluation(policy: Policy, question: PolicyQuestion): Evaluation {
  const kept = known.get(policy) ?? new Map<string, Evaluation>();
  known.set(policy, kept);
  const { gate, service, environment, branch, severity, raised = false } = question;
  const key = JSON.stringify([gate, service, environment, branch, severity, raised]);
  const before = kept.get(key);
  if (before !== undefined) return before;
  const evaluation = evaluatePolicy(policy, question);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, evaluation);
  return evaluation;
}
