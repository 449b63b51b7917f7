import { createTokenBuckets, type RateLimit } from '../token-bucket.ts';
import { problem } from '../problem.ts';
import type { SignInPath } from './paths.ts';
import { refusalPage } from './refusal-page.ts';
import { NOTHING } from './told.ts';

export interface SignInLimits {
  /** What is sent to one link. */
  readonly link: RateLimit;
  /** What comes from one address, whatever links it is sent to. */
  readonly address: RateLimit;
}

// A sign-in is two of these, and somebody who tries again waits for a provider in between. Several
// people may share an address, and nobody sends one of these by reading.
const SIGN_IN_LIMITS: SignInLimits = {
  link: { perSecond: 0.1, burst: 10 },
  address: { perSecond: 2, burst: 60 },
};

/** Milliseconds to wait before what this path was sent may pass; 0 for now. */
export type TakeTurn = (path: SignInPath, address: string | null) => number;

/**
 * How often forms and handed-in approvals are taken: each of them writes, and most ask the provider.
 * In this process's memory, as the buckets of tokens are.
 *
 * @param nowMs a clock that never goes back.
 */
export function signInTurns(nowMs: () => number, limits: SignInLimits = SIGN_IN_LIMITS): TakeTurn {
  const links = createTokenBuckets(limits.link, nowMs);
  const addresses = createTokenBuckets(limits.address, nowMs);
  return (path, address) => {
    const waitMs = address === null ? 0 : addresses.take(address);
    if (waitMs > 0 || !('link' in path)) return waitMs;
    return links.take(path.link);
  };
}

/** The answer to what came too often (RFC 6585 §4), to a person or to a program. */
export function tooOften(path: SignInPath, waitMs: number): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const title = 'That was too often';
  const text = `${NOTHING} Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`;
  const headers = { 'retry-after': String(seconds) };
  if (path.is === 'approval' || path.is === 'keys') {
    const members = { code: 'too-often' };
    return problem({ status: 429, title, detail: text, headers, members });
  }
  const told = { title, text, status: 429, again: true };
  const page = refusalPage(told, path.is === 'page' ? path.link : null);
  page.headers.set('retry-after', headers['retry-after']);
  return page;
}
