import type { Logger } from 'pino';
import type { TokenStore } from '#application/ports/directory-store';
import type { StatisticsReader } from '#application/ports/statistics';
import { csvOf, measured } from '#application/statistics/columns';
import { oftenOpened } from '#application/statistics/questions';
import { readFacts } from '#application/statistics/read-facts';
import { DIMENSIONS, summaries, type Dimension } from '#application/statistics/summary';
import type { TenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { bearerToken } from './bearer-token.ts';
import type { FetchHandler } from './problem.ts';
import { MOST_DAYS, statisticsProblems as problems } from './statistics-problems.ts';
import { createTokenBuckets, type RateLimit } from './token-bucket.ts';

/** Where statistics are read. */
export const STATISTICS_PATH = '/v1/statistics';

/** Every answer reads all entries of its days. */
const LIMIT: RateLimit = { perSecond: 0.2, burst: 10 };
const DEFAULT_DAYS = 90;

export interface StatisticsRoute {
  readonly statistics: StatisticsReader;
  readonly tokens: Pick<TokenStore, 'reader'>;
  readonly log: Pick<Logger, 'error'>;
  readonly limit?: RateLimit;
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
}

/**
 * `GET /v1/statistics?days=90&by=gate,service`: what bypasses say about gates, as JSON, or as CSV
 * where `Accept` asks for `text/csv`. Names of the policy and numbers: nothing that people typed.
 */
export function statisticsRoute(options: StatisticsRoute): FetchHandler {
  const { statistics, tokens, log, limit = LIMIT } = options;
  const buckets = createTokenBuckets(limit, options.monotonicMs ?? (() => performance.now()));
  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname !== STATISTICS_PATH) return problems.nothingThere();
    if (request.method !== 'GET') return problems.method();
    const token = bearerToken(request.headers.get('authorization'));
    if (token === null) return problems.noToken();
    const waitMs = buckets.take(token);
    if (waitMs > 0) return problems.tooOften(waitMs);
    const asked = read(url.searchParams);
    if (asked === null) return problems.badQuestion();
    let tenant: TenantId | null = null;
    try {
      tenant = await tokens.reader('statistics', token);
      if (tenant === null) return problems.unknownToken();
      const isCsv = request.headers.get('accept')?.includes('text/csv') === true;
      return await answer(statistics, tenant, asked, isCsv);
    } catch (err) {
      log.error({ err, tenant }, 'statistics were not read');
      return problems.unavailable();
    }
  };
}

interface Asked {
  readonly days: number;
  readonly by: readonly Dimension[];
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

async function answer(
  reader: StatisticsReader,
  tenant: TenantId,
  { days, by }: Asked,
  isCsv: boolean,
): Promise<Response> {
  const now = await reader.now(tenant);
  const from = now - days * DAY_MS;
  const facts = await readFacts(reader, tenant, from);
  const all = summaries(facts, by, now);
  if (isCsv)
    return new Response(csvOf(all, by), {
      headers: {
        ...HEADERS,
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="bypasses.csv"',
      },
    });
  const often = oftenOpened(facts, now);
  const span = { since: new Date(from).toISOString(), until: new Date(now).toISOString() };
  return Response.json({ ...span, by, rows: all.map(measured), often }, { headers: HEADERS });
}

/** Each in one spelling; `null` for what cannot be read. */
function read(query: URLSearchParams): Asked | null {
  const days = query.get('days') ?? String(DEFAULT_DAYS);
  if (!/^[1-9]\d{0,2}$/.test(days) || Number(days) > MOST_DAYS) return null;
  const names = (query.get('by') ?? 'gate').split(',').filter(Boolean);
  const by = DIMENSIONS.filter((one) => names.includes(one));
  if (by.length !== names.length) return null;
  return { days: Number(days), by };
}
