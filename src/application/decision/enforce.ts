import type { Instant } from '#domain/instant';
import type { Ports } from '../ports/ports.ts';
import type { AnswerReason, DecisionAnswer } from './answer.ts';

export function enforce(
  { newId }: Pick<Ports, 'newId'>,
  now: Instant,
  reason: AnswerReason,
): DecisionAnswer {
  return {
    decision: 'enforce',
    decisionId: newId(),
    bypassEntryId: null,
    reason,
    expiresAt: null,
    serverTime: now,
    recheckAfterS: null,
    inFlight: null,
  };
}
