import type { BypassCard } from '#application/ports/card';
import { inline } from '../block-kit/text.ts';
import { listed } from './lists.ts';
import { personName } from './scope.ts';
import { timeOf } from './times.ts';

const PHASES: Readonly<Record<string, string>> = {
  waiting: 'This request is still waiting for approval.',
  denied: 'This request was denied.',
  withdrawn: 'This request was withdrawn.',
  lapsed: 'This request lapsed: nobody decided in time.',
  active: 'The bypass is active.',
  closed: 'The bypass is closed already.',
  expired: 'The bypass has expired already.',
  'other-scope': 'The bypass covers another scope.',
  'no-post-mortem': 'No post-mortem is open for this bypass.',
};

export const phaseWords = (phase: string): string =>
  PHASES[phase] ?? `The bypass is ${inline(phase, 40)}.`;

/** How a request came to its end, in one sentence. */
export function endedWords(card: BypassCard): string {
  switch (card.phase) {
    case 'waiting':
      return 'it is still waiting.';
    case 'active':
      return `${approversWords(card)} approved it, and ${card.drill ? 'the drill runs' : 'the gate is in bypass'}${card.grant ? ` until ${timeOf(card.grant.expiresAt)}` : ''}.`;
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
    case 'closed':
      return closingWords(card);
  }
}

/** Who approved, in the order they did. */
export const approversWords = ({ approvals }: BypassCard): string =>
  listed(approvals.map(({ by }) => personName(by)));

function closingWords({ end, phase }: BypassCard): string {
  if (end === null) return `it is ${phase}.`;
  const who = end.by === null ? null : personName(end.by);
  const at = timeOf(end.at);
  // A sentence that was quoted brings its own end.
  const why =
    end.reason === null
      ? '.'
      : `: “${inline(end.reason, 300)}”${/[.!?]\s*$/.test(end.reason) ? '' : '.'}`;
  switch (end.how) {
    case 'denied':
      return `${who ?? 'somebody'} denied it at ${at}${why}`;
    case 'withdrawn':
      return `${who ?? 'the requester'} withdrew it at ${at}.`;
    case 'lapsed':
      return `it lapsed at ${at}, since nobody decided in time.`;
    case 'expired':
      return `it expired at ${at}.`;
    case 'closed':
      return `${who ?? 'the requester'} closed it at ${at}.`;
    case 'revoked':
      return `${who ?? 'somebody'} revoked it at ${at}${why}`;
  }
}
