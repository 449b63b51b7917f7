import { personId } from '#domain/ids';
import { at, changing, eventOf, inserted, type Mutation } from './mutation.ts';

const activated = at('bypass.activated');

/** When the gate opened, for how long, and who stood for it. */
export const ACTIVATIONS: readonly Mutation[] = [
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
    name: 'deploys in flight are to be left alone, against the policy',
    breaks: 'in-flight-wrong',
    mutate: changing('bypass.activated', (event) => ({ ...event, inFlight: 'hold' })),
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
