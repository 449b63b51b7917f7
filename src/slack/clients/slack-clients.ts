import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from '@slack/bolt';

/** The clients of one installation. Apart, so that a paused or slow one never holds up another. */
export interface SlackClients {
  /** For `views.*` and ephemeral answers: a trigger lives 3 s, so each call has 2 s and one try. */
  readonly interactive: WebClient;
  /** For messages. The outbox retries; a retry in here would post twice. */
  readonly delivery: WebClient;
  readonly lookUps: WebClient;
}

export interface ClientOptions {
  readonly botToken: string;
  readonly apiUrl?: string;
  readonly logger: Logger;
}

const INTERACTIVE_TIMEOUT_MS = 2_000;
// Three calls at the most for one card, within the claim that a worker has on it.
const DELIVERY_TIMEOUT_MS = 4_000;
const LOOK_UP_TIMEOUT_MS = 5_000;

export function slackClients({ botToken, apiUrl, logger }: ClientOptions): SlackClients {
  const client = (timeout: number) =>
    new WebClient(botToken, clientOptions(timeout, logger, apiUrl));
  return {
    interactive: client(INTERACTIVE_TIMEOUT_MS),
    delivery: client(DELIVERY_TIMEOUT_MS),
    lookUps: client(LOOK_UP_TIMEOUT_MS),
  };
}

/** One try, no waiting for a Retry-After: whoever calls decides what happens then. */
export function clientOptions(timeout: number, logger: Logger, apiUrl?: string): WebClientOptions {
  return {
    timeout,
    logger,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // A method name that looks like a URL must never carry the token elsewhere.
    allowAbsoluteUrls: false,
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  };
}
