import type { BypassCard } from '#application/ports/card';

/**
 * What a card says of the state, as one text that can be compared. Denials of other requests and what
 * else is active are left out: they are read when a card is rendered, and change nothing that it is
 * about.
 */
export function shownBy(card: BypassCard): string {
  return JSON.stringify({ ...card, earlierDenials: null, otherActive: null });
}
