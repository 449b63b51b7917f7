import type { DigestText } from '#domain/ids';
import type { Moment } from './replayed-entry.ts';

/**
 * Whether the export lacks any of the versions that an entry rests on; each is told. What only a
 * missing version could say of the entry is not judged: that it is missing must accuse nobody.
 * `null`, no version in force at all, was told when the request was opened.
 */
export function lacksPolicy(
  bypass: string,
  digests: readonly (DigestText | null)[],
  { policyOf, broken }: Pick<Moment, 'policyOf' | 'broken'>,
): boolean {
  let lacks = false;
  for (const [place, digest] of digests.entries()) {
    if (digest !== null && policyOf(digest) !== undefined) continue;
    lacks = true;
    if (digest !== null && digests.indexOf(digest) === place)
      broken.push({ code: 'policy-not-in-export', bypass, found: digest });
  }
  return lacks;
}
