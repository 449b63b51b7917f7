import type { Evaluation } from './evaluation.ts';

/**
 * Whether `question` needs anything that a bypass judged under `granted` did not get: an approval,
 * an attestation, a step-up, or a shorter TTL than `ttlMs`.
 */
export function asksForMore(question: Evaluation, granted: Evaluation, ttlMs: number): boolean {
  const count = (from: string): number =>
    granted.requirements.find((one) => one.from === from)?.count ?? 0;
  return (
    question.requirements.some((one) => one.count > count(one.from)) ||
    (question.attestation === 'required' && granted.attestation !== 'required') ||
    (question.stepUp === 'sso' && granted.stepUp !== 'sso') ||
    ttlMs > question.ttlMaxMs
  );
}
