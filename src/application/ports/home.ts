import type { TenantId } from '#domain/ids';
import { DAY_MS, type Instant } from '#domain/instant';
import type { Account } from './account.ts';
import type { Mine } from './mine.ts';
import type { RateLimit } from './surface.ts';

/** A Home follows what happens for so long after somebody looked at it; looking brings it up to date. */
export const HOME_FOLLOWS_MS = DAY_MS;

/** Claims on Homes, so that two workers never publish one at the same time. */
export interface HomeStore {
  /** Somebody looks at their Home. */
  opened(tenant: TenantId, account: Account): Promise<void>;
  /** Takes it for a short time; `null` when it is up to date, or is left to a job that comes back. */
  claim(tenant: TenantId, id: string): Promise<HomeClaim | null>;
  /** Records what was published and gives the claim back; `true` if more was wanted meanwhile. */
  published(tenant: TenantId, claim: HomeClaim, hash: string | null): Promise<boolean>;
  /** Gives the claim back and, for a limit, tries again once it is over. */
  failed(tenant: TenantId, claim: HomeClaim, limit: RateLimit | null): Promise<void>;
}

export interface HomeClaim {
  readonly id: string;
  readonly account: Account;
  /** Of the view that was published last. */
  readonly hash: string | null;
  /** What is to be shown. */
  readonly version: number;
  /** Tells this claim from another worker's later one. */
  readonly claimedUntil: Instant;
}

export interface HomeWrites {
  /** Everybody who looked at their Home lately sees what changed, once for changes that come together. */
  touchHomes(): Promise<void>;
}

export interface HomePublisher {
  /**
   * Shows somebody their Home. Gives the hash of the view as Slack has it.
   *
   * @param hash of the view that this one replaces; `null` replaces whatever is there.
   * @returns `conflict` if another view is there meanwhile. @throws PublishFailed.
   */
  publishHome(
    account: Account,
    mine: Mine,
    hash: string | null,
    tenant: TenantId,
  ): Promise<Published>;
}

export type Published = { readonly hash: string | null } | 'conflict';
