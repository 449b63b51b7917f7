import type { PolicyQuestion } from '#domain/policy/evaluate-policy';
import type { Instant } from '#domain/instant';
import type { RecordedEvent } from '#ledger/recorded-event';

/** A request as it was made, for a look at what another policy would ask of it. */
export interface PastRequest {
  readonly at: Instant;
  readonly question: PolicyQuestion;
}

/** The request that an entry records; `null` for any other entry, and for a drill. */
export function pastRequest(event: RecordedEvent): PastRequest | null {
  if (event.type !== 'request.opened' || event.drill) return null;
  const { at, gate, scope, severity } = event;
  const { service, environment, branch } = scope;
  return { at, question: { gate, service, environment, branch, severity } };
}
