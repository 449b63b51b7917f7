import type { Request } from '#domain/bypass/chain';
import type { Evaluation } from '#domain/policy/evaluation';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';
import { sameScope } from './entry-rules.ts';

type Asked = Pick<Request, 'gate' | 'scope' | 'severity'>;

interface Answer {
  readonly asked: Asked;
  readonly evaluation: Evaluation;
}

/** More than the questions that are asked again and again: those after them take their places. */
const KEPT = 32;

const answersOf = new WeakMap<Policy, Answer[]>();

/** What a version says to a question never changes, and every entry of a bypass asks the same. */
export function evaluated(policy: Policy, { gate, scope, severity }: Asked): Evaluation {
  const answers = answersOf.get(policy) ?? [];
  for (const { asked, evaluation } of answers)
    if (asked.severity === severity && asked.gate === gate && sameScope(asked.scope, scope))
      return evaluation;
  const { service, environment, branch } = scope;
  const evaluation = evaluatePolicy(policy, { gate, service, environment, branch, severity });
  if (answers.unshift({ asked: { gate, scope, severity }, evaluation }) > KEPT) answers.pop();
  answersOf.set(policy, answers);
  return evaluation;
}
