import { personId } from '#domain/ids';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import {
  at,
  changing,
  eventOf,
  inserted,
  isOf,
  later,
  lookedUpAt,
  vouching,
  type Mutation,
} from './mutation.ts';

const activated = at('bypass.activated');

/** When the gate opened, for how long, and who stood for it. */
export const ACTIVATIONS: readonly Mutation[] = [
  {
    name: 'the activation takes the word of the identity provider for a sign-in of long ago',
    breaks: 'vouching-wrong',
    mutate: changing('bypass.activated', (event) =>
      vouching(event, event.assigned[0]?.person ?? personId(''), 11 * MINUTE_MS),
    ),
    found: activated,
  },
  {
    name: 'the activation takes the word of the identity provider for one who did not approve',
    breaks: 'vouching-wrong',
    mutate: changing('bypass.activated', (event) => vouching(event, personId('gus'))),
    found: activated,
  },
  {
    name: 'the bypass runs for longer than was granted',
    breaks: 'ttl-wrong',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      ttlMs: event.ttlMs + 1,
      expiresAt: event.expiresAt + 1,
    })),
    found: activated,
  },
  {
    name: 'the expiry is later than the TTL',
    breaks: 'expiry-wrong',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      expiresAt: event.expiresAt + 1,
    })),
    found: activated,
  },
  {
    name: 'somebody stands for a requirement who did not approve',
    breaks: 'quorum-not-met',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      assigned: event.assigned.map((one) => ({ ...one, person: personId('hal') })),
    })),
    found: activated,
  },
  {
    name: 'an activation rests on old look-ups',
    breaks: 'quorum-not-met',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: event.at - 30_001 })),
    })),
    found: activated,
  },
  {
    name: 'an activation rests on look-ups from its future',
    breaks: 'quorum-not-met',
    mutate: changing('bypass.activated', (event) => ({
      ...event,
      lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: event.at + 1 })),
    })),
    found: activated,
  },
  {
    name: 'the gate opens days after the request would have lapsed',
    breaks: 'activated-late',
    mutate: (log, bypass) => later(log, activated(log, bypass), 3 * DAY_MS),
    found: activated,
  },
  {
    name: 'the gate opens at the very end of the waiting time',
    breaks: 'activated-late',
    mutate: (log, bypass) => {
      const { pendingUntilAt } = eventOf(log, bypass, 'request.opened');
      const { at: was } = eventOf(log, bypass, 'bypass.activated');
      const last = log.findLastIndex(({ event }) => isOf('approval.given', bypass)(event));
      const waited = later(log, activated(log, bypass), pendingUntilAt - was);
      return waited.map((entry, index) =>
        index === last && entry.event.type === 'approval.given'
          ? { ...entry, event: lookedUpAt(entry.event, pendingUntilAt - 1) }
          : entry,
      );
    },
    found: activated,
  },
  {
    name: 'the gate opens apart from the approval that completed the quorum',
    breaks: 'activation-apart',
    mutate: (log, bypass) => later(log, activated(log, bypass), 10 * MINUTE_MS),
    found: activated,
  },
  {
    name: 'deploys in flight are to be left alone, against the policy',
    breaks: 'in-flight-wrong',
    mutate: changing('bypass.activated', (event) => ({ ...event, inFlight: 'hold' })),
    found: activated,
  },
  {
    name: 'an activation that rests on no approval',
    breaks: 'follows-missing',
    mutate: (log, bypass) => {
      const place = activated(log, bypass);
      const opened = log[at('request.opened')(log, bypass)]?.digest;
      return log.map((entry, index) =>
        index === place
          ? { ...entry, followsFrom: entry.followsFrom.filter((one) => one === opened) }
          : entry,
      );
    },
    found: activated,
  },
  {
    name: 'a second activation',
    breaks: 'activated-twice',
    mutate: (log, bypass) =>
      inserted(log, activated(log, bypass), eventOf(log, bypass, 'bypass.activated')),
    found: at('bypass.activated', 1),
  },
];
