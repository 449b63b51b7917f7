import { PublishFailed } from '#application/ports/surface';
import { callFailureOf, type CallFailure } from '../clients/call-failure.ts';

/** A failed Web API call in the publisher's words. */
export function publishFailure(cause: unknown): PublishFailed {
  return fromFailure(callFailureOf(cause), cause);
}

function fromFailure(failure: CallFailure, cause: unknown): PublishFailed {
  switch (failure.kind) {
    case 'rate-limited':
      return new PublishFailed('rate-limited', failure.retryAfterMs, { cause });
    case 'unavailable':
      return new PublishFailed('unavailable', null, { cause });
    case 'refused':
      return new PublishFailed('rejected', null, { cause });
  }
}
