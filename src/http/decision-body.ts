import type { AnswerReason, DecisionAnswer } from '#application/decision/answer';

/** The body of a 200 answer of `POST /v1/decisions`. Times are RFC 3339 in UTC. */
export interface DecisionBody {
  readonly decision: 'bypass' | 'enforce';
  readonly decisionId: string;
  readonly bypassEntryId: string | null;
  readonly reason: AnswerReason;
  readonly expiresAt: string | null;
  readonly serverTime: string;
  /** Seconds. */
  readonly recheckAfter: number | null;
  /** What the policy wants done with a deploy that runs when its bypass ends. */
  readonly inFlight: DecisionAnswer['inFlight'];
  /** The same decision, signed for this question alone (compact JWS). */
  readonly jws: string;
}

/** An answer as clients read it. Throws RangeError for an instant that is none. */
export function decisionBody(answer: DecisionAnswer, jws: string): DecisionBody {
  return {
    decision: answer.decision,
    decisionId: answer.decisionId,
    bypassEntryId: answer.bypassEntryId,
    reason: answer.reason,
    expiresAt: answer.expiresAt === null ? null : new Date(answer.expiresAt).toISOString(),
    serverTime: new Date(answer.serverTime).toISOString(),
    recheckAfter: answer.recheckAfterS,
    inFlight: answer.inFlight,
    jws,
  };
}
