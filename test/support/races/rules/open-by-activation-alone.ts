import { isDeepStrictEqual } from 'node:util';
import type { Answered, History, Rule, TenantRecord } from '../history.ts';
import { answersOf, committedAt, entriesOf, inEach } from '../reading.ts';

/**
 * Rule 2: the gate is open exactly while a committed activation stands that is no drill.
 * Reads: answers with the database's time, the moments of commits, the log's activations and closes.
 * An answer during which an activation or a close was under way may be either; so may one that the
 * service could not give (`unavailable`), one about a deploy that somebody else began, and one whose facts
 * say less or more than the scope.
 */
export const openByActivationAlone: Rule = (history) =>
  inEach(2, history, (record) =>
    answersOf(history, record.tenant).flatMap((answer) =>
      answer.decision === 'bypass'
        ? openedBy(history, record, answer)
        : shutAgainst(history, record, answer),
    ),
  );

function openedBy(history: History, record: TenantRecord, answer: Answered): readonly string[] {
  const found = entriesOf(record, 'bypass.activated').find(
    ({ entry }) => entry.digest === answer.entry,
  );
  if (found === undefined) return [`bypass without an activation in the log: ${answer.entry}`];
  const { entry, event } = found;
  if (event.drill) return [`a drill opened the gate: ${event.bypass}`];
  return (committedAt(history, record.tenant, entry.index) ?? 0) > answer.moment
    ? [`bypass before the activation of ${event.bypass} was committed`]
    : [];
}

/** They say nothing of whether the gate is open. */
const NO_ANSWER: ReadonlySet<string> = new Set(['unavailable', 'finished', 'begun-by-another']);

function shutAgainst(history: History, record: TenantRecord, answer: Answered): readonly string[] {
  if (NO_ANSWER.has(answer.reason)) return [];
  return entriesOf(record, 'bypass.activated').flatMap(({ entry, event }) => {
    const { scope, drill, expiresAt, bypass } = event;
    const close = entriesOf(record, 'bypass.closed').find((one) => one.event.bypass === bypass);
    const { gate, ...asked } = ordered(answer.facts);
    const isOpened = (event.gates ?? [event.gate]).includes(gate);
    const isSame = isOpened && isDeepStrictEqual({ ...scope }, asked);
    const stood = (committedAt(history, record.tenant, entry.index) ?? Infinity) < answer.asked;
    const stands = close === undefined || close.event.endedAt > answer.serverTime;
    const open = !drill && isSame && stood && stands && answer.serverTime < expiresAt;
    return open ? [`enforce (${answer.reason}) while ${bypass} was active for these facts`] : [];
  });
}

const ordered = ({ gate, service, environment, branch, artifact }: Answered['facts']) => ({
  gate,
  service,
  environment,
  branch,
  artifact,
});
