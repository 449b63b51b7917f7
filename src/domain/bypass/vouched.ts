import type { PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { SIGN_IN_MAX_MS } from '../sign-in.ts';
import type { Context } from './context.ts';

/**
 * Somebody whose standing the workspace could not tell, and the identity provider vouched for: they
 * had just signed in there with the account that is bound to them.
 */
export interface Vouched {
  readonly person: PersonId;
  readonly signedInAt: Instant;
}

/** What an event says of those that it counts; nothing where the workspace answered for all of them. */
export interface Vouching {
  readonly vouched?: readonly Vouched[];
}

/** Whether a sign-in still vouches: it was at most `SIGN_IN_MAX_MS` ago, and not to come. */
export const isVouching = (signedInAt: Instant, at: Instant): boolean =>
  signedInAt <= at && at - signedInAt <= SIGN_IN_MAX_MS;

/**
 * Those of `people` that the identity provider vouched for, as an event at `at` records it. A sign-in
 * after `at`, when the press was stored, is dated back to it: its age is never understated.
 */
export function vouchingFor(
  people: readonly PersonId[],
  { vouched = {} }: Pick<Context, 'vouched'>,
  at: Instant,
): Vouching {
  const found = [...new Set(people)].flatMap((person): readonly Vouched[] => {
    const signedInAt = vouched[person];
    return signedInAt === undefined ? [] : [{ person, signedInAt: Math.min(signedInAt, at) }];
  });
  return found.length === 0 ? {} : { vouched: found };
}

/** What was stated already, and no more of it. */
export const vouchingIn = ({ vouched }: Vouching): Vouching =>
  vouched === undefined ? {} : { vouched };

/**
 * Refuses where a sign-in that vouched has grown too old since it was looked at: nobody knows then
 * whether that person still may act, and to leave them out would end in a quorum that never opens.
 */
export function refusedVouching({ vouched = {}, now }: Context): Refusal | null {
  const stand = Object.values(vouched).every((signedInAt) => isVouching(signedInAt, now));
  return stand ? null : refuse({ code: 'look-up-failed', groups: [] });
}
