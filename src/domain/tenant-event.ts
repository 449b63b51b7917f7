import type { Actor } from './actor.ts';
import type { DigestText, PersonId } from './ids.ts';
import type { Instant } from './instant.ts';

/** What happened to a tenant's log, policy and people, outside any bypass. Entries, like all events. */
export type TenantEvent = LogStarted | PolicyApplied | PersonEnrolled | EntryAttested;

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

/** An entry that stood provisional, now signed in its actor's name; late, and never backdated. */
export interface EntryAttested extends EventBase<'entry.attested'> {
  readonly entry: DigestText;
  readonly index: number;
  readonly person: PersonId;
}
