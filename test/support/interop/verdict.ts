/** What whoever verifies must be told from elsewhere. */
export interface Expected {
  readonly identity: string;
  readonly issuer: string;
  /** Of the statement that was approved, `sha256:<hex>`. */
  readonly statementDigest: string;
  /** The token's `sub`: that digest in broker mode, the provider's name for the person otherwise. */
  readonly tokenSubject: string;
  /** One of the statement's subjects, as hex. */
  readonly subjectSha256: string;
}

export type Verdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly why: string };
