import type { RecordedOf } from '#ledger/recorded-event';
import { digestOf, parseBase64, type Digest } from '#ledger/digest';
import { readStatement } from '#ledger/read-statement';
import { NotApproved } from './not-approved.ts';

/** The approval that the bytes hold, read from these bytes alone. */
export interface StatementToSign {
  readonly bytes: Uint8Array;
  /** Computed here. */
  readonly digest: Digest;
  readonly tenant: string;
  readonly log: string;
  readonly approval: RecordedOf<'approval.given'>;
}

/**
 * Reads what would be signed. Canonical and strict: no byte of it says what is not shown.
 * @throws NotApproved unless it is an approval that a sign-in is asked for.
 */
export function statementToSign(base64: string): StatementToSign {
  const bytes = parseBase64(base64);
  const read = bytes === undefined ? undefined : readStatement(bytes);
  if (bytes === undefined || read === undefined || !read.ok) {
    const why = read === undefined || read.ok ? 'not base64' : read.code;
    throw refused(`it is no statement that this version can read (${why})`);
  }
  const { tenant, log, event } = read.value;
  if (event.type !== 'approval.given') throw refused(`it is no approval, but ${event.type}`);
  if (!event.steppedUp || event.signing !== 'attested')
    throw refused('it is an approval that no sign-in is asked for');
  if (event.actor.kind !== 'person' || event.actor.person !== event.approver)
    throw refused('it is an approval of one person in the name of another');
  return { bytes, digest: digestOf(bytes), tenant, log, approval: event };
}

const refused = (why: string): NotApproved =>
  new NotApproved('statement-refused', `What the service asks you to sign is refused: ${why}.`);
