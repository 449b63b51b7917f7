import type { Change, RequestsConcerned } from './change.ts';

/** A change in plain words, one line: what it was, what it is, and for which requests. */
export function changeWords(change: Change): string {
  const said = WORDS[change.kind](change);
  return change.requests === undefined ? said : `${said}, for ${concernedWords(change.requests)}`;
}

const arrow = ({ before, after }: Change, none = 'none'): string =>
  `${before ?? none} → ${after ?? none}`;

/** What went and what came of a set. */
function moved({ before, after }: Change): string {
  const parts = [
    ...(after === null ? [] : [`${after} added`]),
    ...(before === null ? [] : [`${before} removed`]),
  ];
  return parts.join(', ');
}

const WORDS: Readonly<Record<Change['kind'], (change: Change) => string>> = {
  approvals: (one) => `approvals of ${one.about}: ${arrow(one)}`,
  escalation: (one) => `who stands in for ${one.about}: ${arrow(one, 'nobody')}`,
  ttl: (one) => `longest TTL: ${arrow(one)}`,
  chain: (one) => `longest with extensions: ${arrow(one)}`,
  pending: (one) => `lapses after: ${arrow(one)}`,
  attestation: (one) => `attestation: ${arrow(one)}`,
  'step-up': (one) => `fresh sign-in: ${arrow(one)}`,
  'in-flight': (one) => `deploys in flight at the close: ${arrow(one)}`,
  tiers: (one) => `tier: ${arrow(one)}`,
  'not-compared': () => 'more kinds of request than can be compared',
  group: (one) => `group ${one.about}: ${moved(one)}`,
  requesters: (one) => `who may ask: ${moved(one)}`,
  admins: (one) => `admins: ${moved(one)}`,
  person: (one) => `person ${one.about}: ${arrow(one, 'nobody')}`,
  gate: (one) => `gate ${one.about}: ${one.after === null ? 'removed' : 'can be bypassed now'}`,
  'gate-settings': (one) => `where gate ${one.about} is reached: ${arrow(one)}`,
  'verified-facts': (one) => `gate ${one.about}, facts must be verified: ${arrow(one)}`,
  service: (one) =>
    `${one.about}: ${one.after === null ? 'removed' : 'can be deployed under a bypass now'}`,
  caller: (one) =>
    `caller ${one.about}: ${one.after === null ? 'removed' : one.before === null ? 'added' : 'changed'}`,
  'waiting-limit': (one) => `requests of one person that may wait: ${arrow(one)}`,
  'day-limit': (one) => `requests of one person a day: ${arrow(one, 'unlimited')}`,
  'overdue-reviews': (one) => `what an overdue review costs: ${arrow(one, 'nothing')}`,
  'post-mortem': () => 'post-mortems: who writes them, when they are due, or who is reminded',
  calendar: () => 'the calendar of business days',
  'security-channel': (one) => `security channel: ${arrow(one)}`,
};

const MOST_NAMED = 5;
const NAMED_OF_MORE = 3;

/** `image-policy · checkout · production`: gates, services and environments. */
export function concernedWords(requests: RequestsConcerned): string {
  if (requests.isAll) return 'every request';
  const written = requests.gates.length === 0 ? [] : [writtenWords(requests)];
  return [...written, ...(requests.withUnknown ? [UNKNOWN] : [])].join(', and ');
}

const UNKNOWN = 'what the policy does not know';

function writtenWords({
  gates,
  services,
  environments,
  isWhole,
  example,
}: RequestsConcerned): string {
  const where = [gates, services, environments].map(namesWords).join(' · ');
  if (isWhole) return where;
  const { gate, service, environment, branch, severity } = example;
  const such = [
    `${gate} for ${service} in ${environment}`,
    ...(branch === null ? [] : [`branch ${branch}`]),
    ...(severity === null ? [] : [`severity ${severity}`]),
  ];
  return `some of ${where}, such as ${such.join(', ')}`;
}

function namesWords(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  const more = names.length - NAMED_OF_MORE;
  return `${names.slice(0, NAMED_OF_MORE).join(', ')} and ${more} more`;
}
