import type { Logger } from 'pino';
import type { Instant } from '#domain/instant';
import type { IdentityProvider } from '#application/ports/identity-provider';
import type { SignInSigner } from '#application/ports/sign-in-signer';
import type { SignIns } from '#application/ports/sign-in';
import type { SignInLimits } from './limits.ts';

/** What the pages and `breakglass approve` are served from. */
export interface SignInOptions {
  readonly signIns: SignIns;
  /** As the client whose sign-ins the service signs on. */
  readonly provider: IdentityProvider;
  readonly signer: SignInSigner;
  /** Where `breakglass approve` gets certificate, timestamp and log entry, unless told otherwise. */
  readonly sigstore: SigstoreAddresses;
  /** How others reach this service; no slash at the end. */
  readonly publicUrl: string;
  /** The database's clock. */
  readonly now: () => Promise<Instant>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** How many proxies in front of the service add to `X-Forwarded-For`; none unless given. */
  readonly proxies?: number;
  readonly limits?: SignInLimits;
  /** A clock that never goes back, in ms; for the limits alone. */
  readonly monotonicMs?: () => number;
}

export interface SigstoreAddresses {
  readonly fulcioUrl: string;
  readonly tsaUrl: string | null;
  readonly rekorUrl: string | null;
  readonly rekorVersion: 1 | 2;
}
