import type { Chain } from '#domain/bypass/chain';
import type { DigestText, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { isFresh } from '#domain/policy/look-up';
import type { Facts } from '../commit/facts.ts';
import { approversOf, type Situation } from '../people/gather-facts.ts';
import type { StoredSigning } from '../ports/signing-store.ts';

/** What an approval was composed from, and what must not have moved for it to be composed again. */
export interface KeptFacts {
  readonly facts: Facts;
  readonly policy: DigestText;
  readonly approvers: readonly PersonId[];
}

/** Look-ups must last until the commit: what could be resumed with less would be signed for nothing. */
const SPARE_MS = 3_000;

/** The facts of a try, as they are kept beside its signature. */
export function factsToKeep({ current, chain }: Situation, facts: Facts): KeptFacts {
  return { facts, policy: current.digest, approvers: approversOf(chain) };
}

/**
 * The facts of an earlier try, if the same statement can be composed from them: the policy and the
 * approvals are those of then, and every look-up is young enough to be relied on once more.
 */
export function factsKept(
  begun: StoredSigning | null,
  { current, chain }: { readonly current: Situation['current']; readonly chain: Chain | null },
  now: Instant,
): Facts | null {
  if (begun === null || begun.stage === null) return null;
  const { facts, policy, approvers } = begun.facts as KeptFacts;
  if (policy !== current.digest) return null;
  if (approvers.join() !== approversOf(chain).join()) return null;
  const lasts = facts.lookUps.every(
    (one) => one.outcome === 'members' && isFresh(one, now) && isFresh(one, now + SPARE_MS),
  );
  return lasts && facts.lookUps.length > 0 ? facts : null;
}
