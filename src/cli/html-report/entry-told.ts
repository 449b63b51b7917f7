import type { OpenedValues } from '#ledger/openings';
import type { RecordedEvent } from '#ledger/recorded-event';
import { utc } from './markup.ts';

interface Told {
  readonly what: string;
  readonly who: string;
}

type NameOf = (person: string) => string;

/** An entry of a bypass in words: what happened, and who did it. */
export function told(event: RecordedEvent, values: OpenedValues, nameOf: NameOf): Told {
  const who = event.actor.kind === 'person' ? nameOf(event.actor.person) : 'the service';
  return { who, what: whatOf(event, values, nameOf) };
}

/** A typed text; what was erased is told so. */
const words = (values: OpenedValues, name: string): string => {
  const value = values[name];
  if (value === undefined) return '';
  return value === null ? ' (the words were erased)' : `: “${value}”`;
};

const minutes = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1_000)} s`;

const CLOSED = {
  expired: 'Expired',
  closed: 'Closed, the fix is out',
  revoked: 'Revoked',
} as const;

const REVERTED = {
  pending: 'is to be put back',
  done: 'was put back under enforcement',
  'too-late': 'could not be put back: too late',
  unknown: 'was to be put back; what became of it is unknown',
} as const;

const PROVENANCE = {
  matches:
    'was fetched: it has the digest that was named, and names the artifact that was deployed',
  'other-artifact': 'was fetched: it NAMES OTHER ARTIFACTS than the one that was deployed',
  'other-digest': 'was fetched: it IS NOT what was named, by its digest',
  'no-artifact': 'was fetched: it has the digest that was named; the deploy named no artifact',
  unreadable: 'was looked for: no SLSA provenance could be read there',
  unreachable: 'was looked for: nothing could be fetched',
  'not-fetched': 'is recorded as it was named: it is of a kind that is not fetched',
} as const;

interface AtMember {
  readonly member?: string;
}

/** Where its bypass opened several gates, it is told at which. */
const deployOf = ({ deploy, member }: AtMember & { readonly deploy: string }): string =>
  member === undefined ? `Deploy ${deploy}` : `Deploy ${deploy} at ${member}`;

const gateOf = ({ member }: AtMember): string =>
  member === undefined ? 'The gate' : `The gate ${member}`;

const together = ({ gates }: { readonly gates?: readonly string[] }): string =>
  gates === undefined ? '' : `${gates.join(', ')} together, for `;

function whatOf(event: RecordedEvent, values: OpenedValues, nameOf: NameOf): string {
  switch (event.type) {
    case 'request.opened':
      return `Asked for ${together(event)}${minutes(event.ttlAskedMs)}, tier ${event.tiers.join(' + ')}${words(values, 'justification')}`;
    case 'request.escalated':
      return `Nobody had answered for ${minutes(event.afterMs)}: ${event.added.join(', ')} may approve too`;
    case 'approval.given':
      return `Approved for ${minutes(event.ttlMs)}, ${event.signing}${event.steppedUp ? ', after a sign-in' : ''}`;
    case 'sign-in.recorded':
      return `Signed in at ${event.issuer} for this approval (${event.client})`;
    case 'request.denied':
      return `Denied${words(values, 'reason')}`;
    case 'request.withdrawn':
      return 'Withdrawn';
    case 'request.lapsed':
      return 'Lapsed: nobody decided in time';
    case 'bypass.activated':
      return `${event.gates === undefined ? 'Gate' : `Gates ${event.gates.join(', ')}`} open until ${utc(event.expiresAt)}; approved by ${event.assigned.map((one) => nameOf(one.person)).join(', ')}`;
    case 'bypass.closed':
      return `${CLOSED[event.how]}; the gate enforces from ${utc(event.endedAt)}`;
    case 'deploy.annotated':
      return `${deployOf(event)} of ${event.service} ${event.environment} passed, on ${event.facts} facts${event.artifact === null ? '' : `, ${event.artifact.name}@${event.artifact.digest}`}${event.provenance === undefined ? '' : `; provenance ${event.provenance.digest}${words(values, 'provenanceUri')}`}`;
    case 'deploy.finished':
      return `${deployOf(event)} ${event.outcome}`;
    case 'deploy.adopted':
      return `${deployOf(event)} handed over to bypass ${event.by}`;
    case 'deploy.reverted':
      return `${deployOf(event)} ${REVERTED[event.result]} (${event.action})`;
    case 'provenance.checked':
      return `${deployOf(event)}: its provenance ${PROVENANCE[event.result]}`;
    case 'gate.read-back':
      return event.enforces
        ? `${gateOf(event)} was looked at: it enforces`
        : `${gateOf(event)} was looked at: it DOES NOT enforce`;
    case 'post-mortem.opened':
      return `Post-mortem opened for ${nameOf(event.assignee)}, due ${utc(event.dueAt)}`;
    case 'post-mortem.completed':
      return `Post-mortem done${event.verdict === undefined ? '' : `, ${event.verdict}`}${words(values, 'outcome')}${event.followUps === undefined ? '' : `; ${event.followUps} to follow up${words(values, 'followUps')}`}`;
    case 'log.started':
    case 'key.rotated':
    case 'workload.attested':
    case 'policy.applied':
    case 'person.enrolled':
    case 'person.bound':
    case 'person.unbound':
    case 'provider.keys':
    case 'values.erased':
      return event.type;
    case 'log.restored':
      return `The log was restored to an earlier time; it had ${event.lostSize} entries`;
    case 'entry.attested':
      return `The approval in entry ${event.index} attested late`;
  }
}
