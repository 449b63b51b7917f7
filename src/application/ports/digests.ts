import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { OftenOpened } from '../statistics/questions.ts';
import type { Spread } from '../statistics/summary.ts';

/** A digest of one week for one channel, by the day with which its week began: `2026-11-16`. */
export interface DigestOf {
  readonly channel: string;
  readonly week: string;
}

/** Which digests were wanted and told, each once. */
export interface DigestStore {
  /** Makes it with its job, unless it is there. */
  want(tenant: TenantId, digest: DigestOf): Promise<void>;
  isTold(tenant: TenantId, digest: DigestOf): Promise<boolean>;
  told(tenant: TenantId, digest: DigestOf): Promise<void>;
}

/** What a digest tells. Weeks begin on Monday, in UTC. */
export interface DigestNews {
  /** The week that is told of. */
  readonly from: Instant;
  readonly until: Instant;
  /** The services that the channel is for; `null` where it is for all of them. */
  readonly services: readonly string[] | null;
  /** Those that were asked about in this week or the seven before, most often asked in front. */
  readonly gates: readonly GateDigest[];
  /** Reviews of bypasses of these weeks that are overdue now. */
  readonly reviewsOverdue: number;
  /** Of the reviews of these weeks that said so, the share that found the bypass avoidable; 0 to 1. */
  readonly avoidableShare: number | null;
  readonly often: readonly OftenOpened[];
}

export interface GateDigest {
  readonly gate: string;
  /** Requests in each of eight weeks, the one that is told of last. */
  readonly weeks: readonly number[];
  readonly requests: number;
  readonly approved: number;
  readonly approvalMs: Spread | null;
  readonly openMs: Spread | null;
  readonly deploys: number;
}
