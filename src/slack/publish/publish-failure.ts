import { PublishFailed, type LimitedMethod } from '#application/ports/surface';
import { callFailureOf, type CallFailure } from '../clients/call-failure.ts';

/** A failed Web API call in the publisher's words. @param method `null` for a post. */
export function publishFailure(cause: unknown, method: LimitedMethod | null = null): PublishFailed {
  return fromFailure(callFailureOf(cause), { cause, method });
}

/** The same for a call that sends no message, whatever became of it. */
export function failureBeforePost(cause: unknown, method: LimitedMethod): PublishFailed {
  const failure = publishFailure(cause, method);
  return failure.code === 'unanswered'
    ? new PublishFailed('unavailable', null, { cause })
    : failure;
}

/** Whether Slack refused the call with one of these errors. */
export function isRefusedAs(cause: unknown, errors: ReadonlySet<string> | 'any'): boolean {
  const failure = callFailureOf(cause);
  return failure.kind === 'refused' && (errors === 'any' || errors.has(failure.error));
}

function fromFailure(
  failure: CallFailure,
  options: { readonly cause: unknown; readonly method: LimitedMethod | null },
): PublishFailed {
  switch (failure.kind) {
    case 'rate-limited':
      return new PublishFailed('rate-limited', failure.retryAfterMs, options);
    case 'unreached':
      return new PublishFailed('unavailable', null, options);
    case 'unanswered':
      return new PublishFailed('unanswered', null, options);
    case 'refused':
      return new PublishFailed('rejected', null, options);
  }
}
