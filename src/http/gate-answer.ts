import type { AnswerReason, DecisionAnswer } from '#application/decision/answer';
import { gateProblems } from './gate-problems.ts';
import { notAdmittedWords } from './not-admitted-words.ts';
import { problem } from './problem.ts';

const ASK_FOR_ONE =
  'If this is an incident, type in Slack: /breakglass <gate> <service> <environment> 1h <why>';

/** Why a gate enforces, and what to do next. */
const WORDS: Readonly<Record<Exclude<AnswerReason, 'bypassed' | 'unavailable'>, string>> = {
  'no-bypass': `No bypass of this gate is active. ${ASK_FOR_ONE}`,
  expired: `The bypass has ended. ${ASK_FOR_ONE}`,
  'scope-not-covered': `A bypass of this gate is active, for another service, environment, branch or artifact. ${ASK_FOR_ONE}`,
  'needs-more-approval': `This deploy asks for more approval than the active bypass had. ${ASK_FOR_ONE}`,
  'facts-not-verified':
    'The policy lets deploys pass this gate only by facts that an OIDC token proves. Ask with the token that the CI system makes for the job.',
  'facts-differ':
    'The token says another branch, commit or environment than the question. Send what the token says, or leave it out.',
  'unknown-gate': 'The policy has no gate of this name. Correct the address.',
  'several-gates':
    'The policy has several gates under this name, and nothing enforces there. Ask for the one that this is.',
  'not-authorised':
    'This token was made for another gate or another service. Make one for these two.',
  'begun-by-another':
    'Another token or caller asked for this deploy first, and only that one goes on with it. Send another id or attempt, or the token that began.',
  finished: 'The end of the deploy was taken down. This is never a permission.',
};

/**
 * A decision for those that read the status alone: 200 is bypass, 403 is enforce, 503 is "nobody
 * knows", which every caller must take as enforce too.
 */
export function gateAnswer(answer: DecisionAnswer): Response {
  if (answer.decision === 'bypass') return Response.json(body(answer), { headers: heads(answer) });
  return enforced(answer);
}

// A bypass is known to be over, or never to have been; nothing that failed, and nobody's mistake.
const OVER: ReadonlySet<AnswerReason> = new Set<AnswerReason>([
  'no-bypass',
  'expired',
  'scope-not-covered',
  'needs-more-approval',
]);

/**
 * The same decision turned round, for a hook whose 200 rolls a canary back: 200 only if it is
 * certain that no bypass covers the deploy any more; 409 while one does.
 */
export function endedAnswer(answer: DecisionAnswer): Response {
  if (answer.decision === 'bypass') return gateProblems.stillCovered(heads(answer));
  if (!OVER.has(answer.reason)) return enforced(answer);
  return Response.json(body(answer), { headers: heads(answer) });
}

function enforced(answer: DecisionAnswer): Response {
  const { reason, notAdmitted } = answer;
  if (reason === 'unavailable' || reason === 'bypassed') return gateProblems.unavailable();
  return problem({
    status: 403,
    title: 'The gate enforces',
    detail: notAdmitted === undefined ? WORDS[reason] : notAdmittedWords(notAdmitted),
    headers: heads(answer),
    members: body(answer),
  });
}

function body(answer: DecisionAnswer): Readonly<Record<string, unknown>> {
  const { decision, decisionId, bypassEntryId, reason, expiresAt, serverTime } = answer;
  return {
    decision,
    decisionId,
    bypassEntryId,
    reason,
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    serverTime: new Date(serverTime).toISOString(),
    recheckAfter: answer.recheckAfterS,
    inFlight: answer.inFlight,
  };
}

function heads({ decisionId, bypassEntryId, expiresAt }: DecisionAnswer): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'breakglass-decision': decisionId,
    ...(bypassEntryId === null ? {} : { 'breakglass-entry': bypassEntryId }),
    ...(expiresAt === null ? {} : { 'breakglass-expires': new Date(expiresAt).toISOString() }),
  };
}
