import { WebClient, type WebAPICallResult, type WebClientOptions } from '@slack/web-api';
import type { Logger } from '@slack/bolt';
import { UNWATCHED, type SlackWatch } from '#application/ports/slack-watch';
import { callFailureOf } from './call-failure.ts';
import { isDeadToken } from './dead-token.ts';
import { missingScope, missingScopeWords } from './missing-scope.ts';

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
  /** Hears that Slack takes this token no more, from each call that is refused for it. */
  readonly onDeadToken?: () => void;
  readonly watch?: SlackWatch;
}

const INTERACTIVE_TIMEOUT_MS = 2_000;
// Three calls at the most for one card, within the claim that a worker has on it.
const DELIVERY_TIMEOUT_MS = 4_000;
const LOOK_UP_TIMEOUT_MS = 5_000;

export function slackClients(options: ClientOptions): SlackClients {
  const { botToken, apiUrl, logger, onDeadToken = () => undefined, watch = UNWATCHED } = options;
  const told = new Set<string>();
  const onLack = (method: string, scope: string): void => {
    // Once: what waits for it may be tried for hours.
    if (told.has(scope)) return;
    told.add(scope);
    logger.error(missingScopeWords(method, scope));
  };
  const client = (timeout: number) =>
    new WatchedClient(botToken, clientOptions(timeout, logger, apiUrl), {
      onDeadToken,
      onLack,
      watch,
    });
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

interface Watcher {
  readonly onDeadToken: () => void;
  readonly onLack: (method: string, scope: string) => void;
  readonly watch: SlackWatch;
}

class WatchedClient extends WebClient {
  readonly #watcher: Watcher;

  constructor(token: string, options: WebClientOptions, watcher: Watcher) {
    super(token, options);
    this.#watcher = watcher;
  }

  override async apiCall(...call: Parameters<WebClient['apiCall']>): Promise<WebAPICallResult> {
    try {
      const called = () => super.apiCall(...call);
      return await this.#watcher.watch.call(call[0], called, callFailureOf);
    } catch (error) {
      if (isDeadToken(error)) this.#watcher.onDeadToken();
      const scope = missingScope(error);
      if (scope !== null) this.#watcher.onLack(call[0], scope);
      throw error;
    }
  }
}
