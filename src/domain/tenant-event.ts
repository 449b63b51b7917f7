import type { Actor } from './actor.ts';
import type { DigestText, PersonId } from './ids.ts';
import type { Instant } from './instant.ts';

/** What happened to a tenant's log, policy and people, outside any bypass. Entries, like all events. */
export type TenantEvent =
  | LogStarted
  | KeyRotated
  | LogRestored
  | WorkloadAttested
  | PolicyApplied
  | PersonEnrolled
  | PersonBound
  | PersonUnbound
  | ProviderKeys
  | SignInRecorded
  | ValuesErased
  | EntryAttested;

interface EventBase<T extends string> {
  readonly type: T;
  readonly at: Instant;
  readonly actor: Actor;
  readonly detached?: Readonly<Record<string, string>>;
}

/** Index 0 of every log. */
export interface LogStarted extends EventBase<'log.started'> {
  /** The key that signs checkpoints, as a C2SP verifier key. */
  readonly logKey: string;
  /** SHA-256 of the SPKI of the key that signs the service's own entries, in hex. */
  readonly serviceKey: string;
}

/**
 * Another key from the next entry on. The service's key signs this entry for the last time; of the
 * log's keys both sign the checkpoint that first covers it, so each pinned key leads to the next.
 */
export interface KeyRotated extends EventBase<'key.rotated'> {
  readonly purpose: 'log' | 'service';
  /** As `log.started` writes them: a C2SP verifier key, or the SHA-256 of an SPKI in hex. */
  readonly from: string;
  readonly to: string;
}

/**
 * An operator says that the database was restored to an earlier time. The log goes on from the entry
 * before this one; what stood behind that once is lost, and checkpoints of it fit this log no more.
 */
export interface LogRestored extends EventBase<'log.restored'> {
  /** Size and root (base64) of the largest head that is known to be gone. */
  readonly lostSize: number;
  readonly lostRoot: string;
  readonly detached: { readonly reason: string };
}

/**
 * The keys of the service and of the log and the log's head, signed through Sigstore with the
 * identity of the workload that the service runs as. It covers every entry before it.
 */
export interface WorkloadAttested extends EventBase<'workload.attested'> {
  readonly logKey: string;
  readonly serviceKey: string;
  /** Size and root (base64) of the log that this entry was made behind. */
  readonly size: number;
  readonly root: string;
}

export interface PolicyApplied extends EventBase<'policy.applied'> {
  /** Of the evaluated policy, which stands in every export. */
  readonly policy: DigestText;
  /** Of the document as it was written, which can be detached. */
  readonly document: DigestText;
}

/**
 * One account of a person, with the e-mail that their certificates carry. Bound once, so that a
 * profile edited later changes nobody's identity.
 */
export interface PersonEnrolled extends EventBase<'person.enrolled'> {
  readonly person: PersonId;
  readonly source: 'policy' | 'profile' | 'assigned';
  /** `account` is `<team>/<user>`. */
  readonly detached: { readonly account: string; readonly email: string };
}

/**
 * The account that a person has at the tenant's identity provider, confirmed by a sign-in of theirs.
 * One account is one person's; another one needs a `person.unbound` before it.
 */
export interface PersonBound extends EventBase<'person.bound'> {
  readonly person: PersonId;
  /** The provider, letter by letter as in its tokens. */
  readonly issuer: string;
  /** `account` is `<team>/<user>`; `email` is verified by the provider. */
  readonly detached: {
    readonly account: string;
    readonly email: string;
    readonly subject: string;
  };
}

/** An operator took a binding away; the person may bind another account. */
export interface PersonUnbound extends EventBase<'person.unbound'> {
  readonly person: PersonId;
  /** The statement of the `person.bound` that ends. */
  readonly binding: DigestText;
  readonly detached: { readonly reason: string };
}

/** The signing keys that an identity provider published, as they were first seen. */
export interface ProviderKeys extends EventBase<'provider.keys'> {
  readonly issuer: string;
  /** Each a public JWK (RFC 7517) in canonical JSON, sorted. */
  readonly keys: readonly string[];
}

/** Where the key that signed was held: by the service, or on the approver's own machine. */
export type SignInMode = 'sso' | 'own-key';

/**
 * The sign-in behind an approval: an ID token whose nonce is bound to the approval's statement and
 * to the public key that signed it. Recorded in the same commit, behind the approval.
 */
export interface SignInRecorded extends EventBase<'sign-in.recorded'> {
  /** The statement of the approval. */
  readonly entry: DigestText;
  readonly person: PersonId;
  readonly mode: SignInMode;
  readonly issuer: string;
  /** The OpenID Connect client that asked: `azp`, else the one audience. */
  readonly client: string;
  /** The statement of the `provider.keys` whose key signed the token. */
  readonly keys: DigestText;
  readonly detached: { readonly idToken: string };
}

/**
 * Values that are not shown any more: those of a person who asked for it, or what people typed long
 * ago. Their salted digests stay where they were, so that no statement changes.
 */
export interface ValuesErased extends EventBase<'values.erased'> {
  /** Whose they were; `null` for those of everybody from before `beforeAt`. */
  readonly person: PersonId | null;
  readonly beforeAt: Instant | null;
  readonly count: number;
}

/** An entry that stood provisional, now signed in its actor's name; late, and never backdated. */
export interface EntryAttested extends EventBase<'entry.attested'> {
  readonly entry: DigestText;
  readonly index: number;
  readonly person: PersonId;
}
