import { hash } from 'node:crypto';
import { recentlyUsed } from '#application/decision/recently-used';

export interface RateLimit {
  /** Questions a second that a token may ask in the long run. */
  readonly perSecond: number;
  /** Questions that may come at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

// Random tokens must not fill the memory. Those used longest ago are forgotten first, and a
// forgotten bucket is a full one: whoever floods with fresh tokens is not stopped by this, but by
// the look-up that knows none of them.
const MOST_BUCKETS = 20_000;

export interface TokenBuckets {
  /** Milliseconds to wait, 0 when the question may pass. */
  take(key: string): number;
  /** What was taken is not to count. */
  giveBack(key: string): void;
}

/**
 * A token bucket for each bearer token, or whatever else is counted, in this process's memory: with n replicas a token may ask
 * n times as often. Buckets are keyed by a prefix of the token's SHA-256, so that no token stays in
 * memory.
 */
export function createTokenBuckets(limit: RateLimit, nowMs: () => number): TokenBuckets {
  const buckets = createBuckets(limit, nowMs);
  return {
    take: (token) => buckets.take(nameOf(token)),
    giveBack: (token) => buckets.giveBack(nameOf(token)),
  };
}

/** The same for what is no secret: its keys stay in memory as they are. */
export function createBuckets(limit: RateLimit, nowMs: () => number): TokenBuckets {
  const buckets = recentlyUsed<string, Bucket>(MOST_BUCKETS);
  const fresh = (key: string): Bucket => {
    const bucket = { tokens: limit.burst, filledAtMs: nowMs() };
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take(key) {
      const bucket = buckets.get(key) ?? fresh(key);
      refill(bucket, limit, nowMs());
      if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / limit.perSecond) * 1_000);
      bucket.tokens -= 1;
      return 0;
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket !== undefined) bucket.tokens = Math.min(limit.burst, bucket.tokens + 1);
    },
  };
}

const nameOf = (token: string): string => hash('sha256', token, 'hex').slice(0, 32);

function refill(bucket: Bucket, { perSecond, burst }: RateLimit, nowMs: number): void {
  const earned = (Math.max(0, nowMs - bucket.filledAtMs) / 1_000) * perSecond;
  bucket.tokens = Math.min(burst, bucket.tokens + earned);
  bucket.filledAtMs = nowMs;
}
