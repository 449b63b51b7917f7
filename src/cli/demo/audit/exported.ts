import type { JsonValue } from '#ledger/canonical-json';
import type { ExportedEntry } from '#ledger/export/format';
import { parseBase64 } from '#ledger/digest';
import { readStatement } from '#ledger/read-statement';
import type { RecordedEvent } from '#ledger/recorded-event';

/** An entry's line of an export, as JSON has it. */
interface EntryLine {
  readonly index: number;
  /** Base64. */
  readonly statement: string;
  readonly envelope: JsonValue;
  readonly openings: JsonValue;
}

/** A line of an export with the entry that it holds, if it holds one. */
export interface ExportedLine {
  readonly text: string;
  readonly entry: EntryLine | null;
  readonly event: RecordedEvent | null;
}

export function readLines(lines: readonly string[]): readonly ExportedLine[] {
  return lines.map((text) => {
    const { entry = null } = JSON.parse(text) as { entry?: EntryLine };
    return { text, entry, event: entry === null ? null : eventOf(entry) };
  });
}

/** The statement of an entry in its own words. */
export const statementOf = ({ statement }: EntryLine): string =>
  Buffer.from(statement, 'base64').toString();

/** The line with another statement, and everything else as it was. */
export function withStatement({ text, entry }: ExportedLine, statement: string): string {
  if (entry === null) return text;
  const changed = Buffer.from(statement).toString('base64');
  return JSON.stringify({ entry: { ...entry, statement: changed } });
}

/** What a leaf of the tree is made of. */
export function leafOf({
  statement,
  envelope,
}: EntryLine): Pick<ExportedEntry, 'statement' | 'envelope'> {
  return { statement: parseBase64(statement) ?? new Uint8Array(), envelope };
}

function eventOf({ statement }: EntryLine): RecordedEvent | null {
  const read = readStatement(parseBase64(statement) ?? new Uint8Array());
  return read.ok ? read.value.event : null;
}
