import { isDeepStrictEqual } from 'node:util';
import { evolve } from '#domain/bypass/evolve';
import type { Chain } from '#domain/bypass/chain';
import { entriesOf } from '../history.ts';
import { needsOf } from '../reference-policy.ts';
import { openedOf } from './evidence.ts';
import type { Law } from './law.ts';

/** 14: every chain that was open gets one post-mortem, after its last end; drills and the rest none. */
export const eachChainGetsOnePostMortem: Law = (history) =>
  history.chains.flatMap(({ id, drill }) => {
    const own = history.entries.filter((one) => one.event.chain === id);
    const wasOpen = own.some((one) => one.event.type === 'bypass.activated');
    const opened = own.filter((one) => one.event.type === 'post-mortem.opened');
    const due = wasOpen && !drill ? 1 : 0;
    if (opened.length !== due) return [`${id} has ${opened.length} post-mortems, not ${due}`];
    const [first] = opened;
    const late = own.filter(
      ({ event, index }) =>
        first !== undefined &&
        index > first.index &&
        ['request.opened', 'bypass.activated', 'bypass.closed'].includes(event.type),
    );
    const done = own.filter((one) => one.event.type === 'post-mortem.completed');
    return [
      ...late.map(({ event }) => `${event.type} in ${id} after its post-mortem`),
      ...(done.length > 1 ? [`${id} completes its post-mortem ${done.length} times`] : []),
    ];
  });

/** An extension names an active bypass of its own chain, gate and scope; one waits at a time. */
export const eachExtensionFitsItsChain: Law = (history) =>
  entriesOf(history, ['request.opened']).flatMap(({ event, index, context }) => {
    const { bypass, chain, extends: parent } = event;
    if (parent === null) return String(bypass) === String(chain) ? [] : [`${bypass} in ${chain}`];
    const about = openedOf(history, parent).event;
    const [activated] = entriesOf(history, ['bypass.activated'], parent);
    const closed = entriesOf(history, ['bypass.closed'], parent).some((one) => one.index < index);
    const right =
      activated !== undefined &&
      activated.index < index &&
      context.now < activated.event.expiresAt &&
      !closed &&
      about.chain === chain &&
      about.gate === event.gate &&
      isDeepStrictEqual(about.gates, event.gates) &&
      isDeepStrictEqual(about.scope, event.scope);
    return right ? [] : [`${bypass} extends ${parent}`];
  });

/** An extension is asked for at full tier: at no less than the same severity as before would ask. */
export const noExtensionAsksForLess: Law = (history) =>
  entriesOf(history, ['request.opened']).flatMap(({ event }) => {
    const policy = history.policies[event.policy];
    if (event.extends === null || policy === undefined) return [];
    const { severity } = openedOf(history, event.extends).event;
    const question = { gate: event.gate, ...event.scope };
    const before = needsOf(policy, { ...question, severity });
    const now = needsOf(policy, { ...question, severity: event.severity });
    const fewer = [...before.counts].filter(([from, count]) => (now.counts.get(from) ?? 0) < count);
    const less =
      fewer.length > 0 ||
      now.chainMaxMs > before.chainMaxMs ||
      (before.attested && !now.attested) ||
      (before.steppedUp && !now.steppedUp);
    return less ? [`${event.bypass} asks for less than ${event.extends}`] : [];
  });

/** Every entry says the same of chain, gate, scope and drill as the one that opened the request. */
export const eachEntryStandsOnItsOwn: Law = (history) =>
  history.entries.flatMap(({ event }) => {
    const opened = openedOf(history, event.bypass).event;
    const about = ({ chain, gate, gates, scope, drill }: typeof event) => ({
      chain,
      gate,
      gates,
      scope,
      drill,
    });
    return isDeepStrictEqual(about(event), about(opened))
      ? []
      : [`${event.type} of ${event.bypass}`];
  });

/** The state is the log applied, and neither loses anything as JSON. */
export const statesAndEventsSurviveJson: Law = (history) => {
  const events = history.entries.map((one) => one.event);
  const read = JSON.parse(JSON.stringify(events)) as typeof events;
  const chains = history.chains.map(({ id }) =>
    events
      .filter((one) => one.chain === id)
      .reduce<Chain | null>((state, event) => evolve(state, event), null),
  );
  return [
    ...(isDeepStrictEqual(read, events) ? [] : ['an event changes as JSON']),
    ...(isDeepStrictEqual(chains, history.chains) ? [] : ['a state changes as JSON']),
  ];
};

/** Who asked was a member of the tenant and of a group that may ask, and had room to wait. */
export const eachRequesterMayAsk: Law = (history) =>
  entriesOf(history, ['request.opened']).flatMap(({ event, context }) => {
    const policy = history.policies[event.policy];
    const fresh = event.lookUps.some(
      (one) =>
        one.outcome === 'members' &&
        one.policy === context.current &&
        policy?.requesters.includes(one.group) === true &&
        context.now - one.lookedUpAt <= 30_000 &&
        one.members.includes(event.requester),
    );
    const room =
      context.waiting < (policy?.waitingLimit ?? 0) &&
      context.askedToday < (policy?.dayLimit ?? Number.POSITIVE_INFINITY);
    const member = context.standings[event.requester] === 'member';
    return fresh && room && member ? [] : [`${event.requester} asked for ${event.bypass}`];
  });

/** What a command makes happen always fits the state it was judged on: no command is a fault. */
export const noDecisionIsOutOfPlace: Law = ({ outOfPlace }) => outOfPlace;
