import type { Bypass } from '#domain/bypass/chain';
import type { PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { ClaimView, PersonView } from '../ports/card.ts';
import type { Claim } from '../ports/claims.ts';

/** Who looks at a request now: whoever has approved does so no more. */
export function claimViews(
  bypass: Bypass,
  claims: readonly Claim[],
  now: Instant,
  people: (person: PersonId) => PersonView,
): readonly ClaimView[] {
  if (bypass.phase !== 'waiting') return [];
  const approved = new Set(bypass.request.approvals.map((one) => one.approver));
  return claims
    .filter(({ person, until }) => until > now && !approved.has(person))
    .map(({ person, claimedAt, until }) => ({ by: people(person), at: claimedAt, until }));
}
