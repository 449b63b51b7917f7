import type { JsonValue } from '../canonical-json.ts';
import { parseBase64 } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE } from '../dsse.ts';
import type { Openings } from '../openings.ts';
import { openingsShape } from './entry-shape.ts';
import type { ExportedEntry } from './format.ts';
import { isTooDeep, LONGEST_LINE } from './line-text.ts';

const BEFORE_INDEX = '{"entry":{"index":';
const BEFORE_STATEMENT = ',"statement":"';
const BEFORE_PAYLOAD_IN_ENVELOPE = '{"payload":"';
const BEFORE_PAYLOAD = `","envelope":${BEFORE_PAYLOAD_IN_ENVELOPE}`;
const BEFORE_KEY = `","payloadType":"${IN_TOTO_PAYLOAD_TYPE}","signatures":[{"keyid":"`;
const BEFORE_SIGNATURE = '","sig":"';
const ENVELOPE_END = '"}]}';
const BEFORE_OPENINGS = `${ENVELOPE_END},"openings":`;
const END = '}}';

const INDEX = /[1-9][0-9]{0,14}(?=,)|0(?=,)/y;
const KEY_ID = /^[0-9a-f]{64}$/;
/** Of the openings in a line, `{"entry":{"openings":…}}`. */
const OPENINGS_DEPTH = 2;

/**
 * Reads the line of an entry that the service's key signed, written as `exportLines` writes it:
 * nearly every line of a log is one. It is read in its parts, without parsing what stands twice in
 * it. `undefined` for any other line, right or wrong: those are read as JSON. Whatever this reads,
 * that reads the same.
 */
export function readServiceLine(line: string): ExportedEntry | undefined {
  if (!line.startsWith(BEFORE_INDEX) || line.length > LONGEST_LINE) return undefined;
  INDEX.lastIndex = BEFORE_INDEX.length;
  const index = INDEX.exec(line)?.[0];
  if (index === undefined) return undefined;
  const afterIndex = BEFORE_INDEX.length + index.length;
  if (!line.startsWith(BEFORE_STATEMENT, afterIndex)) return undefined;
  const payload = upToQuote(line, afterIndex + BEFORE_STATEMENT.length);
  const afterStatement = afterIndex + BEFORE_STATEMENT.length + payload.length;
  if (!line.startsWith(BEFORE_PAYLOAD, afterStatement)) return undefined;
  const payloadAt = afterStatement + BEFORE_PAYLOAD.length;
  if (line.slice(payloadAt, payloadAt + payload.length) !== payload) return undefined;
  // No quotation mark, no escape and no line break is base64, so none of the parts hides another.
  const statement = parseBase64(payload);
  const rest = readRest(line, payloadAt + payload.length);
  if (statement === undefined || rest === undefined) return undefined;
  const { signature, openings, end } = rest;
  const envelope = { payload, payloadType: IN_TOTO_PAYLOAD_TYPE, signatures: [signature] };
  // Its members stand in canonical order, and nothing in it is escaped.
  const text = line.slice(payloadAt - BEFORE_PAYLOAD_IN_ENVELOPE.length, end);
  const written = { statement: payload, envelope: text };
  return { index: Number(index), statement, envelope, openings, written };
}

function readRest(line: string, from: number) {
  if (!line.startsWith(BEFORE_KEY, from)) return undefined;
  const keyid = upToQuote(line, from + BEFORE_KEY.length);
  const afterKey = from + BEFORE_KEY.length + keyid.length;
  if (!KEY_ID.test(keyid) || !line.startsWith(BEFORE_SIGNATURE, afterKey)) return undefined;
  const sig = upToQuote(line, afterKey + BEFORE_SIGNATURE.length);
  const afterSignature = afterKey + BEFORE_SIGNATURE.length + sig.length;
  if (!line.startsWith(BEFORE_OPENINGS, afterSignature) || !line.endsWith(END)) return undefined;
  const text = line.slice(afterSignature + BEFORE_OPENINGS.length, -END.length);
  const openings = text === '{}' ? {} : readOpenings(text);
  if (parseBase64(sig) === undefined || openings === undefined) return undefined;
  return { signature: { keyid, sig }, openings, end: afterSignature + ENVELOPE_END.length };
}

function readOpenings(text: string): Openings | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (JSON.stringify(value) !== text || isTooDeep(value, OPENINGS_DEPTH)) return undefined;
    const read = openingsShape(value, '');
    return read.ok ? read.value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function upToQuote(line: string, from: number): string {
  const end = line.indexOf('"', from);
  return line.slice(from, end === -1 ? from : end);
}
