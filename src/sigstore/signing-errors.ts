/** The services that take part in a signature. */
export type SigningService = 'fulcio' | 'tsa' | 'rekor';

export type SignerUnavailableCode =
  | 'fulcio-unavailable'
  | 'tsa-unavailable'
  | 'rekor-unavailable'
  | 'budget-exceeded'
  /** It did not answer a moment ago, so it was not asked. */
  | 'circuit-open';

export type SigningRefusedCode =
  /** The token cannot be read, is not verified, or was turned away with 401 or 403. */
  | 'token-refused'
  /** Fulcio said no with another 4xx (its answer to a bad token is 400 too), or certified another key. */
  | 'certificate-refused'
  | 'timestamp-refused'
  | 'entry-refused';

/**
 * A signing service did not answer, or not in time. Trying again, with a fresh token, may help.
 * Neither message nor cause ever holds a token.
 */
export class SignerUnavailable extends Error {
  override name = 'SignerUnavailable';
  readonly code: SignerUnavailableCode;
  /** The service that was being asked. */
  readonly service: SigningService;
  /**
   * It answered, with a fault of its own (5xx) or with what is none of its answers. That may be this
   * one request's doing; silence, and being asked to slow down, are not.
   */
  readonly answered: boolean;

  constructor(
    code: SignerUnavailableCode,
    service: SigningService,
    cause?: unknown,
    answered: 'answered' | 'silent' = 'silent',
  ) {
    super(`${service}: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.service = service;
    this.answered = answered === 'answered';
  }
}

/**
 * A signing service answered, and the answer was no. The same request again gets the same answer.
 * Neither message nor cause ever holds a token.
 */
export class SigningRefused extends Error {
  override name = 'SigningRefused';
  readonly code: SigningRefusedCode;

  constructor(code: SigningRefusedCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
