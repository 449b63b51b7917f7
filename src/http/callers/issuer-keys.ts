import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { createTokenBuckets, type RateLimit } from '../token-bucket.ts';

/** The issuer of a caller's token gave no keys in time: who asks is not known. */
class IssuerUnavailable extends Error {
  override name = 'IssuerUnavailable';
  readonly code = 'issuer-unavailable';
  /** Of the policy, never of a token that is not verified. */
  readonly issuer: string;
  constructor(issuer: string, options?: ErrorOptions) {
    super('the issuer of a caller gave no keys', options);
    this.issuer = issuer;
  }
}

export interface IssuerKeysOptions {
  /**
   * Fetches JSON: no redirects, a limit to its size, and no addresses inside the network unless that
   * is allowed. Rejects for whatever is no 200.
   */
  readonly fetchJson: (url: URL, signal: AbortSignal) => Promise<unknown>;
  /** A clock that never goes back, in ms. */
  readonly monotonicMs?: () => number;
  /** For discovery and keys together; a question has 1.5 s in all. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 1_000;
/** Keys are taken for so long, and fetched again behind the answers after half of it. */
const MAX_AGE_MS = 600_000;
/**
 * A token with an unknown key must not make us ask again and again: six times at once, and every ten
 * seconds in the long run. Some at once, so that a stranger who comes every ten seconds does not keep a
 * key that the issuer has just made from being found; whoever comes more often finds it for everybody.
 */
const FETCHES: RateLimit = { perSecond: 0.1, burst: 6 };
/** After a fetch that failed: questions must not wait for the next time-out, one after the other. */
const COOL_DOWN_MS = 10_000;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

interface Known {
  keys: { readonly find: JWTVerifyGetKey; readonly fetchedAt: number } | null;
  underWay: Promise<void> | null;
  failedAt: number;
  failure: unknown;
}

/**
 * The keys that issuers publish (OpenID Connect Discovery §4), kept for ten minutes. A key that is
 * not among them is looked for once more, as long as that does not happen too often.
 */
export function issuerKeys(
  options: IssuerKeysOptions,
): (issuer: string) => Promise<JWTVerifyGetKey> {
  const { monotonicMs = () => performance.now() } = options;
  const all = new Map<string, Known>();
  const fetches = createTokenBuckets(FETCHES, monotonicMs);
  const fetched = (issuer: string, known: Known): Promise<void> => {
    if (known.underWay !== null) return known.underWay;
    if (monotonicMs() - known.failedAt < COOL_DOWN_MS) return Promise.resolve();
    if (fetches.take(issuer) > 0) return Promise.resolve();
    known.underWay = refresh(known, () => fetchKeys(options, issuer), monotonicMs);
    return known.underWay;
  };
  return async (issuer) => {
    const known = all.get(issuer) ?? unknown();
    all.set(issuer, known);
    const ageMs = monotonicMs() - (known.keys?.fetchedAt ?? -Infinity);
    if (ageMs >= MAX_AGE_MS) await fetched(issuer, known);
    else if (ageMs >= MAX_AGE_MS / 2) void fetched(issuer, known);
    const { keys } = known;
    if (keys === null || monotonicMs() - keys.fetchedAt >= MAX_AGE_MS)
      throw new IssuerUnavailable(issuer, { cause: known.failure });
    return async (header, token) => {
      try {
        return await keys.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw told(issuer, error);
        await fetched(issuer, known);
        try {
          return await (known.keys ?? keys).find(header, token);
        } catch (again) {
          throw told(issuer, again);
        }
      }
    };
  };
}

/** A key that is published and cannot be read is none that was given. */
const told = (issuer: string, error: unknown): unknown =>
  error instanceof errors.JOSEError ? error : new IssuerUnavailable(issuer, { cause: error });

/** Fetches anew; what went wrong is kept for who finds no keys. */
async function refresh(
  known: Known,
  fetchAnew: () => Promise<JWTVerifyGetKey>,
  monotonicMs: () => number,
): Promise<void> {
  try {
    known.keys = { find: await fetchAnew(), fetchedAt: monotonicMs() };
  } catch (error) {
    known.failure = error;
    known.failedAt = monotonicMs();
  } finally {
    known.underWay = null;
  }
}

const unknown = (): Known => ({
  keys: null,
  underWay: null,
  failedAt: -Infinity,
  failure: undefined,
});

async function fetchKeys(
  { fetchJson, timeoutMs = TIMEOUT_MS }: IssuerKeysOptions,
  issuer: string,
): Promise<JWTVerifyGetKey> {
  const signal = AbortSignal.timeout(timeoutMs);
  const address = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const found = discovery.parse(await fetchJson(address, signal));
  if (found.issuer !== issuer) throw new IssuerUnavailable(issuer);
  const { keys } = jwks.parse(await fetchJson(new URL(found.jwks_uri), signal));
  return createLocalJWKSet({ keys } satisfies JSONWebKeySet);
}
