import type { PostMortemCard } from '#application/ports/card';
import { gateWords } from './gates.ts';
import { personName, placeOf } from './scope.ts';
import { dayOf, momentOf } from './times.ts';

/** What a post-mortem is about, whose it is and until when, or since when it is done. mrkdwn. */
export function reviewWords({ card, assignee, dueAt, completedAt }: PostMortemCard): string {
  const state =
    completedAt === null
      ? `Assigned to ${personName(assignee)}, due ${dayOf(dueAt)}.`
      : `Completed ${momentOf(completedAt)}; it was assigned to ${personName(assignee)}.`;
  return `${gateWords(card)} for ${placeOf(card.scope)}. ${state}`;
}
