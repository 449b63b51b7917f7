import { personId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import { digestOf } from '#ledger/digest';
import { at, changing, found as lookedUp, isOf, without, type Mutation } from './mutation.ts';

const opened = at('request.opened');
const outsider = personId('hal');

/** Where the policy lets two wait, and the requester has two waiting. */
export const CROWDED: Mutation = {
  name: 'a request more waits than the policy lets one person have',
  breaks: 'too-many-waiting',
  mutate: changing('request.opened', (event) => ({
    ...event,
    requester: personId('amy'),
    actor: { kind: 'person', person: personId('amy') },
    lookUps: lookedUp(event.lookUps, personId('amy')),
  })),
  found: opened,
};

/** Where the policy lets a person ask twice a day, and the requester did. */
export const BUSY: Mutation = {
  ...CROWDED,
  name: 'a request more than the policy lets one person make in a day',
  breaks: 'too-many-asked',
};

/** Where an overdue review of the service raised it. */
export const RAISED: Mutation = {
  name: 'a request says nothing of the overdue review that raised it',
  breaks: 'raise-wrong',
  mutate: changing('request.opened', (event) => {
    const { raised: _, ...others } = event;
    return others;
  }),
  found: opened,
};

/** Where an overdue review of the service blocks all but drills. */
export const BLOCKED: Mutation = {
  name: 'a request that an overdue review blocks',
  breaks: 'review-overdue',
  mutate: changing('request.opened', (event) => ({ ...event, drill: false })),
  found: opened,
};

/** Who asked, for what, and under which policy. */
export const REQUESTS: readonly Mutation[] = [
  {
    name: 'somebody asks who may not',
    breaks: 'requester-not-eligible',
    mutate: changing('request.opened', (event) => ({
      ...event,
      requester: outsider,
      actor: { kind: 'person', person: outsider },
    })),
    found: opened,
  },
  {
    name: 'a request is entered by somebody else than its requester',
    breaks: 'actor-wrong',
    mutate: changing('request.opened', (event) => ({
      ...event,
      actor: { kind: 'person', person: outsider },
    })),
    found: opened,
  },
  {
    name: 'a lower tier',
    breaks: 'tier-wrong',
    mutate: changing('request.opened', (event) => ({ ...event, tiers: ['low'] })),
    found: opened,
  },
  {
    name: 'a request under a policy that is no longer in force',
    breaks: 'policy-not-in-force',
    mutate: changing('request.opened', (event) => ({ ...event, policy: digestOf('old') })),
    found: opened,
  },
  {
    name: 'a request waits for longer than the policy lets it',
    breaks: 'pending-time-wrong',
    mutate: changing('request.opened', (event) => ({
      ...event,
      pendingUntilAt: event.pendingUntilAt + HOUR_MS,
    })),
    found: opened,
  },
  {
    name: 'a TTL is asked for that the policy does not offer',
    breaks: 'ttl-not-offered',
    mutate: changing('request.opened', (event) => ({ ...event, ttlAskedMs: 8 * HOUR_MS })),
    found: opened,
  },
  {
    name: 'a request is missing',
    breaks: 'bypass-unknown',
    mutate: (log, bypass) => without(log, isOf('request.opened', bypass)),
    found: at('approval.given'),
  },
];
