import type { LookupFunction } from 'node:net';
import type { Webhook } from 'standardwebhooks';
import { request } from 'undici';
import { AddressRefused, guardedAgent } from './guarded-agent.ts';

export interface WebhookPostOptions {
  /** Lets addresses be http and inside the network. */
  readonly allowPrivate: boolean;
  /** From connecting to the answer's header. */
  readonly timeoutMs: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
}

export interface WebhookMessage {
  /** The same for every try. */
  readonly id: string;
  readonly mediaType: string;
  readonly body: string;
  /** More than one while a secret is exchanged: a receiver takes any that fits its own. */
  readonly signers: readonly Pick<Webhook, 'sign'>[];
  readonly at: Date;
}

/** What became of one try; of an answer no more is kept than this. */
export type WebhookAnswer =
  | { readonly status: number; readonly retryAfterMs: number | null }
  | {
      readonly failed: 'address-refused' | 'timed-out' | 'unreachable';
      readonly cause: unknown;
    };

export interface WebhookPost {
  /** Sends once. Never rejects for what the receiver does. */
  send(url: URL, message: WebhookMessage): Promise<WebhookAnswer>;
  close(): Promise<void>;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts as Standard Webhooks says: `webhook-id`, `webhook-timestamp` of the try, and a signature by
 * each secret in force. No redirect is followed.
 */
export function webhookPost({ allowPrivate, timeoutMs, lookup }: WebhookPostOptions): WebhookPost {
  const dispatcher = guardedAgent({
    allowPrivate,
    connectTimeoutMs: timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    async send(url, message) {
      const signal = AbortSignal.timeout(timeoutMs);
      const { body } = message;
      const options = { method: 'POST', headers: headersOf(message), body, dispatcher, signal };
      try {
        const answer = await request(url, options);
        await discard(answer.body, signal);
        return { status: answer.statusCode, retryAfterMs: retryAfterMs(answer.headers) };
      } catch (cause) {
        if (cause instanceof AddressRefused) return { failed: 'address-refused', cause };
        return { failed: signal.aborted ? 'timed-out' : 'unreachable', cause };
      }
    },
    close: () => dispatcher.close(),
  };
}

function headersOf({ id, mediaType, body, signers, at }: WebhookMessage): Record<string, string> {
  return {
    'content-type': mediaType,
    'user-agent': 'safeguard-breakglass',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signers.map((one) => one.sign(id, at, body)).join(' '),
  };
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Seconds, or a date (RFC 9110 §5.6.7, §10.2.3), which is read against the receiver's own `Date`: both clocks
 * may be wrong. `null` for none that can be read.
 */
function retryAfterMs({ 'retry-after': after, date }: Headers): number | null {
  if (typeof after !== 'string') return null;
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1_000;
  // Date.parse makes something of a bare number, too.
  if (!/^[A-Z][a-z]{2}, /.test(after)) return null;
  const now = typeof date === 'string' ? Date.parse(date) : NaN;
  const ms = Date.parse(after) - (Number.isNaN(now) ? Date.now() : now);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Reads the rest so that the connection can be used again, and drops it where the rest is long. */
async function discard(
  body: Awaited<ReturnType<typeof request>>['body'],
  signal: AbortSignal,
): Promise<void> {
  try {
    await body.dump({ limit: MAX_ANSWER_BYTES, signal });
  } catch {
    // The status has been said; how the body ends changes nothing of it.
    body.destroy();
  }
}
