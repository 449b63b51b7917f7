import { entriesOf } from '../history.ts';
import { neededAt, openedOf } from './evidence.ts';
import type { Law } from './law.ts';

const ENDS_REQUEST = [
  'request.denied',
  'request.withdrawn',
  'request.lapsed',
  'bypass.activated',
] as const;

/** 1, and one denial ends a request: each request ends once, and nothing of it comes after. */
export const eachRequestEndsOnce: Law = (history) =>
  entriesOf(history, ['request.opened']).flatMap(({ event: { bypass } }) => {
    const ends = entriesOf(history, ENDS_REQUEST, bypass);
    const [end] = ends;
    if (end === undefined || ends.length > 1) return [`${bypass} ended ${ends.length} times`];
    return entriesOf(history, ['approval.given', 'request.escalated'], bypass)
      .filter((one) => one.index > end.index)
      .map((one) => `${one.event.type} on ${bypass} after its end`);
  });

/** The shortest TTL granted, no longer than any maximum, from the commit of the activation on. */
export const noBypassIsLongerThanGranted: Law = (history) =>
  entriesOf(history, ['bypass.activated']).flatMap((entry) => {
    const { bypass, ttlMs, expiresAt, at } = entry.event;
    const granted = entriesOf(history, ['approval.given'], bypass).map((one) => one.event.ttlMs);
    const maxima = neededAt(history, entry).map((one) => one.ttlMaxMs);
    const longest = Math.min(...granted, ...maxima);
    return [
      ...(at === entry.context.now ? [] : [`${bypass} runs from another time than its commit`]),
      ...(expiresAt > at + longest ? [`${bypass} is open longer than granted`] : []),
      ...(ttlMs > longest ? [`${bypass} says it has a longer TTL than granted`] : []),
      ...(expiresAt > at ? [] : [`${bypass} is over before it begins`]),
    ];
  });

/** All extensions end within the cap that runs from the first activation. */
export const noChainIsLongerThanItsCap: Law = (history) =>
  entriesOf(history, ['bypass.activated']).flatMap((entry) => {
    const { bypass, chain, expiresAt } = entry.event;
    const first = entriesOf(history, ['bypass.activated']).find((one) => one.event.chain === chain);
    const caps = neededAt(history, entry).map((one) => one.chainMaxMs);
    const capAt = (first ?? entry).context.now + Math.min(...caps);
    return expiresAt <= capAt
      ? []
      : [`${bypass} goes ${expiresAt - capAt} ms past the chain's cap`];
  });

/** 11: each activation has exactly one close, whose end is its expiry or before it. */
export const eachActivationClosesOnce: Law = (history) =>
  entriesOf(history, ['bypass.activated']).flatMap((entry) => {
    const { bypass, expiresAt } = entry.event;
    const closes = entriesOf(history, ['bypass.closed'], bypass);
    const [close] = closes;
    if (close === undefined || closes.length > 1 || close.index < entry.index)
      return [`${bypass} has ${closes.length} closes`];
    const { how, endedAt, actor, at } = close.event;
    const now = close.context.now;
    const right =
      how === 'expired'
        ? endedAt === expiresAt && now >= expiresAt && actor.kind === 'service'
        : endedAt === now && now < expiresAt && actor.kind === 'person';
    return right && at === now ? [] : [`${bypass} is ${how} at the wrong time or by the wrong one`];
  });

/** Approvers of the request and admins revoke; the requester closes; the requester withdraws. */
export const onlyTheRightPeopleEndIt: Law = (history) =>
  entriesOf(history, ['bypass.closed', 'request.withdrawn']).flatMap(({ event, context }) => {
    if (event.type === 'bypass.closed' && event.how === 'expired') return [];
    const { actor, bypass } = event;
    if (actor.kind !== 'person') return [`${bypass} was ended by the service`];
    const opened = entriesOf(history, ['request.opened'], bypass)[0];
    const approved = entriesOf(history, ['approval.given'], bypass).some(
      (one) => one.event.approver === actor.person,
    );
    const admin = context.lookUps.some(
      (one) =>
        one.outcome === 'members' &&
        one.policy === context.current &&
        one.group === 'admins' &&
        context.now - one.lookedUpAt <= 30_000 &&
        one.members.includes(actor.person),
    );
    const revoked = event.type === 'bypass.closed' && event.how === 'revoked';
    const allowed = revoked ? approved || admin : actor.person === opened?.event.requester;
    return allowed ? [] : [`${actor.person} ended ${bypass}`];
  });

/** Waiting has its own deadline: nothing lapses or escalates before its time, nor by anyone. */
export const noDeadlineComesEarly: Law = (history) =>
  entriesOf(history, ['request.lapsed', 'request.escalated']).flatMap(({ event, context }) => {
    const { at, pendingUntilAt } = openedOf(history, event.bypass).event;
    const dueAt = event.type === 'request.lapsed' ? pendingUntilAt : at + event.afterMs;
    const right = context.now >= dueAt && event.actor.kind === 'service';
    return right ? [] : [`${event.type} of ${event.bypass} ${dueAt - context.now} ms early`];
  });
