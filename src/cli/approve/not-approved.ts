export type NotApprovedCode =
  /** The service cannot be reached, or answers what this version cannot read. */
  | 'service-unavailable'
  /** The service said no, in its own words. */
  | 'service-refused'
  /** What it asks to sign is not an approval, or not what a pin demands. */
  | 'statement-refused'
  /** The sign-in came to nothing, or was somebody else's. */
  | 'sign-in-failed'
  /** Sigstore did not sign. */
  | 'not-signed'
  /** The person said no. */
  | 'declined';

/** Nothing was approved. The message says why and what to do next, for a person; it holds no token. */
export class NotApproved extends Error {
  override name = 'NotApproved';
  readonly code: NotApprovedCode;

  constructor(code: NotApprovedCode, message: string, cause?: unknown) {
    super(`${message}\nNothing was approved.`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
