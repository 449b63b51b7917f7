import type { DigestText } from '#domain/ids';
import type { Moment } from './replayed-entry.ts';
import type { Violation } from './violation.ts';

/** What an entry names is the version in force. Where that is not known, the entry accuses nobody. */
export function judgeInForce(
  policy: DigestText,
  about: Pick<Violation, 'bypass' | 'person'>,
  { inForce, unreadAt, broken }: Pick<Moment, 'inForce' | 'unreadAt' | 'broken'>,
): void {
  if (unreadAt !== null) broken.push({ code: 'policy-in-force-unknown', found: unreadAt });
  else if (policy !== inForce) broken.push({ code: 'policy-not-in-force', ...about });
}
