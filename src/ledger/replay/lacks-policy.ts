import type { DigestText } from '#domain/ids';
import type { Moment } from './replayed-entry.ts';

/**
 * Whether the export lacks any of the versions that an entry rests on; each is told. What only a
 * missing version could say of the entry is not judged: that it is missing must accuse nobody.
 * `null` where an entry cannot be read that may have put one in force; no version in force at all was
 * told when the request was opened.
 */
export function lacksPolicy(
  bypass: string,
  digests: readonly (DigestText | null)[],
  { policyOf, unreadAt, broken }: Pick<Moment, 'policyOf' | 'unreadAt' | 'broken'>,
): boolean {
  let lacks = false;
  for (const [place, digest] of digests.entries()) {
    if (digest !== null && policyOf(digest) !== undefined) continue;
    lacks = true;
    if (digest === null && unreadAt !== null)
      broken.push({ code: 'policy-in-force-unknown', found: unreadAt });
    if (digest !== null && digests.indexOf(digest) === place)
      broken.push({ code: 'policy-not-in-export', bypass, found: digest });
  }
  return lacks;
}
