import type { Instant } from '#domain/instant';
import type { EntryRow } from '../ports/tenant-store.ts';

const WORDS: Readonly<Record<string, string>> = {
  'request.opened': 'Bypass requested',
  'request.escalated': 'Nobody had answered: more people asked',
  'approval.given': 'Approved',
  'request.denied': 'Denied',
  'request.withdrawn': 'Withdrawn',
  'request.lapsed': 'Lapsed without a decision',
  'bypass.activated': 'Gate in bypass for this scope',
  'bypass.closed': 'Bypass closed',
  'deploy.annotated': 'Deploy let through',
  'deploy.finished': 'Deploy finished',
  'deploy.adopted': 'Deploy in flight taken over by another bypass',
  'deploy.reverted': 'Enforcement on the deploy in flight',
  'provenance.checked': 'Provenance of the deploy looked at',
  'gate.read-back': 'Gate looked at',
  'post-mortem.opened': 'Post-mortem opened',
  'post-mortem.completed': 'Post-mortem completed',
};

/** What happened and when, one line an entry, by the time of the act. */
export function readEventTimes(
  entries: readonly EntryRow[],
): readonly { readonly at: Instant; readonly what: string }[] {
  return entries
    .map((entry) => ({ at: atOf(entry), what: `${lineOf(entry)} (entry ${entry.index})` }))
    .toSorted((a, b) => a.at - b.at);
}

interface Said {
  readonly at: string;
  readonly how?: string;
  readonly deploy?: string;
  readonly member?: string;
  readonly result?: string;
  readonly outcome?: string;
  readonly verdict?: string;
  readonly enforces?: boolean;
}

function lineOf(entry: EntryRow): string {
  const { how, deploy, member, result, outcome, verdict, enforces } = saidBy(entry);
  const at = member === undefined ? undefined : `at ${member}`;
  const more = [how, deploy, at, result, outcome, verdict].filter((one) => one !== undefined);
  if (enforces !== undefined)
    more.push(enforces ? 'nothing passes by this bypass' : 'it does not enforce');
  const words = WORDS[entry.type] ?? entry.type;
  return more.length === 0 ? words : `${words}: ${more.join(', ')}`;
}

function atOf(entry: EntryRow): Instant {
  return Date.parse(saidBy(entry).at);
}

function saidBy({ statement }: EntryRow): Said {
  const parsed = JSON.parse(new TextDecoder().decode(statement)) as { predicate: { event: Said } };
  return parsed.predicate.event;
}
