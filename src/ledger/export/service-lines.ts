import type { JsonValue } from '../canonical-json.ts';
import { Base64Room } from '../base64.ts';
import { digestOf } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE } from '../dsse.ts';
import type { Openings } from '../openings.ts';
import { openingsShape } from './entry-shape.ts';
import type { EntryLine, ServiceEnvelope } from './format.ts';
import { isTooDeep, LONGEST_LINE } from './line-text.ts';
import { takeOpenings } from './take-openings.ts';

const BEFORE_INDEX = '{"entry":{"index":';
const BEFORE_STATEMENT = ',"statement":"';
const BEFORE_PAYLOAD_IN_ENVELOPE = '{"payload":"';
const BEFORE_PAYLOAD = `","envelope":${BEFORE_PAYLOAD_IN_ENVELOPE}`;
/** From here on, lines say the same up to the signature, for as long as one key signs them. */
const BEFORE_KEY = `","payloadType":"${IN_TOTO_PAYLOAD_TYPE}","signatures":[{"keyid":"`;
const BEFORE_SIGNATURE = '","sig":"';
const ENVELOPE_END = '"}]}';
const BEFORE_OPENINGS = `${ENVELOPE_END},"openings":`;
const END = '}}';

const KEY_ID = /^[0-9a-f]{64}$/;
/** Of the openings in a line, `{"entry":{"openings":…}}`. */
const OPENINGS_DEPTH = 2;

/**
 * Reads the lines of entries that the service's key signed, written as `exportLines` writes them:
 * nearly all of a log. Each is read in its parts, without parsing what stands twice in it.
 */
export class ServiceLines {
  readonly #bytes = new Base64Room();
  /** What stands between payload and signature, with the last key's name in it. */
  #beforeSignature = '';
  #keyId = '';

  /**
   * `undefined` for any other line, right or wrong: those are read as JSON. Whatever this reads,
   * that reads the same.
   */
  read(line: string): EntryLine | undefined {
    if (!line.startsWith(BEFORE_INDEX) || line.length > LONGEST_LINE) return undefined;
    const afterIndex = line.indexOf(',', BEFORE_INDEX.length);
    const index = numberOf(line.slice(BEFORE_INDEX.length, afterIndex));
    if (index === undefined || !line.startsWith(BEFORE_STATEMENT, afterIndex)) return undefined;
    const payload = upToQuote(line, afterIndex + BEFORE_STATEMENT.length);
    const afterStatement = afterIndex + BEFORE_STATEMENT.length + payload.length;
    if (!stands(BEFORE_PAYLOAD, line, afterStatement)) return undefined;
    const payloadAt = afterStatement + BEFORE_PAYLOAD.length;
    if (!stands(payload, line, payloadAt)) return undefined;
    // No quotation mark, no escape and no line break is base64, so none of the parts hides another.
    const statement = this.#bytes.parse(payload);
    const rest = this.#rest(line, payloadAt + payload.length);
    if (statement === undefined || rest === undefined) return undefined;
    const { signature, openings, end } = rest;
    // Its members stand in canonical order, and nothing in it is escaped.
    const digest = digestOf(line.slice(payloadAt - BEFORE_PAYLOAD_IN_ENVELOPE.length, end));
    const envelope: ServiceEnvelope = { kind: 'service', keyId: this.#keyId, signature, digest };
    return { index, statement, envelope, openings };
  }

  #rest(line: string, from: number) {
    const isKnown = this.#keyId !== '' && stands(this.#beforeSignature, line, from);
    if (!isKnown && !this.#knowKey(line, from)) return undefined;
    const sigAt = from + this.#beforeSignature.length;
    const sig = upToQuote(line, sigAt);
    const end = sigAt + sig.length;
    if (!stands(BEFORE_OPENINGS, line, end) || !line.endsWith(END)) return undefined;
    const openings = this.#openings(line.slice(end + BEFORE_OPENINGS.length, -END.length));
    const signature = this.#bytes.parse(sig);
    if (signature === undefined || openings === undefined) return undefined;
    return { signature, openings, end: end + ENVELOPE_END.length };
  }

  /** Reads the name of a key; `false` where none stands. */
  #knowKey(line: string, from: number): boolean {
    const keyId = upToQuote(line, from + BEFORE_KEY.length);
    const before = `${BEFORE_KEY}${keyId}${BEFORE_SIGNATURE}`;
    if (!KEY_ID.test(keyId) || !stands(before, line, from)) return false;
    this.#keyId = keyId;
    this.#beforeSignature = before;
    return true;
  }

  #openings(text: string): Openings | undefined {
    if (text === '{}') return {};
    return takeOpenings(text, this.#bytes) ?? parseOpenings(text);
  }
}

/** A number in its one spelling. */
function numberOf(written: string): number | undefined {
  const number = Number(written);
  const isOne = Number.isSafeInteger(number) && number >= 0 && String(number) === written;
  return isOne ? number : undefined;
}

function parseOpenings(text: string): Openings | undefined {
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

// A slice is compared a word at a time, where `startsWith` goes by single characters.
function stands(characters: string, line: string, at: number): boolean {
  return line.slice(at, at + characters.length) === characters;
}

function upToQuote(line: string, from: number): string {
  const end = line.indexOf('"', from);
  return line.slice(from, end === -1 ? from : end);
}
