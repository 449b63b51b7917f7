import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import { parseHex, SHA256_BYTES, type Digest } from '../digest.ts';
import { digest } from '../event-shapes.ts';
import {
  anyText,
  exactly,
  listOf,
  membersOf,
  object,
  scalar,
  text,
  time,
  type Shape,
} from '../shape.ts';
import { bytes, entryShape } from './entry-shape.ts';
import {
  READ_FORMATS,
  type ExportedServiceKey,
  type ExportFormat,
  type ExportHeader,
  type ExportRecord,
} from './format.ts';
import { foreignFile, type ForeignFile } from './foreign-file.ts';
import { isLineText, isTooDeep, LONGEST_LINE } from './line-text.ts';
import { policyShape } from './policy-shape.ts';
import { ServiceLines } from './service-lines.ts';

type ExportFaultCode =
  | ForeignFile
  | 'file-empty'
  | 'line-blank'
  | 'line-too-long'
  | 'line-not-json'
  | 'line-too-deep'
  | 'line-not-as-written'
  | 'format-unsupported'
  | 'line-unknown'
  | 'line-malformed'
  | 'line-out-of-order'
  | 'checkpoint-missing';

/** Why an export cannot be read on. `line` counts from 1. */
export interface ExportFault {
  readonly code: ExportFaultCode;
  readonly line: number;
  /** Of the member that does not fit, for `line-malformed`. */
  readonly path: string;
}

export type ExportReading =
  | { readonly ok: true; readonly record: ExportRecord }
  | { readonly ok: false; readonly fault: ExportFault };

const keyId: Shape<string> = scalar((value) =>
  typeof value === 'string' && parseHex(value)?.length === SHA256_BYTES ? value : undefined,
);

const header = object<ExportHeader & { readonly format: ExportFormat }>({
  format: exactly(...READ_FORMATS),
  tenant: text(),
  log: text(),
  logKeys: listOf(text()),
  serviceKeys: listOf(object<ExportedServiceKey>({ keyId, spki: bytes })),
  exportedAt: time(),
});
const policy = object<{ digest: Digest; content: PolicyContent }>({ digest, content: policyShape });

type Kind = ExportRecord['kind'];
const ORDER: readonly Kind[] = ['header', 'policy', 'entry', 'checkpoint'];

type LineRecord =
  | Exclude<ExportRecord, { kind: 'checkpoint' }>
  | { readonly kind: 'checkpoint'; readonly note: string };

/** What a line says, before it is known whether another one follows. */
type ReadLine =
  | { readonly ok: true; readonly record: LineRecord; readonly format?: ExportFormat }
  | { readonly ok: false; readonly fault: ExportFault };

/** Lines without their newlines, one by one or several at a time. */
export type ExportLines = AsyncIterable<string | readonly string[]>;

/**
 * Reads an export: a header, the policies, the entries, with checkpoints between them from the
 * second version on, and the last checkpoint. The first fault is the last thing given. Checks form
 * alone: no digest, no signature, no index. What lines that come together say is given together.
 */
export async function* readExport(lines: ExportLines): AsyncGenerator<readonly ExportReading[]> {
  const reader = new ExportReader();
  for await (const written of lines) {
    yield reader.take(typeof written === 'string' ? [written] : written);
    if (reader.isFaulty) return;
  }
  yield [reader.end()];
}

class ExportReader {
  /** Nothing is read behind a fault. */
  isFaulty = false;
  readonly #service = new ServiceLines();
  #line = 0;
  #before: Kind | undefined;
  #format: ExportFormat | undefined;
  /** A checkpoint is the last one if no line comes behind it. */
  #held: string | undefined;

  take(lines: readonly string[]): readonly ExportReading[] {
    const readings: ExportReading[] = [];
    for (const written of lines) {
      this.#line += 1;
      const reading = this.#read(written);
      if (reading.ok && !follows(this.#before, reading.record.kind, this.#format)) {
        this.isFaulty = true;
        readings.push(fault('line-out-of-order', this.#line, '$'));
        return readings;
      }
      if (this.#held !== undefined) readings.push(checkpoint(this.#held, false));
      if (!reading.ok) {
        this.isFaulty = true;
        readings.push(reading);
        return readings;
      }
      const { record, format } = reading;
      this.#held = record.kind === 'checkpoint' ? record.note : undefined;
      this.#format = format ?? this.#format;
      this.#before = record.kind;
      if (record.kind !== 'checkpoint') readings.push({ ok: true, record });
    }
    return readings;
  }

  #read(written: string): ReadLine {
    const entry = this.#service.read(written);
    return entry === undefined
      ? readJsonLine(written, this.#line)
      : { ok: true, record: { kind: 'entry', entry } };
  }

  /** No line comes behind those that were taken. */
  end(): ExportReading {
    if (this.#line === 0) return fault('file-empty', 1, '$');
    if (this.#held === undefined) return fault('checkpoint-missing', this.#line + 1, '$');
    return checkpoint(this.#held, true);
  }
}

function checkpoint(note: string, last: boolean): ExportReading {
  return { ok: true, record: { kind: 'checkpoint', note, last } };
}

function follows(before: Kind | undefined, kind: Kind, format: ExportFormat | undefined): boolean {
  if (before === undefined) return kind === 'header';
  if (kind === 'header') return false;
  // Only entries follow a checkpoint, and only where it may stand between them.
  if (before === 'checkpoint') return kind === 'entry' && format !== 'breakglass-export/v1';
  return ORDER.indexOf(kind) >= ORDER.indexOf(before);
}

function readJsonLine(written: string, line: number): ReadLine {
  const foreign = line === 1 ? foreignFile(written) : undefined;
  if (foreign !== undefined) return fault(foreign, line, '$');
  if (written.trim() === '') return fault('line-blank', line, '$');
  if (written.length > LONGEST_LINE) return fault('line-too-long', line, '$');
  const value = parseJson(written);
  if (value === undefined) return fault('line-not-json', line, '$');
  if (isTooDeep(value)) return fault('line-too-deep', line, '$');
  if (!isLineText(written, value)) return fault('line-not-as-written', line, '$');
  const members = membersOf(value);
  const format = members?.['format'];
  if (format !== undefined && !READ_FORMATS.some((known) => known === format))
    return fault('format-unsupported', line, '$.format');
  if (format !== undefined) return readHeader(value, line);
  const [name, ...others] = Object.keys(members ?? {});
  if (name === undefined || others.length > 0) return fault('line-unknown', line, '$');
  return readNamed(name, members?.[name], line);
}

function readHeader(value: JsonValue, line: number): ReadLine {
  const read = header(value, '$');
  if (!read.ok) return fault('line-malformed', line, read.path);
  const { format, ...rest } = read.value;
  return { ok: true, record: { kind: 'header', header: rest }, format };
}

function readNamed(name: string, value: JsonValue | undefined, line: number): ReadLine {
  const path = `$.${name}`;
  switch (name) {
    case 'policy':
      return record(policy, value, line, path, (read) => ({ kind: 'policy', ...read }));
    case 'entry':
      return record(entryShape, value, line, path, (read) => ({
        kind: 'entry',
        entry: {
          ...read,
          envelope: { kind: 'json', value: read.envelope },
          openings: read.openings ?? {},
        },
      }));
    case 'checkpoint':
      return record(anyText, value, line, path, (note) => ({ kind: 'checkpoint', note }));
    default:
      return fault('line-unknown', line, path);
  }
}

function record<Value>(
  shape: Shape<Value>,
  value: JsonValue | undefined,
  line: number,
  path: string,
  wrap: (value: Value) => LineRecord,
): ReadLine {
  const read = shape(value, path);
  if (!read.ok) return fault('line-malformed', line, read.path);
  return { ok: true, record: wrap(read.value) };
}

function parseJson(written: string): JsonValue | undefined {
  try {
    return JSON.parse(written) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fault(
  code: ExportFaultCode,
  line: number,
  path: string,
): { readonly ok: false; readonly fault: ExportFault } {
  return { ok: false, fault: { code, line, path } };
}
