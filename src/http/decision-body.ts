import { z } from 'zod';
import type { AnswerReason, DecisionAnswer } from '#application/decision/answer';
import { notAdmittedWords } from './not-admitted-words.ts';

/** Every reason, so that a new one cannot be forgotten here. */
const REASONS: Readonly<Record<AnswerReason, true>> = {
  bypassed: true,
  'no-bypass': true,
  expired: true,
  'scope-not-covered': true,
  'needs-more-approval': true,
  'facts-not-verified': true,
  'facts-differ': true,
  'unknown-gate': true,
  'several-gates': true,
  'not-authorised': true,
  unavailable: true,
  'begun-by-another': true,
  finished: true,
};

const time = z.iso.datetime({ precision: 3 });

/** The body of a 200 answer of `POST /v1/decisions`. Times are RFC 3339 in UTC. */
export const decisionBodySchema = z.strictObject({
  decision: z.enum(['bypass', 'enforce']),
  decisionId: z.string(),
  bypassEntryId: z
    .string()
    .nullable()
    .describe('The audit entry that opened the gate for this deploy.'),
  reason: z.enum(Object.keys(REASONS) as AnswerReason[]),
  expiresAt: time.nullable(),
  serverTime: time.describe('Compare it with expiresAt, not with a clock of your own.'),
  recheckAfter: z
    .int()
    .nullable()
    .describe('Seconds until the deploy should ask again; null when nothing can change.'),
  inFlight: z
    .enum(['hold', 'cancel', 'rollback'])
    .nullable()
    .describe('What the policy wants done with a deploy that runs when its bypass ends.'),
  detail: z
    .string()
    .optional()
    .describe('Where a caller may not ask: what to change. For people, and not signed.'),
  jws: z
    .string()
    .nullable()
    .describe(
      'The same decision, signed for this question alone (compact JWS). Null only with enforce: at phase start, unless the question says signed always.',
    ),
});

export type DecisionBody = z.infer<typeof decisionBodySchema>;

/** An answer as clients read it. Throws RangeError for an instant that is none. */
export function decisionBody(answer: DecisionAnswer, jws: string | null): DecisionBody {
  return {
    decision: answer.decision,
    decisionId: answer.decisionId,
    bypassEntryId: answer.bypassEntryId,
    reason: answer.reason,
    expiresAt: answer.expiresAt === null ? null : new Date(answer.expiresAt).toISOString(),
    serverTime: new Date(answer.serverTime).toISOString(),
    recheckAfter: answer.recheckAfterS,
    inFlight: answer.inFlight,
    ...(answer.notAdmitted === undefined ? {} : { detail: notAdmittedWords(answer.notAdmitted) }),
    jws,
  };
}
