import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { commit, type Opening } from './commitment.ts';
import { digestOf, type Digest } from './digest.ts';
import type { EntryDraft } from './entry-draft.ts';
import { timesToText } from './statement-time.ts';
import { subjectsOf } from './subjects.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://safeguard.sh/breakglass/audit-entry/v1';

/** The number of the rules an entry was made under; the verifier replays it under the same. */
export const SEMANTICS = 1;

/** A detached value is a text. */
export type TextOpening = Opening & { readonly value: string };

export interface Composed {
  /** Canonical JSON of the in-toto Statement: exactly what is signed. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The detached values with their salts, by name. */
  readonly openings: Readonly<Record<string, TextOpening>>;
}

/**
 * The statement of an entry. Detached values go in as salted digests and come back beside it;
 * times are written in RFC 3339.
 *
 * @param newSalt 16 fresh random bytes at each call.
 * @throws CanonicalJsonError for a value that JSON cannot say, such as a lone surrogate.
 */
export function compose(draft: EntryDraft, newSalt: () => Uint8Array): Composed {
  const { detached = {}, ...event } = draft.event;
  const openings = Object.fromEntries(
    Object.entries(detached).map(([name, value]) => [name, { salt: newSalt(), value }]),
  );
  const digests = Object.fromEntries(
    Object.entries(openings).map(([name, { salt, value }]) => [name, commit(value, salt)]),
  );
  const predicate = {
    tenant: draft.tenant,
    log: draft.log,
    semantics: SEMANTICS,
    followsFrom: draft.followsFrom,
    event: { ...(timesToText(event as unknown as JsonValue) as object), detached: digests },
  };
  const bytes = canonicalJson({
    _type: STATEMENT_TYPE,
    subject: subjectsOf(draft),
    predicateType: PREDICATE_TYPE,
    predicate,
  });
  return { bytes, digest: digestOf(bytes), openings };
}
