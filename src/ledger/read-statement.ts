import { parseCanonicalJson, type JsonValue } from './canonical-json.ts';
import type { Digest } from './digest.ts';
import { digest, EVENT_SHAPES } from './event-shapes.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { json, listOf, membersOf, object, scalar, text } from './shape.ts';
import { sameJson } from './same-json.ts';
import { PREDICATE_TYPE, SEMANTICS, STATEMENT_TYPE } from './statement.ts';
import { subjectsOf } from './subjects.ts';

/** What a signed statement says. Times are epoch milliseconds; detached values are digests. */
export interface ReadStatement {
  readonly tenant: string;
  /** The log's origin line. */
  readonly log: string;
  readonly semantics: number;
  readonly followsFrom: readonly Digest[];
  readonly event: RecordedEvent;
}

export type StatementRefusal =
  /** Not canonical JSON: other readers could read the same bytes differently. */
  | 'not-canonical'
  /** Not an in-toto Statement of our predicate type. */
  | 'not-a-statement'
  | 'semantics-unsupported'
  | 'event-unknown'
  | 'shape-wrong'
  /** The subjects are not those of the event that the predicate holds. */
  | 'subject-wrong';

export type StatementReading =
  | { readonly ok: true; readonly value: ReadStatement }
  | {
      readonly ok: false;
      readonly code: StatementRefusal;
      readonly path: string;
      /** Of its event, if that much can be read. */
      readonly type?: RecordedEvent['type'];
    };

const only = (expected: string) => scalar((value) => (value === expected ? expected : undefined));

interface Outer {
  readonly _type: string;
  readonly predicateType: string;
  readonly subject: readonly JsonValue[];
  readonly predicate: JsonValue;
}

const OUTER = object<Outer>({
  _type: only(STATEMENT_TYPE),
  predicateType: only(PREDICATE_TYPE),
  subject: listOf(json),
  predicate: json,
});

interface Predicate {
  readonly tenant: string;
  readonly log: string;
  readonly semantics: JsonValue;
  readonly followsFrom: readonly Digest[];
  readonly event: JsonValue;
}

const PREDICATE = object<Predicate>({
  tenant: text(),
  log: text(),
  semantics: json,
  followsFrom: listOf(digest),
  event: json,
});

/**
 * Reads the bytes of an entry's statement (in-toto Statement v1, RFC 8785). Strict: an event of an
 * unknown type, a member too many or too few, and a time in another spelling are all refused, with
 * the path of what does not fit.
 */
export function readStatement(bytes: Uint8Array): StatementReading {
  const value = parseCanonicalJson(bytes);
  if (value === undefined) return refusal('not-canonical', '$');
  const outer = OUTER(value, '$');
  if (!outer.ok) return refusal('not-a-statement', outer.path);
  const read = PREDICATE(outer.value.predicate, '$.predicate');
  if (!read.ok) return refusal('shape-wrong', read.path);
  const { semantics } = read.value;
  if (semantics !== SEMANTICS) return refusal('semantics-unsupported', '$.predicate.semantics');
  const type = typeOf(read.value.event);
  if (type === undefined) return refusal('event-unknown', '$.predicate.event.type');
  const event = EVENT_SHAPES[type](read.value.event, '$.predicate.event');
  if (!event.ok) return { ...refusal('shape-wrong', event.path), type };
  const { tenant, log, followsFrom } = read.value;
  const statement = { tenant, log, semantics, followsFrom, event: event.value };
  return sameSubjects(outer.value.subject, statement)
    ? { ok: true, value: statement }
    : { ...refusal('subject-wrong', '$.subject'), type };
}

/** Of the event of a statement; `undefined` for one of no known type. */
function typeOf(value: JsonValue): RecordedEvent['type'] | undefined {
  const type = membersOf(value)?.['type'];
  if (typeof type !== 'string' || !Object.hasOwn(EVENT_SHAPES, type)) return undefined;
  return type as RecordedEvent['type'];
}

/**
 * Subjects repeat what the predicate says, and tools that look for an artifact or a bypass find
 * entries by them alone: so they must be what writing this entry gives.
 */
function sameSubjects(subjects: readonly JsonValue[], statement: ReadStatement): boolean {
  // No subject is of a detached value, which a recorded event has as a digest alone.
  return sameJson(subjects, subjectsOf(statement));
}

function refusal(
  code: StatementRefusal,
  path: string,
): Extract<StatementReading, { readonly ok: false }> {
  return { ok: false, code, path };
}
