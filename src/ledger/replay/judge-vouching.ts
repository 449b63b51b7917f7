import { isVouching, type Vouching } from '#domain/bypass/vouched';
import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Broken } from './violation.ts';

/** An event that says of whom the identity provider vouched. */
interface Vouches extends Vouching {
  readonly bypass: BypassId;
  readonly at: Instant;
}

/**
 * The identity provider stands in for the workspace's word for those whom the entry counts alone,
 * once each, and by a sign-in that was fresh at the entry's time.
 */
export function judgeVouching(
  { bypass, at, vouched }: Vouches,
  counted: readonly PersonId[],
  broken: Broken,
): void {
  if (vouched === undefined) return;
  const people = vouched.map(({ person }) => person);
  if (people.length === 0) broken.push({ code: 'vouching-wrong', bypass });
  for (const [place, { person, signedInAt }] of vouched.entries()) {
    const right =
      counted.includes(person) && people.indexOf(person) === place && isVouching(signedInAt, at);
    if (!right) broken.push({ code: 'vouching-wrong', bypass, person });
  }
}
