import { deployKey } from '#domain/opened-gates';
import type { RecordedEvent } from '#ledger/recorded-event';
import { durationWords } from '../words.ts';

type NameOf = (person: string) => string;

/** What an entry is about, in one line. */
export function entryWords(event: RecordedEvent, nameOf: NameOf): string {
  switch (event.type) {
    case 'log.started':
      return 'names the keys of this log';
    case 'key.rotated':
      return `another key of the ${event.purpose} from here on`;
    case 'log.restored':
      return `restored from a backup; what stood behind entry ${event.lostSize - 1} and before it was lost`;
    case 'workload.attested':
      return `keys and the ${event.size} entries before, signed as a workload`;
    case 'policy.applied':
      return `policy ${event.policy.slice(0, 15)}…`;
    case 'person.enrolled':
      return `${nameOf(event.person)}, bound to account and e-mail`;
    case 'person.bound':
      return `${nameOf(event.person)}, bound to an account at ${event.issuer}`;
    case 'person.unbound':
      return `${nameOf(event.person)}, no longer bound to an account`;
    case 'provider.keys':
      return `${event.keys.length} keys of ${event.issuer}`;
    case 'sign-in.recorded':
      return `${nameOf(event.person)} signed in at ${event.issuer}`;
    case 'values.erased':
      return event.person === null
        ? `${event.count} texts that were kept long enough, erased`
        : `${event.count} values of ${nameOf(event.person)}, erased`;
    case 'entry.attested':
      return `entry ${event.index}, attested late`;
    case 'request.opened':
      return `${place(event)} for ${durationWords(event.ttlAskedMs)}, tier ${event.tiers.join(' + ')}`;
    case 'approval.given':
      return `${place(event)}, ${durationWords(event.ttlMs)} granted`;
    case 'bypass.activated':
      return `${place(event)} in bypass for ${durationWords(event.ttlMs)}`;
    case 'bypass.closed':
      return `${place(event)}: ${event.how}`;
    case 'deploy.annotated':
      return `${event.deploy} let through ${event.member ?? event.gate}`;
    case 'deploy.finished':
      return `${deployKey(event)}: ${event.outcome}`;
    case 'deploy.adopted':
      return `${deployKey(event)}, now under another bypass`;
    case 'deploy.reverted':
      return `${deployKey(event)}, ${event.action}: ${event.result}`;
    case 'provenance.checked':
      return `${deployKey(event)}, its provenance: ${event.result}`;
    case 'gate.read-back':
      return `${event.member ?? event.gate} was looked at: ${event.enforces ? 'nothing passes by this bypass' : 'IT DOES NOT ENFORCE'}`;
    case 'post-mortem.opened':
      return `assigned to ${nameOf(event.assignee)}`;
    case 'post-mortem.completed':
    case 'request.escalated':
    case 'request.denied':
    case 'request.withdrawn':
    case 'request.lapsed':
      return place(event);
  }
}

function place({ gate, scope }: Extract<RecordedEvent, { readonly gate: string }>): string {
  return `${gate}, ${scope.service} ${scope.environment}`;
}
