import type { PersonId } from '#domain/ids';
import { canFill } from '../reference-matching.ts';
import { entriesOf } from '../history.ts';
import { eligibleFor, escalatedBefore, neededAt, openedOf } from './evidence.ts';
import type { Law } from './law.ts';

/** 4: no approval is the requester's, and each is by a member eligible under both versions. */
export const eachApprovalIsByAnEligiblePerson: Law = (history) =>
  entriesOf(history, ['approval.given']).flatMap((entry) => {
    const { event, context } = entry;
    const { approver, bypass, lookUps } = event;
    const opened = openedOf(history, bypass).event;
    const escalatedMs = escalatedBefore(history, entry);
    const who = `${approver} on ${bypass}`;
    const ineligible = neededAt(history, entry).filter((needs) => {
      const groups = [...needs.counts.keys()];
      return !groups.some((from) =>
        eligibleFor(needs, from, escalatedMs, lookUps, context.now).includes(approver),
      );
    });
    return [
      ...(approver === opened.requester ? [`${who} approves their own request`] : []),
      ...(context.standings[approver] === 'member' ? [] : [`${who} is no member`]),
      ...(event.at < opened.pendingUntilAt ? [] : [`${who} pressed after the deadline`]),
      ...(event.request === context.requestDigest ? [] : [`${who} saw another request`]),
      ...ineligible.map((needs) => `${who} is not eligible under ${needs.digest}`),
    ];
  });

/** 4: n approvals are n people. */
export const noPersonApprovesTwice: Law = (history) => {
  const seen = new Set<string>();
  return entriesOf(history, ['approval.given']).flatMap(({ event }) => {
    const key = `${event.approver} on ${event.bypass}`;
    const twice = seen.has(key);
    seen.add(key);
    return twice ? [`${key} twice`] : [];
  });
};

/**
 * 4: an activation has distinct people for every requirement, under both versions, all judged
 * again at its commit: their standing, their groups, and how they signed.
 */
export const eachActivationHasItsPeople: Law = (history) =>
  entriesOf(history, ['bypass.activated']).flatMap((entry) => {
    const { event, context } = entry;
    const { requester } = openedOf(history, event.bypass).event;
    const escalatedMs = escalatedBefore(history, entry);
    const given = entriesOf(history, ['approval.given'], event.bypass).filter(
      (one) => one.index < entry.index,
    );
    return neededAt(history, entry).flatMap((needs) => {
      const counting = given.filter(
        ({ event: approval, command }) =>
          approval.approver !== requester &&
          context.standings[approval.approver] === 'member' &&
          (!needs.attested || approval.signing === 'attested') &&
          (!needs.steppedUp || (command.type === 'approve' && command.steppedUp)),
      );
      const people = counting.map((one) => one.event.approver);
      const places = [...needs.counts].flatMap(([from, count]): (readonly PersonId[])[] => {
        const eligible = eligibleFor(needs, from, escalatedMs, event.lookUps, context.now);
        return Array.from({ length: count }, () => eligible);
      });
      if (places.length === 0) return [`${event.bypass} needed nobody`];
      return canFill(places, people) ? [] : [`${event.bypass} lacks people under ${needs.digest}`];
    });
  });

/** The people named in the entry are distinct, approved, and as many as the request needed. */
export const theEntryNamesThePeople: Law = (history) =>
  entriesOf(history, ['bypass.activated']).flatMap((entry) => {
    const { bypass, assigned } = entry.event;
    const approvers = entriesOf(history, ['approval.given'], bypass).map(
      (one) => one.event.approver,
    );
    const people = assigned.map((one) => one.person);
    const [made] = neededAt(history, entry);
    const short = [...(made?.counts ?? [])].filter(
      ([from, count]) => assigned.filter((one) => one.from === from).length !== count,
    );
    return [
      ...(new Set(people).size === people.length ? [] : [`${bypass} names one person twice`]),
      ...people.filter((one) => !approvers.includes(one)).map((one) => `${one} never approved`),
      ...short.map(([from]) => `${bypass} names too few of ${from}`),
    ];
  });

/** Whoever denied was not the requester, a member, and eligible under one version at least. */
export const eachDenialIsByAnEligiblePerson: Law = (history) =>
  entriesOf(history, ['request.denied']).flatMap((entry) => {
    const { event, context } = entry;
    const { requester } = openedOf(history, event.bypass).event;
    const escalatedMs = escalatedBefore(history, entry);
    const eligible = neededAt(history, entry).some((needs) =>
      [...needs.counts.keys()].some((from) =>
        eligibleFor(needs, from, escalatedMs, event.lookUps, context.now).includes(event.by),
      ),
    );
    const allowed = eligible && event.by !== requester && context.standings[event.by] === 'member';
    return allowed ? [] : [`${event.by} denied ${event.bypass}`];
  });
