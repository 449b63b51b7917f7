import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { ExportedEntry } from '#application/ports/log-reader';
import type { Receipt } from '#application/ports/card';
import { base64, digestOf } from '#ledger/digest';
import { parseCheckpoint } from '#ledger/checkpoint';
import { parseNote } from '#ledger/signed-note';
import { readStatement } from '#ledger/read-statement';
import { isBypassEvent, type RecordedEvent } from '#ledger/recorded-event';
import type { Stores } from '../../open-stores.ts';

export interface BookEntry {
  readonly index: number;
  readonly digest: string;
  readonly event: RecordedEvent;
  readonly stored: ExportedEntry;
  readonly receipt: Pick<Receipt, 'size' | 'root'>;
}

/** The log as it stood at one moment. */
export interface Book {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** In the order of the log. */
  readonly entries: readonly BookEntry[];
  readonly nameOf: (person: string) => string;
}

export interface LogBook {
  read(): Promise<Book>;
}

/** Reads the log; an entry never changes, so each is read once. */
export function logBook({ logs, store }: Stores, tenant: TenantId): LogBook {
  const known: BookEntry[] = [];
  const names = new Map<string, string>();
  let book: Promise<Book> | undefined;

  const read = async (): Promise<Book> => {
    const snapshot = await logs.snapshot(tenant);
    const head = rootOf(snapshot.checkpoint);
    if (snapshot.size > known.length) {
      const fresh: ExportedEntry[] = [];
      for await (const entry of snapshot.entries())
        if (entry.index >= known.length) fresh.push(entry);
      await learn(fresh, { size: snapshot.size, root: head });
    }
    return {
      origin: snapshot.origin,
      size: snapshot.size,
      root: head,
      entries: [...known],
      nameOf: (person) => names.get(person) ?? 'somebody',
    };
  };

  const learn = async (fresh: readonly ExportedEntry[], head: BookEntry['receipt']) => {
    const read = fresh.map((stored) => ({ stored, event: eventIn(stored) }));
    const bypasses = read.flatMap(({ event }) => (isBypassEvent(event) ? [event.bypass] : []));
    await store.read(tenant, async (tx) => {
      const receipts = new Map<number, Receipt>();
      for (const bypass of new Set<BypassId>(bypasses)) {
        const chain = (await tx.bypass(bypass))?.chain;
        for (const row of chain === undefined ? [] : await tx.entriesOf(chain))
          receipts.set(row.index, row.receipt);
      }
      for (const { stored, event } of read) {
        const { index, statement } = stored;
        // What belongs to no bypass has its place in the newest checkpoint as much as in its first.
        const receipt = receipts.get(index) ?? head;
        known.push({ index, digest: digestOf(statement), event, stored, receipt });
      }
      const people = known.flatMap(({ event }) => peopleIn(event));
      for (const { person, name } of await tx.people([...new Set(people)])) names.set(person, name);
    });
  };

  return {
    read() {
      // One reader at a time: each adds what is new to the same list.
      const mine = (book ?? Promise.resolve()).catch(() => undefined).then(read);
      book = mine;
      return mine;
    },
  };
}

function eventIn({ statement, index }: ExportedEntry): RecordedEvent {
  const read = readStatement(statement);
  if (!read.ok) throw new RangeError(`entry ${index} cannot be read: ${read.code}`);
  return read.value.event;
}

function peopleIn(event: RecordedEvent): readonly PersonId[] {
  const { actor } = event;
  return [
    ...(actor.kind === 'person' ? [actor.person] : []),
    ...('assignee' in event ? [event.assignee] : []),
    ...(event.type === 'person.enrolled' ? [event.person] : []),
  ];
}

function rootOf(checkpoint: string): string {
  const note = parseNote(checkpoint);
  const read = note.ok ? parseCheckpoint(note.value.text) : note;
  return read.ok ? base64(read.value.root) : '';
}
