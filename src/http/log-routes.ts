import type { Logger } from 'pino';
import {
  consistencyProof,
  entryProof,
  inclusionProof,
  newestCheckpoint,
  type ProofAnswer,
} from '#application/audit/log-answers';
import type { TokenStore } from '#application/ports/directory-store';
import type { LogProofs } from '#application/ports/log-proofs';
import type { TenantId } from '#domain/ids';
import { bearerToken } from './bearer-token.ts';
import { logProblems as problems } from './log-problems.ts';
import type { FetchHandler } from './problem.ts';
import { createTokenBuckets, type RateLimit } from './token-bucket.ts';

/** Where the log is read. */
export const LOG_PATH = '/v1/log';

const LIMIT: RateLimit = { perSecond: 5, burst: 30 };

export interface LogRoutes {
  readonly proofs: LogProofs;
  readonly tokens: Pick<TokenStore, 'reader'>;
  readonly log: Pick<Logger, 'error'>;
  readonly limit?: RateLimit;
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
}

/**
 * `GET /v1/log/…`: the newest checkpoint, proofs and proof files of the tenant that the token is of.
 * Digests and signatures alone: of what an entry says, nothing. Each answer reads a handful of rows.
 */
export function logRoutes(options: LogRoutes): FetchHandler {
  const { proofs, tokens, log, limit = LIMIT } = options;
  const buckets = createTokenBuckets(limit, options.monotonicMs ?? (() => performance.now()));
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return problems.method();
    const token = bearerToken(request.headers.get('authorization'));
    if (token === null) return problems.noToken();
    const waitMs = buckets.take(token);
    if (waitMs > 0) return problems.tooOften(waitMs);
    let tenant: TenantId | null = null;
    try {
      tenant = await tokens.reader('log', token);
      return tenant === null ? problems.unknownToken() : await answer(proofs, tenant, request);
    } catch (err) {
      log.error({ err, tenant }, 'a question about the log was not answered');
      return problems.unavailable();
    }
  };
}

async function answer(proofs: LogProofs, tenant: TenantId, { url }: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(url);
  const number = (name: string) => wholeNumber(searchParams.get(name));
  const path = pathname.slice(LOG_PATH.length);
  if (path === '/checkpoint') {
    const cosigned = searchParams.get('cosigned');
    if (cosigned !== null && cosigned !== 'yes') return problems.badQuestion('cosigned=yes');
    const found = await newestCheckpoint(proofs, tenant, { cosigned: cosigned === 'yes' });
    return found === null ? problems.nothingThere() : text(found.note);
  }
  if (path === '/proof/inclusion') {
    const [index, size] = [number('index'), number('size')];
    if (index === null || size === null) return problems.badQuestion('index=<n>&size=<n>');
    return proofAnswer(await inclusionProof(proofs, tenant, { index, size }), { index, size });
  }
  if (path === '/proof/consistency') {
    const [from, to] = [number('from'), number('to')];
    if (from === null || to === null) return problems.badQuestion('from=<n>&to=<n>');
    return proofAnswer(await consistencyProof(proofs, tenant, { from, to }), { from, to });
  }
  const index = wholeNumber(/^\/entries\/(\d+)\.tlog-proof$/.exec(path)?.[1] ?? null);
  if (index === null) return problems.nothingThere();
  const proof = await entryProof(proofs, tenant, index);
  return proof === null ? problems.nothingThere() : text(proof);
}

/** In one spelling, and small enough to be counted exactly. */
function wholeNumber(value: string | null): number | null {
  if (value === null || !/^(?:0|[1-9]\d{0,15})$/.test(value)) return null;
  const read = Number(value);
  return Number.isSafeInteger(read) ? read : null;
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

function proofAnswer(answered: ProofAnswer, asked: Readonly<Record<string, number>>): Response {
  if (!answered.ok) return problems.outOfRange();
  return Response.json({ ...asked, proof: answered.proof }, { headers: HEADERS });
}

function text(body: string): Response {
  return new Response(body, {
    headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}
