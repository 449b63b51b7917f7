/** A thread that checks signatures ended before it answered: what it was to check is unchecked. */
export class SignatureWorkerDied extends Error {
  override name = 'SignatureWorkerDied';
  readonly code: 'threw' | 'exited';

  constructor(code: SignatureWorkerDied['code'], cause?: unknown) {
    super(`a thread that checks signatures died (${code})`, { cause });
    this.code = code;
  }
}
