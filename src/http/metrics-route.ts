import { methodNotAllowed, type FetchHandler } from './problem.ts';

/** Where Prometheus scrapes. */
export const METRICS_PATH = '/metrics';

export interface MetricsRoute {
  /** As the media type of the exposition format says. */
  readonly contentType: string;
  /** What there is to say now. */
  readonly text: () => Promise<string>;
}

/** `GET /metrics`, in Prometheus' text format. No secret is in it, and no tenant. */
export function metricsRoute({ contentType, text }: MetricsRoute): FetchHandler {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    const headers = { 'content-type': contentType, 'cache-control': 'no-store' };
    return new Response(await text(), { headers });
  };
}
