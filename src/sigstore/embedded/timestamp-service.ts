import { Hono } from 'hono';
import { current } from './key-ring.ts';
import type { KeyRing } from './key-ring.ts';
import { requestFromDer, requestFromJson } from './timestamp-request.ts';
import { timestampResponse } from './timestamp-response.ts';

/**
 * `POST /api/v1/timestamp`: an RFC 3161 time-stamp query in DER, or the JSON of
 * sigstore/timestamp-authority; the answer is DER either way. `GET …/certchain`: the chain, PEM.
 */
export function timestampRoutes(ring: KeyRing, clock: () => Date): Hono {
  const app = new Hono();
  const authority = current(ring.timestampAuthorities);
  app.post('/api/v1/timestamp', async (context) => {
    const type = context.req.header('content-type') ?? '';
    const request = type.startsWith('application/timestamp-query')
      ? requestFromDer(new Uint8Array(await context.req.arrayBuffer()))
      : requestFromJson(await context.req.json().catch(() => undefined));
    if (request === undefined) {
      return Response.json(
        { code: 400, message: 'Error parsing timestamp request' },
        { status: 400 },
      );
    }
    const body = new Uint8Array(timestampResponse(authority, request, clock()));
    const headers = { 'content-type': 'application/timestamp-reply' };
    return new Response(body, { status: 201, headers });
  });
  app.get('/api/v1/timestamp/certchain', () => {
    const headers = { 'content-type': 'application/pem-certificate-chain' };
    return new Response(`${authority.chain.join('\n')}\n`, { headers });
  });
  return app;
}
