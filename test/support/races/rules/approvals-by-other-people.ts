import type { RecordedOf } from '#ledger/recorded-event';
import type { Rule, TenantRecord } from '../history.ts';
import { entriesOf, inEach, repeated } from '../reading.ts';

/**
 * Rule 4: the requester never counts, under any account; n approvals are n people; who counted was
 * eligible at the commit.
 * Reads: the log's requests, approvals and activations with their look-ups, and which account is
 * whose. That the right tier was asked for is the replay's to judge.
 */
export const approvalsByOtherPeople: Rule = (history) =>
  inEach(4, history, (record) => [
    ...ownApprovals(record),
    ...entriesOf(record, 'bypass.activated').flatMap(({ event }) => judged(record, event)),
  ]);

function requesterOf(record: TenantRecord, bypass: string): string | undefined {
  const opened = entriesOf(record, 'request.opened').find(({ event }) => event.bypass === bypass);
  return opened?.event.requester;
}

function ownApprovals(record: TenantRecord): readonly string[] {
  const people = new Set(Object.values(record.people));
  return entriesOf(record, 'approval.given').flatMap(({ event: { approver, bypass } }) => [
    ...(approver === requesterOf(record, bypass) ? [`${approver} approved their own request`] : []),
    ...(people.has(approver) ? [] : [`${approver} approved and is no person of the tenant`]),
  ]);
}

function judged(
  record: TenantRecord,
  { bypass, at, assigned, lookUps }: RecordedOf<'bypass.activated'>,
): readonly string[] {
  const own = <T extends { readonly event: { readonly bypass: string } }>(all: readonly T[]) =>
    all.filter(({ event }) => event.bypass === bypass);
  const given = own(entriesOf(record, 'approval.given')).map(({ event }) => event.approver);
  const added = own(entriesOf(record, 'request.escalated')).flatMap(({ event }) => event.added);
  const counted = assigned.map((one) => one.person);
  const fresh = lookUps.filter((one) => one.lookedUpAt <= at && at - one.lookedUpAt <= OLDEST_MS);
  const isMember = (person: string, groups: readonly string[]) =>
    fresh.some(
      (one) =>
        groups.includes(one.group) &&
        one.outcome === 'members' &&
        one.members.some((member) => member === person),
    );
  return [
    ...repeated(counted).map((person) => `${person} counted twice for ${bypass}`),
    ...counted.filter((one) => one === requesterOf(record, bypass)).map((one) => `${one} counted`),
    ...counted.filter((one) => !given.includes(one)).map((one) => `${one} never approved`),
    ...(assigned.length === 0 ? [`${bypass} was activated by nobody`] : []),
    ...assigned
      .filter(({ from, person }) => !isMember(person, [from, ...added]))
      .map(({ from, person }) => `${person} stood for ${from} and was not seen in it`),
  ];
}

/** The longest that a look-up may be relied on. */
const OLDEST_MS = 30_000;
