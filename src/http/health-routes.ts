import type { Logger } from 'pino';
import { methodNotAllowed, notFound, type FetchHandler } from './problem.ts';

export interface HealthRoutes {
  /** Whether the start is over; it stays so. */
  readonly started: () => boolean;
  /** What keeps this replica from serving, in words; empty when it can. */
  readonly ready: (signal: AbortSignal) => Promise<readonly string[]>;
  readonly log: Pick<Logger, 'error'>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 1_000;

const PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz', '/startupz']);

/**
 * `/livez`: 200 as long as the process answers; restart it when it does not. It looks at nothing else:
 * a restart mends neither a database nor Slack. `/startupz`: 503 until the start is over, 200 from then
 * on. `/readyz`: 200, or 503 with the reasons; send it no traffic while it says so. All in JSON, never
 * cached.
 */
export function healthRoutes(options: HealthRoutes): FetchHandler {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!PATHS.has(pathname)) return notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    if (pathname === '/livez') return json({ status: 'live' }, 200);
    if (pathname === '/startupz')
      return options.started()
        ? json({ status: 'started' }, 200)
        : json({ status: 'starting' }, 503);
    const reasons = await reasonsNotReady(options);
    if (reasons.length === 0) return json({ status: 'ready' }, 200);
    return json({ status: 'not-ready', reasons }, 503);
  };
}

async function reasonsNotReady(options: HealthRoutes): Promise<readonly string[]> {
  const { ready, log, timeoutMs = TIMEOUT_MS } = options;
  const ended = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => {
    resolve([`the check did not answer within ${timeoutMs} ms`]);
    ended.abort();
  }, timeoutMs);
  try {
    return await Promise.race([late, guarded(ready, log, ended.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

async function guarded(
  ready: HealthRoutes['ready'],
  log: HealthRoutes['log'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return await ready(signal);
  } catch (error) {
    log.error({ err: error }, 'the readiness check failed');
    return ['the check failed; the log says how'];
  }
}

function json(body: object, status: number): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}
