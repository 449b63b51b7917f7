import { createHmac } from 'node:crypto';
import { isJsonObject, parseJson } from '../json.ts';
import type { Envelope, Outcome, Transport } from './delivery.ts';

export interface HttpDeliveryOptions {
  requestUrl: string;
  signingSecret: string;
  ackTimeoutMs: number;
}

/** Requests to the app's URL, signed as Slack signs them. */
export class HttpDelivery implements Transport {
  readonly #options: HttpDeliveryOptions;

  constructor(options: HttpDeliveryOptions) {
    this.#options = options;
  }

  get ackTimeoutMs(): number {
    return this.#options.ackTimeoutMs;
  }

  async send(envelope: Envelope): Promise<Outcome> {
    const { body, contentType } = encode(envelope);
    const signal = AbortSignal.timeout(this.#options.ackTimeoutMs);
    try {
      const response = await fetch(this.#options.requestUrl, {
        method: 'POST',
        headers: {
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...signature(this.#options.signingSecret, body),
          ...retryHeaders(envelope),
        },
        body,
        signal,
      });
      if (response.status !== 200) return { acked: false, reason: 'http_service_error' };
      return { acked: true, body: await acknowledgement(response) };
    } catch {
      // Slack tells these two apart for the person who waits, and nothing more.
      return { acked: false, reason: signal.aborted ? 'operation_timeout' : 'dispatch_failed' };
    }
  }
}

/**
 * Slack's request signature, version 0: HMAC-SHA256 over `v0:timestamp:body`. The time is the
 * machine's even where the workspace has a clock of its own, since the app checks it against its.
 */
function signature(signingSecret: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`);
  return {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest.digest('hex')}`,
  };
}

function encode({ kind, payload }: Envelope): { body: string; contentType: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'slash_commands': {
      const fields = Object.entries(payload).map(([k, v]): [string, string] => [k, String(v)]);
      return { body: new URLSearchParams(fields).toString(), contentType: form };
    }
    case 'interactive': {
      const fields = { payload: JSON.stringify(payload) };
      return { body: new URLSearchParams(fields).toString(), contentType: form };
    }
    case 'events_api':
      return { body: JSON.stringify(payload), contentType: 'application/json' };
  }
}

function retryHeaders({ kind, retry }: Envelope): Record<string, string> {
  if (kind !== 'events_api' || retry === 0) return {};
  return { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' };
}

async function acknowledgement(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const json = parseJson(text);
  return isJsonObject(json) ? json : text;
}
