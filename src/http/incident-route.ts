import type { Logger } from 'pino';
import type { IncidentSources } from '#application/ports/incidents';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import { clientAddress } from './client-address.ts';
import { incidentProblems as problems } from './incident-problems.ts';
import { incidentSender, isSignedBy } from './incident-signature.ts';
import { inTime } from './in-time.ts';
import type { FetchHandler } from './problem.ts';
import { readBody } from './read-body.ts';
import { resolvedIncident } from './resolved-incident.ts';
import { createTokenBuckets, type RateLimit } from './token-bucket.ts';

/** Where incident tools tell that an incident is over. */
export const INCIDENTS_PATH = '/v1/incidents';

export interface IncidentRoute {
  readonly sources: Pick<IncidentSources, 'secretOf'>;
  /** What follows from it. The names are as the tool sent them: hostile. */
  readonly resolved: (tenant: TenantId, names: readonly string[]) => Promise<unknown>;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** How many proxies in front of the service add to `X-Forwarded-For`. */
  readonly proxies: number;
  readonly limit?: RateLimit & { readonly deadlineMs: number };
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
}

const LIMIT = { perSecond: 5, burst: 50, deadlineMs: 5_000 };
/** PagerDuty's are a few kilobytes. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * `POST /v1/incidents?tenant=<name>`, signed by Standard Webhooks or as PagerDuty's v3 webhooks are:
 * 202 for whatever is signed, also where it says nothing of interest, so that a tool never turns the
 * webhook off. A message that comes again changes nothing.
 */
export function incidentRoute(options: IncidentRoute): FetchHandler {
  const { limit = LIMIT, log, proxies } = options;
  const buckets = createTokenBuckets(limit, options.monotonicMs ?? (() => performance.now()));
  const insteadFor = (name: string) => ({
    late: () => problems.unavailable(),
    failed: (err: unknown) => {
      log.error({ err, tenant: tenantIdOf(name) }, 'word of an incident was not taken');
      return problems.unavailable();
    },
  });
  return async (request, sender) => {
    const url = new URL(request.url);
    if (url.pathname !== INCIDENTS_PATH) return problems.nothingThere();
    if (request.method !== 'POST') return problems.method();
    const from = clientAddress(request.headers, sender ?? { peer: undefined }, proxies);
    const waitMs = buckets.take(from ?? 'unknown');
    if (waitMs > 0) return problems.tooOften(waitMs);
    const name = url.searchParams.get('tenant') ?? '';
    return inTime(limit.deadlineMs, insteadFor(name), (time) =>
      take(options, request, name, time.signal),
    );
  };
}

async function take(
  { sources, resolved }: IncidentRoute,
  request: Request,
  name: string,
  signal: AbortSignal,
): Promise<Response> {
  const body = await readBody(request, MAX_BODY_BYTES, signal);
  if (typeof body !== 'string') return problems.tooLarge(MAX_BODY_BYTES);
  const kind = incidentSender(request.headers);
  if (kind === null || name === '') return problems.notSigned();
  const tenant = tenantIdOf(name);
  const secret = await sources.secretOf(tenant, kind);
  // A tenant that there is not, and one without a secret, look like a wrong signature.
  if (secret === null || !isSignedBy(kind, secret, request.headers, body))
    return problems.notSigned();
  const said = resolvedIncident(kind, body);
  if (said === 'unreadable') return problems.unreadable();
  if (said !== 'nothing') await resolved(tenant, said.names);
  return Response.json({ received: true }, { status: 202, headers: NO_STORE });
}

const NO_STORE = { 'cache-control': 'no-store' };
