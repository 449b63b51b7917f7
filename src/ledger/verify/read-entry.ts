import { digestOf, type Digest } from '../digest.ts';
import type { EntryLine } from '../export/format.ts';
import { KnownStatements } from '../known-statement.ts';
import { readStatement, type StatementReading } from '../read-statement.ts';
import { envelopeOf, type EnvelopeReading } from './envelope.ts';

/** What of an entry is read before its signature is checked. */
export interface SignedEntry {
  readonly entry: EntryLine;
  readonly envelope: EnvelopeReading;
}

/** An entry, read: all of it that depends on nothing before it. */
export interface ReadEntry extends SignedEntry {
  /** Of the statement. */
  readonly digest: Digest;
  readonly statement: StatementReading;
}

export function readSigned(entry: EntryLine): SignedEntry {
  return { entry, envelope: envelopeOf(entry.envelope, entry.statement) };
}

/** Reads entries. It remembers what many of them share, and nothing that decides anything. */
export class EntryReader {
  readonly #known = new KnownStatements();

  read({ entry, envelope }: SignedEntry): ReadEntry {
    const { statement } = entry;
    return { entry, envelope, digest: digestOf(statement), statement: this.#statement(statement) };
  }

  #statement(bytes: Uint8Array): StatementReading {
    const known = this.#known.read(bytes);
    if (known !== undefined) return { ok: true, value: known };
    const read = readStatement(bytes);
    if (read.ok) this.#known.know(read.value);
    return read;
  }
}
