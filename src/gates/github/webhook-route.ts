import type { GateDelivery } from '#application/ports/gate-deliveries';
import { EVENTS } from './events.ts';
import { isSigned } from './signature.ts';

export const GITHUB_WEBHOOK_PATH = '/v1/gates/github/webhook';

/** GitHub sends no more than 25 MB; what we read of a delivery is far smaller. */
const MAX_BYTES = 5 * 1024 * 1024;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** GitHub gives up after 10 s. */
const READ_MS = 8_000;

export interface WebhookRoute {
  readonly secrets: readonly string[];
  /** Resolves once the delivery is stored; one that was taken before is no error. */
  readonly accept: (delivery: GateDelivery) => Promise<unknown>;
  readonly maxBytes?: number;
}

/**
 * `POST /v1/gates/github/webhook`: 202 once a delivery is stored, or for an event that nothing is
 * done with; 401 for one that is not signed, 4xx for one that is none of GitHub's. Rejects when it
 * could not be stored: then GitHub lists it as failed, and it is fetched from there later.
 */
export function githubWebhook(options: WebhookRoute): (request: Request) => Promise<Response> {
  const { secrets, accept, maxBytes = MAX_BYTES } = options;
  return async (request) => {
    if (request.method !== 'POST') return answer(405, 'Use POST', { allow: 'POST' });
    const body = await readText(request, maxBytes);
    if (body === 'too-large')
      return answer(413, 'The delivery is too large', { connection: 'close' });
    if (body === 'not-text') return answer(400, 'The delivery is not UTF-8');
    if (!(await isSigned(secrets, body, request.headers.get('x-hub-signature-256'))))
      return answer(401, 'The delivery is not signed with the secret that is configured');
    const id = request.headers.get('x-github-delivery') ?? '';
    const event = request.headers.get('x-github-event') ?? '';
    if (!GUID.test(id)) return answer(400, 'X-GitHub-Delivery names no delivery');
    if (!EVENTS.has(event)) return new Response(null, { status: 202 });
    if (!isObject(body)) return answer(400, 'Send the delivery as application/json');
    await accept({ id: id.toLowerCase(), event, body });
    return new Response(null, { status: 202 });
  };
}

/** As bytes first: a byte that text could not carry must not vanish before the signature is checked. */
async function readText(request: Request, maxBytes: number) {
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) return 'too-large';
  try {
    // A byte order mark is part of what was signed.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return 'not-text';
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  const late = AbortSignal.timeout(READ_MS);
  for await (const part of request.body ?? []) {
    late.throwIfAborted();
    length += part.length;
    // Leaving the loop cancels the rest.
    if (length > maxBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function isObject(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Problem details (RFC 9457). */
function answer(status: number, title: string, headers: Record<string, string> = {}): Response {
  return Response.json(
    { type: 'about:blank', title, status },
    { status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  );
}
