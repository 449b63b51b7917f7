import type { BypassEvent } from '#domain/bypass/event';
import type { TenantEvent } from '#domain/tenant-event';
import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { commit, type Opening } from './commitment.ts';
import { digestOf, type Digest } from './digest.ts';
import { timesToText } from './statement-time.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://safeguard.sh/breakglass/audit-entry/v1';

/** The number of the rules an entry was made under; the verifier replays it under the same. */
export const SEMANTICS = 1;

export type EntryEvent = BypassEvent | TenantEvent;

/** What becomes one signed record. */
export interface EntryDraft {
  readonly tenant: string;
  /** The log's origin line (C2SP checkpoint), so that an entry fits no other log. */
  readonly log: string;
  /** Statement digests of the entries that this one rests on. */
  readonly followsFrom: readonly Digest[];
  readonly event: EntryEvent;
}

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

/**
 * What the statement is about, each by digest: the bypass with its gate and scope, the request
 * that an approval answers, the artifact that was deployed.
 */
export function subjectsOf({ tenant, log, event }: EntryDraft): JsonValue[] {
  const subjects = [subject(`log/${log}`, digestOf(canonicalJson({ tenant, log })))];
  if ('bypass' in event) {
    const { bypass, chain, gate, scope, drill } = event;
    const about = { tenant, chain, bypass, gate, scope: { ...scope }, drill };
    subjects.push(subject(`bypass/${bypass}`, digestOf(canonicalJson(about))));
  }
  if (event.type === 'approval.given')
    subjects.push(subject(`request/${event.bypass}`, event.request));
  if (event.type === 'entry.attested') subjects.push(subject(`entry/${event.index}`, event.entry));
  if (event.type === 'deploy.annotated' && event.artifact !== null)
    subjects.push(artifactSubject(event.artifact));
  return subjects;
}

function subject(name: string, digest: string): JsonValue {
  return { name, digest: { sha256: digest.slice('sha256:'.length) } };
}

/** A gate may name artifacts by another algorithm than SHA-256; in-toto takes any name for it. */
function artifactSubject({ name, digest }: { name: string; digest: string }): JsonValue {
  const colon = digest.indexOf(':');
  return { name, digest: { [digest.slice(0, colon)]: digest.slice(colon + 1) } };
}
