import type { DigestText, PersonId } from '../ids.ts';
import { SECOND_MS, type Instant } from '../instant.ts';

/** The longest that a look-up may be relied on. */
const LOOK_UP_MAX_AGE_MS = 30 * SECOND_MS;

/**
 * Who was in a group, under one policy version, when it was asked. A failed look-up is an outcome
 * of its own: it makes nobody eligible and is never read as "no rule".
 */
export type LookUp = {
  readonly policy: DigestText;
  readonly group: string;
  readonly lookedUpAt: Instant;
} & (
  | { readonly outcome: 'members'; readonly members: readonly PersonId[] }
  | { readonly outcome: 'failed' }
);

/** Whether a person's account may decide anything: everything but `member` may only look on. */
export type Standing = 'member' | 'guest' | 'deactivated' | 'bot' | 'foreign' | 'unknown';

export type Membership = 'member' | 'not-member' | 'unknown';

/** Membership of any of `groups`, by look-ups that are fresh at `now`. */
export function membershipOf(
  person: PersonId,
  groups: readonly string[],
  policy: DigestText,
  lookUps: readonly LookUp[],
  now: Instant,
): Membership {
  const outcomes = groups.map((group): Membership => {
    const found = freshLookUp(policy, group, lookUps, now);
    if (found?.outcome !== 'members') return 'unknown';
    return found.members.includes(person) ? 'member' : 'not-member';
  });
  if (outcomes.includes('member')) return 'member';
  return outcomes.includes('unknown') ? 'unknown' : 'not-member';
}

export function membersOf(
  groups: readonly string[],
  policy: DigestText,
  lookUps: readonly LookUp[],
  now: Instant,
): ReadonlySet<PersonId> {
  return new Set(
    groups.flatMap((group) => {
      const found = freshLookUp(policy, group, lookUps, now);
      return found?.outcome === 'members' ? found.members : [];
    }),
  );
}

/** Neither too old nor, by a clock that is wrong, from the future. */
export function isFresh({ lookedUpAt }: Pick<LookUp, 'lookedUpAt'>, now: Instant): boolean {
  return lookedUpAt <= now && now - lookedUpAt <= LOOK_UP_MAX_AGE_MS;
}

/** The newest, so that what was looked up since replaces what was looked up before. */
function freshLookUp(
  policy: DigestText,
  group: string,
  lookUps: readonly LookUp[],
  now: Instant,
): LookUp | undefined {
  return lookUps
    .filter((one) => one.policy === policy && one.group === group && isFresh(one, now))
    .toSorted((a, b) => b.lookedUpAt - a.lookedUpAt)[0];
}
