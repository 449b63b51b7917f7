import { HOUR_MS } from '#domain/instant';
import type { PersonId } from '#domain/ids';
import type { LookUp } from '#domain/policy/look-up';
import { digestOf } from '#ledger/digest';
import type { RecordedBypassEvent, RecordedEvent, RecordedOf } from '#ledger/recorded-event';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import type { ViolationCode } from '#ledger/replay/violation';

type Log = readonly ReplayedEntry[];
type Type = RecordedBypassEvent['type'];

/** One way to forge a log that holds a played bypass, and the rule that it breaks. */
export interface Mutation {
  readonly name: string;
  readonly breaks: ViolationCode;
  readonly mutate: (log: Log, bypass: string) => Log;
}

const isOf =
  <Of extends Type>(type: Of, bypass: string) =>
  (event: RecordedEvent): event is RecordedOf<Of> =>
    event.type === type && 'bypass' in event && event.bypass === bypass;

/** Changes the entries of one type; the change hears which one of them it is. */
function change<Of extends Type>(
  log: Log,
  bypass: string,
  type: Of,
  to: (event: RecordedOf<Of>, nth: number) => RecordedEvent,
): Log {
  const is = isOf(type, bypass);
  let nth = -1;
  return log.map((entry) => {
    if (!is(entry.event)) return entry;
    nth += 1;
    return { ...entry, event: to(entry.event, nth) };
  });
}

const without = (log: Log, drop: (event: RecordedEvent) => boolean): Log =>
  log
    .filter(({ event }) => !drop(event))
    .map((entry, index) => ({ ...entry, index, followsFrom: [] }));

function requesterOf(log: Log, bypass: string): PersonId {
  const is = isOf('request.opened', bypass);
  const opened = log.map(({ event }) => event).find(is);
  if (opened === undefined) throw new RangeError(`no request ${bypass}`);
  return opened.requester;
}

/** Everyone who is named in a look-up becomes this person, so that eligibility is not what fails. */
const found = (lookUps: readonly LookUp[], person: PersonId): readonly LookUp[] =>
  lookUps.map((one) => (one.outcome === 'members' ? { ...one, members: [person] } : one));

function approvedBy(event: RecordedOf<'approval.given'>, person: PersonId) {
  const actor = { kind: 'person', person } as const;
  return { ...event, approver: person, actor, lookUps: found(event.lookUps, person) };
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the requester approves',
    breaks: 'self-approval',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event, nth) =>
        nth === 0 ? approvedBy(event, requesterOf(log, bypass)) : event,
      ),
  },
  {
    name: 'one person approves twice',
    breaks: 'approver-repeated',
    mutate: (log, bypass) => {
      let first: PersonId | undefined;
      return change(log, bypass, 'approval.given', (event) =>
        approvedBy(event, (first ??= event.approver)),
      );
    },
  },
  {
    name: 'an approver is in no group',
    breaks: 'approver-not-eligible',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event, nth) =>
        nth === 0
          ? { ...event, lookUps: event.lookUps.map((one) => ({ ...one, members: [] })) }
          : event,
      ),
  },
  {
    name: 'an approval rests on old look-ups',
    breaks: 'approver-not-eligible',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event) => ({
        ...event,
        lookUps: event.lookUps.map((one) => ({ ...one, lookedUpAt: event.at - 30_001 })),
      })),
  },
  {
    name: 'an approval is missing',
    breaks: 'quorum-not-met',
    mutate: (log, bypass) => {
      let dropped = false;
      return without(log, (event) => {
        const drop = !dropped && isOf('approval.given', bypass)(event);
        dropped ||= drop;
        return drop;
      });
    },
  },
  {
    name: 'an approval is of another request',
    breaks: 'approved-other-request',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event) => ({ ...event, request: digestOf('other') })),
  },
  {
    name: 'an approval comes after the request lapsed',
    breaks: 'approval-out-of-time',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event) => ({ ...event, at: event.at + HOUR_MS })),
  },
  {
    name: 'an approval is provisional where attested ones are required',
    breaks: 'attestation-missing',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event) => ({ ...event, signing: 'provisional' })),
  },
  {
    name: 'the TTL granted is over the maximum',
    breaks: 'ttl-not-offered',
    mutate: (log, bypass) =>
      change(log, bypass, 'approval.given', (event) => ({ ...event, ttlMs: 9 * HOUR_MS })),
  },
  {
    name: 'the bypass runs for longer than was granted',
    breaks: 'ttl-wrong',
    mutate: (log, bypass) =>
      change(log, bypass, 'bypass.activated', (event) => ({
        ...event,
        ttlMs: event.ttlMs + 1,
        expiresAt: event.expiresAt + 1,
      })),
  },
  {
    name: 'the expiry is later than the TTL',
    breaks: 'expiry-wrong',
    mutate: (log, bypass) =>
      change(log, bypass, 'bypass.activated', (event) => ({
        ...event,
        expiresAt: event.expiresAt + 1,
      })),
  },
  {
    name: 'a deploy of another service',
    breaks: 'deploy-outside-scope',
    mutate: (log, bypass) =>
      change(log, bypass, 'deploy.annotated', (event) => ({ ...event, service: 'web' })),
  },
  {
    name: 'a deploy of another artifact',
    breaks: 'deploy-outside-scope',
    mutate: (log, bypass) =>
      change(log, bypass, 'deploy.annotated', (event) => ({ ...event, artifact: null })),
  },
  {
    name: 'a deploy at the expiry',
    breaks: 'deploy-outside-window',
    mutate: (log, bypass) =>
      change(log, bypass, 'deploy.annotated', (event) => ({ ...event, at: event.at + HOUR_MS })),
  },
  {
    name: 'a deploy after the close',
    breaks: 'deploy-outside-window',
    mutate: (log, bypass) => {
      const deploy = log.find(({ event }) => isOf('deploy.annotated', bypass)(event));
      const closed = log.find(({ event }) => isOf('post-mortem.opened', bypass)(event));
      if (deploy === undefined || closed === undefined) throw new RangeError('not played');
      const late = { ...deploy.event, at: closed.event.at };
      return log.flatMap((one) => (one === closed ? [one, { ...deploy, event: late }] : [one]));
    },
  },
  {
    name: 'the post-mortem is missing',
    breaks: 'post-mortem-missing',
    mutate: (log, bypass) =>
      without(
        log,
        (event) =>
          isOf('post-mortem.opened', bypass)(event) || isOf('post-mortem.completed', bypass)(event),
      ),
  },
  {
    name: 'a second activation',
    breaks: 'activated-twice',
    mutate: (log, bypass) =>
      log.flatMap((entry) =>
        isOf('bypass.activated', bypass)(entry.event) ? [entry, entry] : [entry],
      ),
  },
  {
    name: 'a lower tier',
    breaks: 'tier-wrong',
    mutate: (log, bypass) =>
      change(log, bypass, 'request.opened', (event) => ({ ...event, tiers: ['low'] })),
  },
  {
    name: 'a request under a policy that is no longer in force',
    breaks: 'policy-not-in-force',
    mutate: (log, bypass) =>
      change(log, bypass, 'request.opened', (event) => ({ ...event, policy: digestOf('old') })),
  },
  {
    name: 'a drill with a deploy',
    breaks: 'deploy-in-drill',
    mutate: (log, bypass) =>
      log.map((entry) =>
        'bypass' in entry.event && entry.event.bypass === bypass
          ? { ...entry, event: { ...entry.event, drill: true } }
          : entry,
      ),
  },
  {
    name: 'a close that nobody but an outsider asked for',
    breaks: 'actor-wrong',
    mutate: (log, bypass) =>
      change(log, bypass, 'bypass.closed', (event) => ({
        ...event,
        actor: { kind: 'person', person: 'hal' as PersonId },
      })),
  },
  {
    name: 'an expiry that came early',
    breaks: 'close-time-wrong',
    mutate: (log, bypass) =>
      change(log, bypass, 'bypass.closed', (event) => ({
        ...event,
        how: 'expired',
        actor: { kind: 'service' },
      })),
  },
];
