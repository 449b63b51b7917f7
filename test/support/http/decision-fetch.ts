import type { AskingOptions } from '#http/asking';
import { decisionRoutes } from '#http/decision-routes';
import type { FetchHandler } from '#http/problem';
import { readBody } from '#http/read-body';

/** The decision API without a server: what the listener would answer to this request. */
export function decisionFetch(options: AskingOptions): FetchHandler {
  const answer = decisionRoutes(options);
  return async (request, sender) => {
    const { method, headers } = request;
    const answered = await answer({
      method,
      headers,
      sender,
      readBody: (maxBytes, time) => readBody(request, maxBytes, time.signal),
    });
    if (answered instanceof Response) return answered;
    return Response.json(answered, { headers: { 'cache-control': 'no-store' } });
  };
}
