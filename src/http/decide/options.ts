import type { Logger } from 'pino';
import type { DecideLinks } from '#application/ports/decide-links';
import type { IdentityProvider } from '#application/ports/identity-provider';
import type { Instant } from '#domain/instant';
import type { SignInLimits } from '../sign-in/limits.ts';

/** What the pages are served from. */
export interface DecideOptions {
  readonly links: DecideLinks;
  /** As the client whose sign-ins come back to `/sign-in/callback`. */
  readonly provider: IdentityProvider;
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
