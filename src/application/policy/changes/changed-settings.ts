import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { lookUp } from '#domain/policy/evaluate-policy';
import type { Gate, OverdueRule, Policy } from '#domain/policy/policy';
import type { PolicyVersion } from '../../ports/policy-version.ts';
import { durationText } from '../duration.ts';
import type { Change, ChangeKind } from './change.ts';

type Version = Pick<PolicyVersion, 'content' | 'directory'>;

/** What can be bypassed and asked for, the limits, and who hears of it. */
export function changedSettings(before: Version, after: Version): readonly Change[] {
  const [was, is] = [before.content, after.content];
  return [
    ...named('gate', was.gates, is.gates),
    ...named('service', placesOf(was), placesOf(is)),
    ...Object.entries(is.gates).flatMap(([name, gate]) =>
      changedGate(name, lookUp(was.gates, name), gate),
    ),
    ...callers(was, is),
    ...limit('waiting-limit', was.waitingLimit, is.waitingLimit),
    ...limit('day-limit', was.dayLimit, is.dayLimit),
    ...overdue(was.postMortem.overdue, is.postMortem.overdue),
    ...other('post-mortem', reviewsOf(was), reviewsOf(is)),
    ...other('calendar', was.calendar ?? null, is.calendar ?? null),
    ...securityChannel(before, after),
  ];
}

const textOf = (value: unknown): string =>
  new TextDecoder().decode(canonicalJson(value as JsonValue));

const change = (
  kind: ChangeKind,
  looser: boolean,
  about: string,
  before: string | null,
  after: string | null,
): Change => ({ kind, looser, about, before, after });

/** Each environment of a service by itself. */
const placesOf = ({ services }: Policy): Readonly<Record<string, true>> =>
  Object.fromEntries(
    Object.entries(services).flatMap(([name, { environments }]) =>
      environments.map((environment) => [`${name} in ${environment}`, true] as const),
    ),
  );

/** What can be asked for that could not: before, it got the strictest tier as something unknown. */
function named(
  kind: 'gate' | 'service',
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly Change[] {
  const gone = Object.keys(before).filter((name) => lookUp(after, name) === undefined);
  const added = Object.keys(after).filter((name) => lookUp(before, name) === undefined);
  return [
    ...gone.map((name) => change(kind, false, name, name, null)),
    ...added.map((name) => change(kind, true, name, null, name)),
  ];
}

function changedGate(name: string, was: Gate | undefined, is: Gate): readonly Change[] {
  if (was === undefined) return [];
  const facts = was.verifiedFacts === is.verifiedFacts;
  const reached = ({ kind, settings, gates }: Gate): string =>
    textOf({ kind, ...(settings ? { settings } : {}), ...(gates ? { gates } : {}) });
  return [
    ...(facts
      ? []
      : [
          change(
            'verified-facts',
            was.verifiedFacts,
            name,
            String(was.verifiedFacts),
            String(is.verifiedFacts),
          ),
        ]),
    // Where a gate is looked for says which gate it is: nobody can tell whether less passes there.
    ...(reached(was) === reached(is)
      ? []
      : [change('gate-settings', true, name, reached(was), reached(is))]),
  ];
}

function callers(before: Policy, after: Policy): readonly Change[] {
  const by = ({ callers: all = [] }: Policy) => new Map(all.map((one) => [one.name, textOf(one)]));
  const [was, is] = [by(before), by(after)];
  return [
    ...[...was.keys()]
      .filter((name) => !is.has(name))
      .map((name) => change('caller', false, name, name, null)),
    ...[...is]
      .filter(([name, text]) => was.get(name) !== text)
      .map(([name]) => change('caller', true, name, was.has(name) ? name : null, name)),
  ];
}

function limit(
  kind: 'waiting-limit' | 'day-limit',
  was: number | undefined,
  is: number | undefined,
): readonly Change[] {
  if (was === is) return [];
  const text = (count: number | undefined): string | null =>
    count === undefined ? null : String(count);
  return [change(kind, (is ?? Infinity) > (was ?? Infinity), '', text(was), text(is))];
}

function overdue(was: OverdueRule | undefined, is: OverdueRule | undefined): readonly Change[] {
  const text = (rule: OverdueRule | undefined): string | null =>
    rule === undefined ? null : `${rule.action} after ${durationText(rule.afterMs)}`;
  if (text(was) === text(is)) return [];
  const weight = (rule: OverdueRule | undefined): number =>
    rule === undefined ? 0 : rule.action === 'block' ? 2 : 1;
  const looser =
    weight(is) < weight(was) || (was !== undefined && (is?.afterMs ?? Infinity) > was.afterMs);
  return [change('overdue-reviews', looser, '', text(was), text(is))];
}

const reviewsOf = ({ postMortem: { overdue: _overdue, ...others } }: Policy): unknown => others;

/** Told, and no loosening: it lets nobody through. */
function other(kind: 'post-mortem' | 'calendar', was: unknown, is: unknown): readonly Change[] {
  return textOf(was) === textOf(is) ? [] : [change(kind, false, '', null, null)];
}

/** Whoever heard of it so far is to hear that they will not any more. */
function securityChannel({ directory: was }: Version, { directory: is }: Version) {
  const [before, after] = [was.channels.security, is.channels.security];
  if (before === after) return [];
  return [change('security-channel', before !== null, '', before, after)];
}
