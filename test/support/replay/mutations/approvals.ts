import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { PersonId } from '#domain/ids';
import { digestOf } from '#ledger/digest';
import type { RecordedOf } from '#ledger/recorded-event';
import {
  at,
  change,
  changing,
  eventOf,
  found,
  isOf,
  lookedUpAt,
  vouching,
  without,
  type Mutation,
} from './mutation.ts';

const first = at('approval.given');

export function approvedBy(event: RecordedOf<'approval.given'>, person: PersonId) {
  const actor = { kind: 'person', person } as const;
  return { ...event, approver: person, actor, lookUps: found(event.lookUps, person) };
}

/** Moved in time with its look-ups, so that these are as fresh as before. */
function moved(event: RecordedOf<'approval.given'>, byMs: number) {
  const lookUps = event.lookUps.map((one) => ({ ...one, lookedUpAt: one.lookedUpAt + byMs }));
  return { ...event, at: event.at + byMs, lookUps };
}

/** Who approved, when, what and how. */
export const APPROVALS: readonly Mutation[] = [
  {
    name: 'the requester approves',
    breaks: 'self-approval',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event, nth) =>
        nth === 0 ? approvedBy(event, eventOf(log, bypass, 'request.opened').requester) : event,
      ),
    found: first,
  },
  {
    name: 'one person approves twice',
    breaks: 'approver-repeated',
    mutate: (log, bypass) => {
      const { approver } = eventOf(log, bypass, 'approval.given');
      return change(log, bypass, 'approval.given', (event) => approvedBy(event, approver));
    },
    found: at('approval.given', 1),
  },
  {
    name: 'an approver is in no group',
    breaks: 'approver-not-eligible',
    mutate: changing('approval.given', (event, nth) =>
      nth === 0
        ? { ...event, lookUps: event.lookUps.map((one) => ({ ...one, members: [] })) }
        : event,
    ),
    found: first,
  },
  {
    name: 'an approval rests on old look-ups',
    breaks: 'approver-not-eligible',
    mutate: changing('approval.given', (event) => ({
      ...event,
      lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: event.at - 30_001 })),
    })),
    found: first,
  },
  {
    name: 'an approval is entered in the name of another',
    breaks: 'actor-wrong',
    mutate: changing('approval.given', (event) => ({ ...event, actor: { kind: 'service' } })),
    found: first,
  },
  {
    name: 'an approval is of another request',
    breaks: 'approved-other-request',
    mutate: changing('approval.given', (event) => ({ ...event, request: digestOf('other') })),
    found: first,
  },
  {
    name: 'an approval comes after the request lapsed',
    breaks: 'approval-out-of-time',
    mutate: changing('approval.given', (event) => moved(event, HOUR_MS)),
    found: first,
  },
  {
    name: 'an approval was judged after the request lapsed, by its look-ups',
    breaks: 'approval-out-of-time',
    mutate: (log, bypass) => {
      const { pendingUntilAt } = eventOf(log, bypass, 'request.opened');
      return changing('approval.given', (event) => lookedUpAt(event, pendingUntilAt))(log, bypass);
    },
    found: first,
  },
  {
    name: 'an approval rests on look-ups from long before what stands ahead of it',
    breaks: 'approver-not-eligible',
    mutate: changing('approval.given', (event, nth) =>
      nth === 0 ? lookedUpAt(event, event.at + MINUTE_MS) : event,
    ),
    found: at('approval.given', 1),
  },
  {
    name: 'an approval rests on look-ups that were never fresh together',
    breaks: 'approver-not-eligible',
    mutate: changing('approval.given', (event) => ({
      ...event,
      lookUps: [
        ...event.lookUps,
        ...event.lookUps.map(({ policy, group, lookedUpAt }) => ({
          policy,
          group,
          outcome: 'failed' as const,
          lookedUpAt: lookedUpAt + 31 * SECOND_MS,
        })),
      ],
    })),
    found: first,
  },
  {
    name: 'an approval was given before the request',
    breaks: 'approval-out-of-time',
    mutate: changing('approval.given', (event) => moved(event, -10 * SECOND_MS)),
    found: first,
  },
  {
    name: 'an approval is provisional where attested ones are required',
    breaks: 'attestation-missing',
    mutate: changing('approval.given', (event) => ({ ...event, signing: 'provisional' })),
    found: first,
  },
  {
    name: 'the TTL granted is over the maximum',
    breaks: 'ttl-not-offered',
    mutate: changing('approval.given', (event) => ({ ...event, ttlMs: 9 * HOUR_MS })),
    found: first,
  },
  {
    name: 'the identity provider vouches for an approver who signed in for nothing',
    breaks: 'step-up-missing',
    mutate: changing('approval.given', (event) => vouching(event, event.approver)),
    found: first,
  },
  {
    name: 'an approval is missing',
    breaks: 'quorum-not-met',
    mutate: (log, bypass) => {
      const approved = eventOf(log, bypass, 'approval.given');
      return without(log, (event) => event === approved);
    },
    found: at('bypass.activated'),
  },
  {
    name: 'all approvals are missing',
    breaks: 'activation-apart',
    mutate: (log, bypass) => without(log, isOf('approval.given', bypass)),
    found: at('bypass.activated'),
  },
];

/** Where the tier demands a sign-in. */
export const NOT_STEPPED_UP: Mutation = {
  name: 'an approval without the sign-in that the tier demands',
  breaks: 'step-up-missing',
  mutate: changing('approval.given', (event) => ({ ...event, steppedUp: false })),
  found: at('approval.given'),
};
