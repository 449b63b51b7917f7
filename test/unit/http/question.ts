import type { DecisionAnswer } from '#application/decision/answer';
import type { DecisionQuestion } from '#application/decision/question';

export const question: DecisionQuestion = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  deploy: { id: 'run-7', attempt: 1 },
  phase: 'start',
  nonce: 'n-0123456789',
};

export const bypassed: DecisionAnswer = {
  decision: 'bypass',
  decisionId: 'd-1',
  bypassEntryId: 'sha256:aa',
  reason: 'bypassed',
  expiresAt: Date.UTC(2026, 10, 22, 2, 47),
  serverTime: Date.UTC(2026, 10, 22, 2, 0),
  recheckAfterS: 15,
  inFlight: 'hold',
};

/** A POST of `body` to the decision API, as a CI job sends it. */
export function ask(body: unknown, headers: Record<string, string> = {}): Request {
  return new Request('http://localhost/v1/decisions', {
    method: 'POST',
    headers: {
      authorization: 'Bearer bg_live_secret',
      'content-type': 'application/json; charset=utf-8',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
