export type EnvelopeErrorCode = 'key_malformed' | 'malformed' | 'unknown_key' | 'not_authentic';

/** Names keys by their id; never holds a key, a secret, or the cipher's own error. */
export class EnvelopeError extends Error {
  override name = 'EnvelopeError';
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
