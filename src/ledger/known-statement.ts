import { canonicalText } from './canonical-json.ts';
import { EVENT_SHAPES } from './event-shapes.ts';
import { PlainText } from './plain-text.ts';
import type { ReadStatement } from './read-statement.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { PREDICATE_TYPE, SEMANTICS, STATEMENT_TYPE } from './statement.ts';
import { SubjectTexts } from './subject-texts.ts';
import { takeDigest } from './take-digest.ts';
import { takeList, type Take } from './take.ts';

const BEFORE_EVENT = `{"_type":"${STATEMENT_TYPE}","predicate":{"event":`;
const BEFORE_TYPE = '"type":"';
const BEFORE_FOLLOWS = ',"followsFrom":';
/** Part of that, from a letter on that hardly any other text has: few places are looked at for it. */
const FOLLOWS = 'From":[';
const FOLLOWS_AT = BEFORE_FOLLOWS.indexOf('F');
const takeDigests = takeList(takeDigest);
const TAKES = new Map(
  Object.entries(EVENT_SHAPES).map(([type, shape]) => [type, shape.take as Take<RecordedEvent>]),
);
const END = '}';

/** A log whose statements were read before, and what they all say. */
interface KnownLog {
  readonly tenant: string;
  readonly log: string;
  /** From behind the digests up to the subjects. */
  readonly between: string;
  readonly subjects: SubjectTexts;
}

/**
 * Reads the statements of a log whose tenant and name are known, in a third of the time: each from
 * its text, in one go, and all around the event is compared with what it must be. `undefined` for
 * any other statement, right or wrong: those are read as JSON. Whatever this reads, that reads the
 * same.
 */
export class KnownStatements {
  #known: KnownLog | undefined;

  /** A statement of this log was read. */
  know({ tenant, log }: ReadStatement): void {
    if (this.#known?.tenant === tenant && this.#known.log === log) return;
    const rest = canonicalText({ log, semantics: SEMANTICS, tenant }).slice(1);
    const between = `,${rest},"predicateType":"${PREDICATE_TYPE}","subject":`;
    this.#known = { tenant, log, between, subjects: new SubjectTexts(tenant, log) };
  }

  read(bytes: Uint8Array): ReadStatement | undefined {
    const known = this.#known;
    if (known === undefined) return undefined;
    const text = new PlainText(bytes);
    const event = text.skip(BEFORE_EVENT) ? takeEvent(text) : undefined;
    if (event === undefined || !text.skip(BEFORE_FOLLOWS)) return undefined;
    const followsFrom = takeDigests(text);
    if (followsFrom === undefined || !text.skip(known.between)) return undefined;
    if (!known.subjects.skip(text, event) || !text.skip(END) || !text.isAtEnd) return undefined;
    const { tenant, log } = known;
    return { tenant, log, semantics: SEMANTICS, followsFrom, event };
  }
}

/** By the type that it seems to be of: its shape says whether it is. */
function takeEvent(text: PlainText): RecordedEvent | undefined {
  const end = text.text.indexOf(FOLLOWS, text.at) - FOLLOWS_AT;
  const from = text.text.lastIndexOf(BEFORE_TYPE, end) + BEFORE_TYPE.length;
  return TAKES.get(text.text.slice(from, text.text.indexOf('"', from)))?.(text);
}
