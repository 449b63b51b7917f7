import type { PersonId } from '#domain/ids';
import { canonicalJson, parseCanonicalJson, type JsonValue } from '#ledger/canonical-json';
import { digestOf, type Digest } from '#ledger/digest';
import type { RecordedEvent } from '#ledger/recorded-event';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import type { EntryEvent } from '#ledger/entry-draft';
import { compose } from '#ledger/statement';
import type { History } from '#test/support/replay/history';
import { recorded } from '#test/support/replay/recorded-log';
import { ORIGIN, TENANT, type UnsignedEntry } from '#test/support/replay/test-log';
import { sealForReal, type Base } from './base.ts';
import { exportOf, type Export } from './export.ts';

type Log = readonly ReplayedEntry[];

/**
 * A log that the service and its authority signed rightly, of a history that was changed: every
 * entry is composed anew, and names those that it rests on by what they have become.
 */
export async function forged(
  { keys, signer }: Pick<Base, 'keys' | 'signer'>,
  history: History,
  change: (log: Log) => Log,
  emails?: (person: PersonId) => string,
): Promise<Export> {
  const openings = new Map(history.entries.map((one) => [one.digest, one.openings]));
  const became = new Map<string, Digest>();
  const renamed = (digest: string): Digest => became.get(digest) ?? (digest as Digest);
  const entries = change(recorded(history.entries)).map((entry): UnsignedEntry => {
    const followsFrom = entry.followsFrom.map(renamed);
    const event = resting(entry.event, renamed);
    const statement = composed(event, followsFrom);
    const digest = digestOf(statement);
    became.set(entry.digest, digest);
    const { detached: _, ...bare } = event;
    return {
      event: bare as EntryEvent,
      followsFrom,
      statement,
      digest,
      openings: openings.get(entry.digest) ?? {},
    };
  });
  return exportOf(await sealForReal(entries, keys, signer, emails), keys);
}

function resting(event: RecordedEvent, renamed: (digest: string) => Digest): RecordedEvent {
  if (event.type === 'approval.given') return { ...event, request: renamed(event.request) };
  if (event.type === 'sign-in.recorded')
    return { ...event, entry: renamed(event.entry), keys: renamed(event.keys) };
  if (event.type === 'person.unbound') return { ...event, binding: renamed(event.binding) };
  return event.type === 'entry.attested' ? { ...event, entry: renamed(event.entry) } : event;
}

/** The statement of an event whose detached values are digests already. */
function composed({ detached, ...event }: RecordedEvent, followsFrom: readonly Digest[]) {
  const draft = { tenant: TENANT, log: ORIGIN, followsFrom, event: event as EntryEvent };
  const { bytes } = compose(draft, () => new Uint8Array(16));
  const written = parseCanonicalJson(bytes) as {
    readonly predicate: { readonly event: Readonly<Record<string, JsonValue>> };
  };
  const { predicate } = written;
  return canonicalJson({
    ...written,
    predicate: { ...predicate, event: { ...predicate.event, detached } },
  });
}
