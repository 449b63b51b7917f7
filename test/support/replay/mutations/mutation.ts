import type { PersonId } from '#domain/ids';
import { HOUR_MS, type Instant } from '#domain/instant';
import type { LookUp } from '#domain/policy/look-up';
import { digestOf } from '#ledger/digest';
import type { RecordedBypassEvent, RecordedEvent, RecordedOf } from '#ledger/recorded-event';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import type { ViolationCode } from '#ledger/replay/violation';

export type Log = readonly ReplayedEntry[];
type Type = RecordedBypassEvent['type'];

/** One way to forge a log that holds a played bypass, and the rule that it breaks. */
export interface Mutation {
  readonly name: string;
  readonly breaks: ViolationCode;
  /** Whether the played log holds what is forged here; chance may have played it otherwise. */
  readonly needs?: (log: Log, bypass: string) => boolean;
  readonly mutate: (log: Log, bypass: string) => Log;
  /** The index, in the forged log, of the entry that breaks it. */
  readonly found: (forged: Log, bypass: string) => number;
}

export const isOf =
  <Of extends Type>(type: Of, bypass: string) =>
  (event: RecordedEvent): event is RecordedOf<Of> =>
    event.type === type && 'bypass' in event && event.bypass === bypass;

/** Needs an entry of the bypass of this type. */
export const holding =
  (type: Type) =>
  (log: Log, bypass: string): boolean =>
    log.some(({ event }) => isOf(type, bypass)(event));

/** The index of an entry of the bypass by its type; of several, the one after `nth` others. */
export const at =
  (type: Type, nth = 0) =>
  (log: Log, bypass: string): number => {
    const is = isOf(type, bypass);
    const found = log.flatMap(({ event }, index) => (is(event) ? [index] : []))[nth];
    if (found === undefined) throw new RangeError(`no ${type} of ${bypass}`);
    return found;
  };

/** Changes the entries of one type; the change hears which one of them it is. */
export function change<Of extends Type>(
  log: Log,
  bypass: string,
  type: Of,
  to: (event: RecordedOf<Of>, nth: number) => RecordedEvent,
): Log {
  const is = isOf(type, bypass);
  let nth = -1;
  return log.map((entry) => {
    if (!is(entry.event)) return entry;
    nth += 1;
    return { ...entry, event: to(entry.event, nth) };
  });
}

/** The mutation that only gives entries of one type other members. */
export const changing =
  <Of extends Type>(type: Of, to: (event: RecordedOf<Of>, nth: number) => RecordedEvent) =>
  (log: Log, bypass: string): Log =>
    change(log, bypass, type, to);

/** The log without some entries; that others rested on them is forgotten with them. */
export function without(log: Log, drop: (event: RecordedEvent) => boolean): Log {
  const kept = log.filter(({ event }) => !drop(event));
  const places = new Map<string, number>(kept.map(({ digest }, place) => [digest, place]));
  return placed(
    kept.map(({ event, followsFrom, ...entry }) => ({
      ...entry,
      event:
        event.type === 'entry.attested'
          ? { ...event, index: places.get(event.entry) ?? event.index }
          : event,
      followsFrom: followsFrom.filter((one) => places.has(one)),
    })),
  );
}

/** The log with entries of the tenant behind it, hours later: its service went on. */
export function goneOn(log: Log): Log {
  const version = log.find(({ event }) => event.type === 'policy.applied')?.event;
  const latestAt = Math.max(...log.map(({ event }) => event.at));
  if (version === undefined) throw new RangeError('no policy');
  return [2, 3].reduce(
    (grown, hours) =>
      inserted(grown, grown.length - 1, { ...version, at: latestAt + hours * HOUR_MS }),
    log,
  );
}

/** The log with one entry more behind the entry at `index`. */
export function inserted(log: Log, index: number, event: RecordedEvent): Log {
  const entry = { index, digest: digestOf(`inserted ${index}`), followsFrom: [], event };
  return placed(log.toSpliced(index + 1, 0, entry));
}

/** All of a log from `index` on, moved in time. */
export function later(log: Log, index: number, byMs: number): Log {
  return log.map((entry, place) =>
    place < index ? entry : { ...entry, event: moved(entry.event, byMs) },
  );
}

/** Every time that an event holds, moved alike. */
function moved(event: RecordedEvent, byMs: number): RecordedEvent {
  const move = (value: unknown, key = ''): unknown => {
    if (typeof value === 'number') return /(^at|At)$/.test(key) ? value + byMs : value;
    if (Array.isArray(value)) return value.map((one) => move(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, move(one, name)]));
  };
  return move(event) as RecordedEvent;
}

/** The approval as if all its people had been looked up then. */
export function lookedUpAt(
  event: RecordedOf<'approval.given'>,
  then: Instant,
): RecordedOf<'approval.given'> {
  return { ...event, lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: then })) };
}

/** The event of the bypass of this type. */
export function eventOf<Of extends Type>(log: Log, bypass: string, type: Of): RecordedOf<Of> {
  const event = log.map((entry) => entry.event).find(isOf(type, bypass));
  if (event === undefined) throw new RangeError(`no ${type} of ${bypass}`);
  return event;
}

/** Everyone who is named in a look-up becomes this person, so that eligibility is not what fails. */
export const found = (lookUps: readonly LookUp[], person: PersonId): readonly LookUp[] =>
  lookUps.map((one) => (one.outcome === 'members' ? { ...one, members: [person] } : one));

const placed = (log: Log): Log => log.map((entry, index) => ({ ...entry, index }));

/** The event as if the identity provider had vouched for somebody, who signed in so long before. */
export function vouching<Event extends { readonly at: number }>(
  event: Event,
  person: PersonId,
  agoMs = 0,
) {
  return { ...event, vouched: [{ person, signedInAt: event.at - agoMs }] };
}
