import type { ExpiringNote } from '#application/ports/surface';
import { durationWords } from './durations.ts';
import { gatesInFull } from './gates.ts';
import { placeOf } from './scope.ts';
import { timeOf } from './times.ts';

/** The end of a bypass is near: how near, and what can be done. mrkdwn. */
export function expiringWords({ card, leftMs, extension }: ExpiringNote): string {
  const until = card.grant === null ? '' : `, until ${timeOf(card.grant.expiresAt)}`;
  const active = card.drill ? 'Drill: bypass active' : 'Bypass active';
  return `*${active}, ${leftWords(leftMs)} left*: ${gatesInFull(card)} for ${placeOf(card.scope)}${until}. ${NEXT[extension]}`;
}

/** Rounded down to minutes where there are any: it is said once, and read later. */
export const leftWords = (ms: number): string =>
  durationWords(ms < 60_000 ? ms : Math.floor(ms / 60_000) * 60_000);

const NEXT: Readonly<Record<ExpiringNote['extension'], string>> = {
  possible: 'Close it if the fix is out. If not, ask to extend it now: that is approved anew.',
  asked: 'An extension waits for its approvers. Close it if the fix is out.',
  capped:
    'It cannot be extended any more: it has been open for as long as the policy allows. Close it if the fix is out, or ask for a new bypass.',
};
