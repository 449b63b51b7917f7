import type { BypassId, DigestText, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { LookUp } from '#domain/policy/look-up';
import { entriesOf, type Entry, type History } from '../history.ts';
import { candidatesFor, needsOf, type Needs } from '../reference-policy.ts';

/** What one request needs under one policy version, worked out again from what was recorded. */
export interface NeededUnder extends Needs {
  readonly digest: DigestText;
}

export function openedOf(history: History, bypass: BypassId) {
  const opened = entriesOf(history, ['request.opened'], bypass)[0];
  if (opened === undefined) throw new Error(`${bypass} was never opened`);
  return opened;
}

/** Under the version the request was made under and the one in force at the entry. */
export function neededAt(history: History, entry: Entry): readonly NeededUnder[] {
  const { event } = openedOf(history, entry.event.bypass);
  const question = { gate: event.gate, ...event.scope, severity: event.severity };
  return [...new Set([event.policy, entry.context.current])].map((digest) => {
    const policy = history.policies[digest];
    if (policy === undefined) throw new Error(`no policy ${digest}`);
    return { digest, ...needsOf(policy, question) };
  });
}

export function escalatedBefore(history: History, entry: Entry): number {
  const steps = entriesOf(history, ['request.escalated'], entry.event.bypass)
    .filter((one) => one.index < entry.index)
    .map((one) => one.event.afterMs);
  return Math.max(0, ...steps);
}

/** Whoever may meet `from`, by the look-ups that the entry itself records, none older than 30 s. */
export function eligibleFor(
  needs: NeededUnder,
  from: string,
  escalatedMs: number,
  recorded: readonly LookUp[],
  now: Instant,
): readonly PersonId[] {
  const groups = candidatesFor(needs, from, escalatedMs);
  return recorded.flatMap((one) =>
    one.outcome === 'members' &&
    one.policy === needs.digest &&
    groups.includes(one.group) &&
    one.lookedUpAt <= now &&
    one.lookedUpAt >= now - 30_000
      ? one.members
      : [],
  );
}
