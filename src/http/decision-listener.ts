import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { decisionProblems as problems } from './decision-problems.ts';
import type { Answered, Arrived } from './decision-routes.ts';
import { readIncoming } from './read-incoming.ts';

/**
 * The decision API on node:http itself: a deploy waits for the answer, and objects of the Fetch standard
 * in between would only be made and read again.
 */
export function decisionListener(
  answer: (request: Arrived) => Promise<Answered>,
  log: Pick<Logger, 'error'>,
): RequestListener {
  return (incoming, response) => {
    answer(arrived(incoming))
      .catch((error: unknown) => {
        log.error({ err: error }, 'a request for a decision failed');
        return problems.unavailable();
      })
      .then((answered) => send(response, answered))
      // Whoever asked is gone.
      .catch(() => response.destroy());
  };
}

function arrived(incoming: IncomingMessage): Arrived {
  const { headers, method = '' } = incoming;
  return {
    method,
    headers: {
      get(name) {
        const value = headers[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
    },
    sender: { peer: incoming.socket.remoteAddress },
    readBody: (maxBytes, time) => readIncoming(incoming, maxBytes, time),
  };
}

async function send(response: ServerResponse, answered: Answered): Promise<void> {
  if (!(answered instanceof Response)) return sendDecision(response, JSON.stringify(answered));
  const body = await answered.text();
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function sendDecision(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
