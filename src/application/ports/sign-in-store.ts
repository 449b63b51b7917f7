import type { Approve } from '#domain/bypass/command';
import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '#ledger/digest';

/** What a tenant's rows know of sign-ins, read in the transaction they came from. */
export interface SignInReads {
  prepared(id: string): Promise<PreparedRow | null>;
  /** Whether this press has led to a link already. */
  hasPrepared(press: string): Promise<boolean>;
  /** What is kept under this handle; `null` if it is not there any more. @param hash of the handle. */
  attempt(id: string, hash: Uint8Array): Promise<Uint8Array | null>;
  /** The account that a person has bound; `null` if none is bound now. */
  bindingOf(person: PersonId): Promise<BindingRow | null>;
  /** When a person last signed in with the account that they have bound now; `null` if never. */
  signedInAt(person: PersonId): Promise<Instant | null>;
  /** Whose an account at a provider is, or was before it was taken away: it stays one person's. */
  accountHolder(issuer: string, subject: string): Promise<PersonId | null>;
  /**
   * Whether somebody else has, or had, bound an account with this address, its case aside.
   *
   * @param by `null` for somebody who is nobody's yet.
   */
  boundEmailTaken(email: string, by: PersonId | null): Promise<boolean>;
  /** Bindings that were taken away, as far as the security channel is to be told of them still. */
  unboundToTell(): Promise<readonly UnboundRow[]>;
  /** Every key set that was recorded of a provider, oldest first: one each time that it changed. */
  providerKeys(issuer: string): Promise<readonly RecordedKeys[]>;
}

export interface SignInWrites {
  /**
   * Stores a prepared approval with the hash of its link; an open one of the same person for the same
   * request is replaced. Gives the presses of what was replaced, and of links that nobody used and that
   * are forgotten now.
   */
  prepare(prepared: NewPrepared): Promise<readonly string[]>;
  /** Ends it: its link, and what was kept for a browser, are gone. */
  endPrepared(id: string, how: 'used' | 'refused'): Promise<void>;
  /** Ends every link of a person that is open, as refused. Gives the presses that they came from. */
  endLinksOf(person: PersonId): Promise<readonly string[]>;
  /** Keeps one attempt, in place of any other of this approval. @param hash of its handle. */
  keepAttempt(id: string, hash: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** What was kept under this handle, which is forgotten; `null` if it is not there any more. */
  takeAttempt(id: string, hash: Uint8Array): Promise<Uint8Array | null>;
  bind(person: PersonId, binding: BindingRow): Promise<void>;
  unbind(bound: Digest, unbound: Digest): Promise<void>;
  /** Somebody signed in with the account of this binding, no earlier than any time known already. */
  signedIn(bound: Digest, at: Instant): Promise<void>;
  toldUnbound(bound: Digest, told: UnboundRow['tell']): Promise<void>;
  addProviderKeys(issuer: string, keys: ProviderKeysRow): Promise<void>;
}

export interface NewPrepared {
  readonly id: string;
  /** The press that it came from. */
  readonly press: string;
  readonly bypass: BypassId;
  readonly person: PersonId;
  /** With the look-ups that the statement names. */
  readonly command: Approve;
  readonly statement: Uint8Array;
  readonly digest: Digest;
  /** The enrolment that the statement follows from. */
  readonly enrolment: Digest;
  readonly expiresAt: Instant;
  /** SHA-256 of the link. */
  readonly linkHash: Uint8Array;
  /** The link, sealed. */
  readonly link: Uint8Array;
}

export interface PreparedRow extends Omit<NewPrepared, 'link' | 'linkHash'> {
  /** `null` once it ended. */
  readonly link: Uint8Array | null;
  readonly ended: 'used' | 'refused' | 'replaced' | null;
}

export interface BindingRow {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  /** The `person.bound` entry. */
  readonly entry: Digest;
}

export interface UnboundRow {
  readonly bound: Digest;
  readonly person: PersonId;
  /** That it was taken away, or that the person has bound an account again. */
  readonly tell: 'unbound' | 'bound-again';
}

export interface ProviderKeysRow {
  /** Each a public JWK in canonical JSON, sorted. */
  readonly keys: readonly string[];
  /** The `provider.keys` entry and its place in the log. */
  readonly entry: Digest;
  readonly index: number;
}

export interface RecordedKeys extends ProviderKeysRow {
  /** On the database's clock. */
  readonly recordedAt: Instant;
}
