import type { ProviderFailureCode } from '#application/ports/identity-provider';

/**
 * A sign-in that came to nothing. Neither message nor cause ever holds a token, a code or a claim:
 * of what the provider or a library said, at most a code is kept.
 */
export class SignInFailed extends Error {
  override name = 'SignInFailed';
  readonly code: ProviderFailureCode;
  readonly said: string | undefined;

  constructor(code: ProviderFailureCode, said?: string) {
    super(said === undefined ? code : `${code} (${said})`);
    this.code = code;
    this.said = said;
  }
}
