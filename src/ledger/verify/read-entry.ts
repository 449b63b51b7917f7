import { digestOf, type Digest } from '../digest.ts';
import type { ExportedEntry } from '../export/format.ts';
import { KnownStatements } from '../known-statement.ts';
import { readStatement, type StatementReading } from '../read-statement.ts';
import { readEnvelope, type EnvelopeReading } from './envelope.ts';

/** An entry, read: all of it that depends on nothing before it. */
export interface ReadEntry {
  readonly entry: ExportedEntry;
  /** Of the statement. */
  readonly digest: Digest;
  readonly statement: StatementReading;
  readonly envelope: EnvelopeReading;
}

/** Reads entries. It remembers what many of them share, and nothing that decides anything. */
export class EntryReader {
  readonly #known = new KnownStatements();

  read(entry: ExportedEntry): ReadEntry {
    const { statement, envelope, written } = entry;
    return {
      entry,
      digest: digestOf(statement),
      statement: this.#statement(statement),
      envelope: readEnvelope(envelope, statement, written),
    };
  }

  #statement(bytes: Uint8Array): StatementReading {
    const known = this.#known.read(bytes);
    if (known !== undefined) return { ok: true, value: known };
    const read = readStatement(bytes);
    if (read.ok) this.#known.know(read.value);
    return read;
  }
}
