import type { ReminderNote } from '#application/ports/surface';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { counted } from './lists.ts';
import { gatesInFull } from './gates.ts';
import { personName, placeOf } from './scope.ts';
import { dayOf, momentOf } from './times.ts';

/** Sooner than this after it was due, nobody is late yet. */
const LATE_MS = HOUR_MS;

/** Before it is due, when it is, or behind: each says so, and to whom it rose whose it is. mrkdwn. */
export function reminderWords(note: ReminderNote): string {
  const { card, assignee } = note.card;
  const what = `The post-mortem of the bypass of ${gatesInFull(card)} for ${placeOf(card.scope)}`;
  if (note.escalated === true)
    return `${what} is ${stateWords(note)}. It is ${personName(assignee)}’s, and your policy names you for those that stay undone. Help them find an hour for it; they or an admin complete it with the button on its card.`;
  return `${what} is yours, and ${stateWords(note)}. Complete it with the button on its card.`;
}

function stateWords({ card, lateMs }: ReminderNote): string {
  if (lateMs === undefined || lateMs < 0) return `due ${momentOf(card.dueAt)}`;
  if (lateMs < LATE_MS) return '*due now*';
  return `*overdue by ${lateWords(lateMs)}*: it was due ${dayOf(card.dueAt)}`;
}

/** In whole days, or on the first day in whole hours. */
export const lateWords = (ms: number): string =>
  ms < DAY_MS ? counted(Math.floor(ms / HOUR_MS), 'hour') : counted(Math.floor(ms / DAY_MS), 'day');
