import type { Request } from '#domain/bypass/chain';
import type { Evaluation } from '#domain/policy/evaluation';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import { questionOf } from '#domain/policy/question-of';
import type { Policy } from '#domain/policy/policy';
import { sameScope } from './entry-rules.ts';

type Asked = Pick<Request, 'gate' | 'scope' | 'severity' | 'raised'>;

interface Answer {
  readonly asked: Asked;
  readonly evaluation: Evaluation;
}

/** More than the questions that are asked again and again: those after them take their places. */
const KEPT = 32;

const answersOf = new WeakMap<Policy, Answer[]>();

/** What a version says to a question never changes, and every entry of a bypass asks the same. */
export function evaluated(policy: Policy, of: Asked): Evaluation {
  const { gate, scope, severity } = of;
  const raised = of.raised === true;
  const answers = answersOf.get(policy) ?? [];
  for (const { asked, evaluation } of answers)
    if (
      asked.severity === severity &&
      asked.gate === gate &&
      asked.raised === raised &&
      sameScope(asked.scope, scope)
    )
      return evaluation;
  const asked = { gate, scope, severity, raised };
  const evaluation = evaluatePolicy(policy, questionOf(asked));
  if (answers.unshift({ asked, evaluation }) > KEPT) answers.pop();
  answersOf.set(policy, answers);
  return evaluation;
}
