/**
 * - `unreachable`: no answer in time, or the connection broke;
 * - `not-authorised`: OPA's own `system.authz` refused the token;
 * - `path-not-ours`: OPA holds no data there, because a bundle owns the path or a rule stands on it;
 * - `not-watched`: nobody would hear what a pushed exception lets through, so none is pushed;
 * - `other-tenant`: this OPA belongs to another tenant;
 * - `strange-answer`: whatever answered is no OPA, or one that speaks another version.
 */
export type OpaFailureCode =
  | 'unreachable'
  | 'not-authorised'
  | 'path-not-ours'
  | 'not-watched'
  | 'other-tenant'
  | 'strange-answer';

/** The gate could not be brought to, or asked for, what it should be. Names hosts, never tokens. */
export class OpaFailure extends Error {
  override readonly name = 'OpaFailure';
  readonly code: OpaFailureCode;

  constructor(code: OpaFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
