import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import type { Composed } from '#ledger/statement';

/** The envelope that an actor signed beforehand, for the statement with this digest alone. */
export interface Presigned {
  readonly digest: Digest;
  readonly envelope: JsonValue;
}

/** The judged outcome differs from what was signed: something moved in between. Judge and sign again. */
export class SignedStatementStale extends Error {
  override name = 'SignedStatementStale';
  readonly code = 'signed-statement-stale';
}

/** What was signed beforehand for this very statement; `null` leaves it to the service to sign. */
export function envelopeFor(
  { digest }: Pick<Composed, 'digest'>,
  presigned: Presigned | undefined,
): JsonValue | null {
  if (presigned === undefined) return null;
  if (presigned.digest !== digest)
    throw new SignedStatementStale('the statement that was signed is not the one to commit');
  return presigned.envelope;
}
