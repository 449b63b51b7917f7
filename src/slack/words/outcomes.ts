import type { BypassCard } from '#application/ports/card';
import { activeWords, closedWords, unopenedWords, waitingWords } from './cards.ts';

/** What became of a request, for whoever waited for it. mrkdwn. */
export function outcomeWords(card: BypassCard): string {
  switch (card.phase) {
    case 'active':
      return `*Approved.* ${activeWords(card)} Close it as soon as the fix is out.`;
    case 'closed':
      return closedWords(card);
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return unopenedWords(card);
    case 'waiting':
      return waitingWords(card);
  }
}
