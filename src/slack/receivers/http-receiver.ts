import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

const EVENTS_PATH = '/slack/events';
const BODY_LIMIT_BYTES = 1_000_000;

export interface HttpReceiverOptions {
  readonly signingSecret: string;
  readonly logger: SlackLogger;
  readonly log: Logger;
}

/** Bolt's receiver without a server of its own: its listener is mounted on the service's port. */
export function httpReceiver({ signingSecret, logger, log }: HttpReceiverOptions): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret,
    logger,
    endpoints: EVENTS_PATH,
    bodyLimit: BODY_LIMIT_BYTES,
    // The error was logged where it arose. An answer at once tells the person sooner than silence.
    processEventErrorHandler: async ({ response }) => {
      refuse(response, 500);
      return false;
    },
    unhandledRequestHandler: ({ response }) => {
      if (!response.headersSent) log.error('a payload was not acknowledged within 3 s');
      refuse(response, 503);
    },
  });
}

/**
 * A listener for `POST /slack/events`. Verifies Slack's signature
 * (docs.slack.dev/authentication/verifying-requests-from-slack); 404 elsewhere, 503 once stopping.
 */
export function httpHandler(
  receiver: HTTPReceiver,
  isOpen: () => boolean,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const [path] = (request.url ?? '').split('?');
    if (path !== EVENTS_PATH || request.method !== 'POST') return refuse(response, 404);
    if (!isOpen()) return refuse(response, 503);
    receiver.requestListener(request, response);
  };
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status).end();
}
