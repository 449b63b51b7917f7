import type { Instant } from '#domain/instant';
import type { Digest } from '../../digest.ts';
import type { RecordedOf } from '../../recorded-event.ts';

/** What the verified certificate of a stepped-up approval says. */
export interface Certified {
  readonly email: string;
  readonly issuer: string;
  readonly subject: string | null;
  /** SPKI in DER. */
  readonly publicKey: Uint8Array;
  readonly signedAt: readonly Instant[];
}

/** A stepped-up approval that waits for its sign-in, which stands right behind it. */
export interface SteppedUp {
  readonly index: number;
  readonly digest: Digest;
  readonly event: RecordedOf<'approval.given'>;
  /** `null` if its bundle does not verify. */
  readonly certified: Certified | null;
  /** Its activation stands behind it already. */
  readonly activated: boolean;
}
