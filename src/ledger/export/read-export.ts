import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '../canonical-json.ts';
import { SALT_BYTES, type Opening } from '../commitment.ts';
import { parseBase64, parseHex, SHA256_BYTES, type Digest } from '../digest.ts';
import { digest } from '../event-shapes.ts';
import {
  anyText,
  count,
  exactly,
  json,
  listOf,
  membersOf,
  object,
  recordOf,
  scalar,
  text,
  time,
  type Shape,
} from '../shape.ts';
import {
  EXPORT_FORMAT,
  type ExportedEntry,
  type ExportedServiceKey,
  type ExportHeader,
  type ExportRecord,
} from './format.ts';
import { isLineText, isTooDeep, LONGEST_LINE } from './line-text.ts';
import { policyShape } from './policy-shape.ts';

type ExportFaultCode =
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

const bytes: Shape<Uint8Array> = scalar((value) =>
  typeof value === 'string' ? parseBase64(value) : undefined,
);
const keyId: Shape<string> = scalar((value) =>
  typeof value === 'string' && parseHex(value)?.length === SHA256_BYTES ? value : undefined,
);
const salt: Shape<Uint8Array> = scalar((value) => {
  const read = typeof value === 'string' ? parseBase64(value) : undefined;
  return read?.length === SALT_BYTES ? read : undefined;
});

const header = object<ExportHeader & { readonly format: string }>({
  format: exactly(EXPORT_FORMAT),
  tenant: text(),
  log: text(),
  logKeys: listOf(text()),
  serviceKeys: listOf(object<ExportedServiceKey>({ keyId, spki: bytes })),
  exportedAt: time,
});
const policy = object<{ digest: Digest; content: PolicyContent }>({ digest, content: policyShape });
const entry = object<Omit<ExportedEntry, 'openings'> & Partial<Pick<ExportedEntry, 'openings'>>>(
  { index: count, statement: bytes, envelope: json },
  { openings: recordOf(object<Opening>({ salt, value: json })) },
);

type Kind = ExportRecord['kind'];
const ORDER: readonly Kind[] = ['header', 'policy', 'entry', 'checkpoint'];

/**
 * Reads an export line by line (lines come without their newlines): a header, the policies, the
 * entries, the checkpoint. The first fault is the last thing given. Checks form alone: no digest,
 * no signature, no index.
 */
export async function* readExport(lines: AsyncIterable<string>): AsyncGenerator<ExportReading> {
  let line = 0;
  let before: Kind | undefined;
  for await (const written of lines) {
    line += 1;
    const reading = readLine(written, line);
    const kind = reading.ok ? reading.record.kind : undefined;
    if (kind !== undefined && !follows(before, kind)) {
      yield { ok: false, fault: { code: 'line-out-of-order', line, path: '$' } };
      return;
    }
    yield reading;
    if (kind === undefined) return;
    before = kind;
  }
  if (before !== 'checkpoint')
    yield { ok: false, fault: { code: 'checkpoint-missing', line: line + 1, path: '$' } };
}

function follows(before: Kind | undefined, kind: Kind): boolean {
  if (before === undefined) return kind === 'header';
  if (before === 'checkpoint' || kind === 'header') return false;
  return ORDER.indexOf(kind) >= ORDER.indexOf(before);
}

function readLine(written: string, line: number): ExportReading {
  if (written.length > LONGEST_LINE) return fault('line-too-long', line, '$');
  const value = parseJson(written);
  if (value === undefined) return fault('line-not-json', line, '$');
  if (isTooDeep(value)) return fault('line-too-deep', line, '$');
  if (!isLineText(written, value)) return fault('line-not-as-written', line, '$');
  const members = membersOf(value);
  const format = members?.['format'];
  if (format !== undefined && format !== EXPORT_FORMAT)
    return fault('format-unsupported', line, '$.format');
  if (format !== undefined)
    return record(header, value, line, '$', (read) => {
      const { format: _, ...rest } = read;
      return { kind: 'header', header: rest };
    });
  const [name, ...others] = Object.keys(members ?? {});
  if (name === undefined || others.length > 0) return fault('line-unknown', line, '$');
  return readNamed(name, members?.[name], line);
}

function readNamed(name: string, value: JsonValue | undefined, line: number): ExportReading {
  const path = `$.${name}`;
  switch (name) {
    case 'policy':
      return record(policy, value, line, path, (read) => ({ kind: 'policy', ...read }));
    case 'entry':
      return record(entry, value, line, path, (read) => ({
        kind: 'entry',
        entry: { ...read, openings: read.openings ?? {} },
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
  wrap: (value: Value) => ExportRecord,
): ExportReading {
  const read = shape(value, path);
  return read.ok
    ? { ok: true, record: wrap(read.value) }
    : fault('line-malformed', line, read.path);
}

function parseJson(written: string): JsonValue | undefined {
  try {
    return JSON.parse(written) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fault(code: ExportFaultCode, line: number, path: string): ExportReading {
  return { ok: false, fault: { code, line, path } };
}
