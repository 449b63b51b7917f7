import { hash } from 'node:crypto';
import { recentlyUsed } from '#application/decision/recently-used';
import type { RateLimit } from './token-bucket.ts';
import { createBuckets } from './token-bucket.ts';

/** How often may be asked: by one token, and from one address with tokens that were never good here. */
export interface AskingRates extends RateLimit {
  readonly strangers: RateLimit;
}

/**
 * Generous, as many jobs can come from one address: it bounds what tokens that are no good cost the
 * database, and stops nobody who asks in earnest.
 */
export const STRANGERS: RateLimit = { perSecond: 20, burst: 200 };

/** It holds what it is given: tokens by their `tokenName`. */
export interface AskingLimiter {
  /** Milliseconds to wait; 0 lets the question in. */
  waitMs(name: string, from: string): number;
  /** Whether the token turned out to be good. */
  told(name: string, from: string, isGood: boolean): void;
}

/** Tokens that are remembered as good: those that asked last. A forgotten one counts as strange again. */
const MOST_GOOD = 20_000;

/**
 * Limits what each token may ask, and how often each address may come with tokens that nobody knows.
 * In this process's memory: with n replicas it is n times as much. A token that was good is never held
 * up by what else comes from its address. Decides nothing: it only makes one wait.
 */
export function askingLimiter(rates: AskingRates, nowMs: () => number): AskingLimiter {
  const byToken = createBuckets(rates, nowMs);
  const byAddress = createBuckets(rates.strangers, nowMs);
  const good = recentlyUsed<string, true>(MOST_GOOD);
  return {
    waitMs(name, from) {
      const waitMs = byToken.take(name);
      if (waitMs > 0 || good.get(name) === true) return waitMs;
      // Charged at once, so that many at the same time are counted before the first is told.
      return byAddress.take(from);
    },
    told(name, from, isGood) {
      const wasGood = good.get(name) === true;
      if (isGood === wasGood) return;
      if (isGood) {
        good.set(name, true);
        byAddress.giveBack(from);
      } else {
        good.delete(name);
        byAddress.take(from);
      }
    },
  };
}

/** So that no token stays in memory. */
export const tokenName = (token: string): string => hash('sha256', token, 'base64url').slice(0, 22);
