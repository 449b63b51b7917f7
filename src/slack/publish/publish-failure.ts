import { PublishFailed } from '#application/ports/surface';
import { callFailureOf, type CallFailure } from '../clients/call-failure.ts';

/** A failed Web API call in the publisher's words. */
export function publishFailure(cause: unknown): PublishFailed {
  return fromFailure(callFailureOf(cause), cause);
}

/** The same for a call that sends no message, whatever became of it. */
export function failureBeforePost(cause: unknown): PublishFailed {
  const failure = publishFailure(cause);
  return failure.code === 'unanswered'
    ? new PublishFailed('unavailable', null, { cause })
    : failure;
}

/** Whether Slack refused the call with one of these errors. */
export function isRefusedAs(cause: unknown, errors: ReadonlySet<string> | 'any'): boolean {
  const failure = callFailureOf(cause);
  return failure.kind === 'refused' && (errors === 'any' || errors.has(failure.error));
}

function fromFailure(failure: CallFailure, cause: unknown): PublishFailed {
  switch (failure.kind) {
    case 'rate-limited':
      return new PublishFailed('rate-limited', failure.retryAfterMs, { cause });
    case 'unreached':
      return new PublishFailed('unavailable', null, { cause });
    case 'unanswered':
      return new PublishFailed('unanswered', null, { cause });
    case 'refused':
      return new PublishFailed('rejected', null, { cause });
  }
}
