import { canonicalText, CanonicalJsonError, type JsonValue } from './canonical-json.ts';
import type { Digest } from './digest.ts';
import type { EntryEvent } from './entry-draft.ts';
import { readEvent, type ReadStatement } from './read-statement.ts';
import { PREDICATE_TYPE, SEMANTICS, STATEMENT_TYPE } from './statement.ts';
import { subjectsOf, type SharedSubjects } from './subjects.ts';

const BEFORE_EVENT = `{"_type":"${STATEMENT_TYPE}","predicate":{"event":`;
const BEFORE_FOLLOWS = ',"followsFrom":[';
/** Whoever reads bytes as Latin-1 reads the same as in UTF-8, if there is nothing else among them. */
const NOT_ASCII = /[^\0-\x7f]/;
const DIGEST = /"sha256:[0-9a-f]{64}"/y;
const DIGEST_LENGTH = 'sha256:'.length + 64 + 1;
const END = ']}';

/** A log whose statements were read before, and what they all say between their own parts. */
interface KnownLog {
  readonly tenant: string;
  readonly log: string;
  /** From behind the digests up to the subjects. */
  readonly between: string;
}

/**
 * Reads the statements of a log whose tenant and name are known, in a third of the time: only the
 * event is parsed, and all around it is compared with what it must be. Each part is canonical, so
 * the whole of them is, wherever it was cut. `undefined` for any other statement, right or wrong:
 * those are read as JSON. Whatever this reads, that reads the same.
 */
export class KnownStatements {
  readonly #shared: SharedSubjects;
  readonly #texts = new WeakMap<object, string>();
  #known: KnownLog | undefined;

  constructor(shared: SharedSubjects) {
    this.#shared = shared;
  }

  /** A statement of this log was read. */
  know({ tenant, log }: ReadStatement): void {
    if (this.#known?.tenant === tenant && this.#known.log === log) return;
    const rest = canonicalText({ log, semantics: SEMANTICS, tenant }).slice(1);
    const between = `],${rest},"predicateType":"${PREDICATE_TYPE}","subject":[`;
    this.#known = { tenant, log, between };
  }

  read(bytes: Uint8Array): ReadStatement | undefined {
    const known = this.#known;
    if (known === undefined) return undefined;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    // A character for each byte, and none that stands for a byte that is no UTF-8: all is ASCII.
    if (text.length !== bytes.length || text.includes('\uFFFD')) return undefined;
    if (!text.startsWith(BEFORE_EVENT) || NOT_ASCII.test(text)) return undefined;
    const eventEnd = text.indexOf(BEFORE_FOLLOWS, BEFORE_EVENT.length);
    if (eventEnd === -1) return undefined;
    const followsFrom: Digest[] = [];
    const followsEnd = takeDigests(text, eventEnd + BEFORE_FOLLOWS.length, followsFrom);
    if (!text.startsWith(known.between, followsEnd)) return undefined;
    const event = eventOf(text.slice(BEFORE_EVENT.length, eventEnd));
    if (event === undefined) return undefined;
    const { tenant, log } = known;
    const about = { tenant, log, event: event as unknown as EntryEvent };
    const subjects = this.#textOf(subjectsOf(about, this.#shared));
    if (text.slice(followsEnd + known.between.length) !== subjects) return undefined;
    return { tenant, log, semantics: SEMANTICS, followsFrom, event };
  }

  #textOf(subjects: readonly JsonValue[]): string {
    let text = '';
    for (const subject of subjects) text += `${text === '' ? '' : ','}${this.#subject(subject)}`;
    return text + END;
  }

  /** Those that many statements share are the same objects, and written once. */
  #subject(subject: JsonValue): string {
    if (typeof subject !== 'object' || subject === null) return canonicalText(subject);
    const known = this.#texts.get(subject);
    if (known !== undefined) return known;
    const text = canonicalText(subject);
    this.#texts.set(subject, text);
    return text;
  }
}

/** Takes the digests of a list; gives where it ends, or where something else stands in it. */
function takeDigests(text: string, from: number, digests: Digest[]): number {
  DIGEST.lastIndex = from;
  let end = from;
  while (DIGEST.test(text)) {
    end = DIGEST.lastIndex;
    digests.push(text.slice(end - DIGEST_LENGTH, end - 1) as Digest);
    // A comma that no digest follows stays in front of where the list is taken to end.
    if (text[end] !== ',') break;
    DIGEST.lastIndex = end + 1;
  }
  return end;
}

function eventOf(text: string): ReadStatement['event'] | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (canonicalText(value) !== text) return undefined;
    const read = readEvent(value);
    return read?.ok === true ? read.value : undefined;
  } catch (error) {
    if (error instanceof CanonicalJsonError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
