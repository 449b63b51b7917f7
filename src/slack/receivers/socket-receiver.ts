import type { App, Receiver, ReceiverEvent, Logger as SlackLogger } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { callFailureOf } from '../clients/call-failure.ts';
import { clientOptions } from '../clients/slack-clients.ts';
import { SlackStartFailed } from '../slack-error.ts';
import { within } from '../within.ts';

export interface SocketReceiverOptions {
  readonly appToken: string;
  readonly apiUrl?: string;
  readonly logger: SlackLogger;
  readonly log: Logger;
}

/** Slack closes each socket now and then; with two, one of them takes the payloads meanwhile. */
const SOCKETS = 2;
const CONNECT_LIMIT_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

interface Envelope {
  readonly ack: (response?: unknown) => Promise<void>;
  readonly body: ReceiverEvent['body'];
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

/**
 * Socket Mode over several sockets. Reconnecting is done here and not by the client, whose own
 * waits five seconds first and ends the process where it fails (socket-mode 3.1).
 */
export class SocketReceiver implements Receiver {
  readonly #clients: readonly SocketModeClient[];
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  #app: App | undefined;
  #loops: readonly Promise<void>[] = [];

  constructor({ appToken, apiUrl, logger, log }: SocketReceiverOptions) {
    this.#log = log;
    this.#clients = Array.from({ length: SOCKETS }, () => {
      const options = clientOptions(CONNECT_LIMIT_MS, logger, apiUrl);
      const client = new SocketModeClient({
        appToken,
        logger,
        autoReconnectEnabled: false,
        clientOptions: options,
      });
      client.on('slack_event', (envelope: Envelope) => void this.#take(envelope));
      return client;
    });
  }

  init(app: App): void {
    this.#app = app;
  }

  /** Resolves once every socket is open. @throws SlackStartFailed. */
  async start(): Promise<void> {
    const closed = this.#clients.map(disconnected);
    // All are waited for: one that opened after the others were given up would take payloads.
    const opened = await Promise.allSettled(this.#clients.map((client) => this.#connect(client)));
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed) {
      await this.#disconnect();
      throw startFailure(failed.reason);
    }
    this.#loops = this.#clients.map((client, index) =>
      this.#keepOpen(client, closed[index] ?? disconnected(client)),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#disconnect();
    await Promise.all(this.#loops);
  }

  async #keepOpen(client: SocketModeClient, firstClose: Promise<void>): Promise<void> {
    await firstClose;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const closed = disconnected(client);
      try {
        await this.#connect(client);
        failures = 0;
        if (this.#stopping.signal.aborted) await client.disconnect();
        await closed;
      } catch (err) {
        failures += 1;
        this.#log.warn({ err, failures }, 'a socket to Slack could not be opened again');
        await this.#pause(failures);
      }
    }
  }

  async #connect(client: SocketModeClient): Promise<void> {
    try {
      await within(CONNECT_LIMIT_MS, client.start());
    } catch (error) {
      // A socket that opened too late would take payloads beside the one that replaces it.
      await client.disconnect();
      throw error;
    }
  }

  async #pause(failures: number): Promise<void> {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    try {
      await sleep(longest * (0.5 + Math.random() / 2), undefined, {
        signal: this.#stopping.signal,
      });
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    }
  }

  async #disconnect(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.disconnect()));
  }

  async #take({ ack, body, retry_num, retry_reason }: Envelope): Promise<void> {
    try {
      await this.#app?.processEvent({
        body,
        ack: (response?: unknown) => ack(response),
        ...(retry_num !== undefined && { retryNum: retry_num }),
        ...(retry_reason !== undefined && { retryReason: retry_reason }),
      });
    } catch (err) {
      // Logged where it arose; without an acknowledgement Slack tells the person.
      this.#log.debug({ err }, 'a payload was not acknowledged');
    }
  }
}

const disconnected = (client: SocketModeClient): Promise<void> =>
  new Promise((resolve) => {
    client.once('disconnected', () => resolve());
  });

function startFailure(cause: unknown): SlackStartFailed {
  const failure = callFailureOf(cause);
  return failure.kind === 'refused'
    ? new SlackStartFailed('bad-app-token', `Slack refuses the app token (${failure.error})`, {
        cause,
      })
    : new SlackStartFailed('unreachable', 'no socket to Slack could be opened', { cause });
}
