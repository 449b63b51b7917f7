import type { BypassCard } from '#application/ports/card';
import type { Note, ReminderNote } from '#application/ports/surface';
import { HOUR_MS } from '#domain/instant';
import { cut, cutMarkup, escape, oneLine } from '../block-kit/text.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { leftWords } from './expiring.ts';
import { headingOf } from './headings.ts';
import { lateWords } from './reminders.ts';

/** What a locked phone shows of a message, in characters. */
export const LOCK_SCREEN = 100;
const ENVIRONMENT = 14;
const AND = ' in ';

/**
 * What notifications show first, and screen readers say: the phase, what is asked of the reader, the
 * service and the environment stand in the characters that a locked phone shows; the rest follows.
 * Spans alone, no times: a notification shows them as they were sent. mrkdwn.
 *
 * @param ask in a few words, such as `approve or deny`.
 */
export function notification(card: BypassCard, ask: string, more = byWords(card)): string {
  const mark = card.evaluation ? '[EVALUATION] ' : '';
  const head = `${mark}${headingOf(card)}, ${ask}: `;
  const left = LOCK_SCREEN - head.length - AND.length;
  const environment = cut(oneLine(card.scope.environment), ENVIRONMENT);
  const service = cut(oneLine(card.scope.service), Math.max(8, left - environment.length));
  const place = `${escape(service)}${AND}${escape(environment)}`;
  return cutMarkup(`${head}${place}. ${more}`, LIMITS.messageText);
}

function byWords({ gate, gates, requester }: BypassCard): string {
  const [of, by] = [gate, requester.name].map((one) => escape(cut(oneLine(one), 100)));
  const several = gates === undefined ? '' : ` (${gates.length} gates)`;
  return `Gate ${of}${several}, asked by ${by}`;
}

const STATUS_ASKS: Readonly<Record<BypassCard['phase'], string>> = {
  waiting: 'waits for approval',
  active: 'deploy, then close',
  closed: 'deploys are gated',
  denied: 'nothing to do',
  withdrawn: 'nothing to do',
  lapsed: 'ask anew if needed',
};

/** Of somebody who was asked and may decide no more. */
export const GONE_ASKS = 'nothing asked of you';

/** Of a request that waits and that nobody can be asked for. */
const NOBODY_ASKS = 'nobody can approve now';

/** The gate was told to enforce and was seen not to. */
const STOP_DEPLOYS = 'stop deploys by hand';
const ANOTHER_OPEN = 'another one is still open';
/** Of a drill: a deploy that relied on it would be stopped. */
const DRILL_ASKS: Partial<Readonly<Record<BypassCard['phase'], string>>> = {
  active: 'no gate is open',
  closed: 'nothing to do',
};

/** What is asked of everybody who reads the card in the incident channel, or of its requester. */
export function statusAsk({ phase, end, nobodyFor, drill, openBesideUntil }: BypassCard): string {
  if (phase === 'waiting' && nobodyFor.length > 0) return NOBODY_ASKS;
  if (end?.enforces === false) return STOP_DEPLOYS;
  if (drill) return DRILL_ASKS[phase] ?? STATUS_ASKS[phase];
  return phase === 'closed' && openBesideUntil !== null ? ANOTHER_OPEN : STATUS_ASKS[phase];
}

export const REVIEW_ASKS = { open: 'write the review', done: 'review is done' } as const;

function reminderAsk({ lateMs = 0, escalated }: ReminderNote): string {
  if (escalated === true) return `review ${lateWords(lateMs)} late`;
  return lateMs < HOUR_MS ? REVIEW_ASKS.open : `review ${lateWords(lateMs)} late, write it`;
}

/** Of an approver, who may have decided. */
export function approverAsk({ phase, end }: BypassCard, hasApproved: boolean): string {
  if (end?.enforces === false) return STOP_DEPLOYS;
  if (phase === 'waiting') return hasApproved ? 'others are asked' : 'approve or deny';
  return phase === 'active' && hasApproved ? 'revoke if wrong' : 'nothing to do';
}

/** The same for a message that says one thing once; `null` where it is about nothing that is known. */
export function noteAsk(note: Note): string | null {
  switch (note.kind) {
    case 'refusal':
      return 'nothing changed';
    case 'signer-unavailable':
      return 'wait or press again';
    case 'reminder':
      return reminderAsk(note);
    case 'sign-in':
      return 'sign in to approve';
    case 'incident-over':
      return 'close it if fixed';
    case 'expiring':
      return `${leftWords(note.leftMs)} left, close it?`;
    case 'nobody':
      return NOBODY_ASKS;
    case 'outcome':
      return statusAsk(note.card);
    case 'drill-report':
      return 'read how long it took';
    case 'failed':
      return null;
  }
}

export const QUESTION_ASK = 'answer a question';
