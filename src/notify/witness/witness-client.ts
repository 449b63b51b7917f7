import type { LookupFunction } from 'node:net';
import { request, type Agent } from 'undici';
import { WitnessUnreachable, type Witness, type WitnessAnswer } from '#application/ports/outbound';
import { formatAddCheckpoint, parseConflict, type AddCheckpoint } from '#ledger/add-checkpoint';
import { readCosignatures, withCosignatures, type WitnessKey } from '#ledger/cosignature';
import { AddressRefused, guardedAgent } from '../guarded-agent.ts';

export interface WitnessOptions {
  readonly key: WitnessKey;
  /** Its submission prefix: `add-checkpoint` is below it. */
  readonly url: string;
  /** Lets the address be http and inside the network. */
  readonly allowPrivate?: boolean;
  /** From connecting to the end of the answer. */
  readonly timeoutMs?: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
  /** Epoch milliseconds; a cosignature from far ahead of it is none. */
  readonly clock?: () => number;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** A replica's clock may be wrong by some minutes, and a witness's too. */
const MOST_AHEAD_MS = 3_600_000;

/** 4xx that the protocol gives a meaning; any other may pass by itself. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 422]);

/**
 * A witness over HTTP (C2SP tlog-witness, "add-checkpoint"). One try each, no redirects. A 429, a
 * 5xx, a broken network and no answer in time are `WitnessUnreachable`.
 */
export function createWitness(options: WitnessOptions): Witness & { close(): Promise<void> } {
  const { key, allowPrivate = false, timeoutMs = TIMEOUT_MS, lookup } = options;
  const url = new URL(`${options.url.replace(/\/+$/, '')}/add-checkpoint`);
  const agent = guardedAgent({
    allowPrivate,
    connectTimeoutMs: timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const clock = options.clock ?? (() => Date.now());
  return {
    vkey: key.vkey,
    name: key.name,
    async addCheckpoint(asked) {
      const { status, body } = await post(url, agent, timeoutMs, asked);
      return answerOf(status, body, { asked, key, latest: clock() + MOST_AHEAD_MS });
    },
    close: () => agent.close(),
  };
}

interface Expected {
  readonly asked: AddCheckpoint;
  readonly key: WitnessKey;
  readonly latest: number;
}

async function post(url: URL, agent: Agent, timeoutMs: number, asked: AddCheckpoint) {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'user-agent': 'safeguard-breakglass',
      },
      body: formatAddCheckpoint(asked),
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.statusCode, body: await readUpTo(answer.body) };
  } catch (cause) {
    const code = cause instanceof AddressRefused ? 'address-refused' : 'unavailable';
    throw new WitnessUnreachable(code, { cause });
  }
}

/** `null` for an answer that is too long: no answer of the protocol is. */
async function readUpTo(body: Awaited<ReturnType<typeof request>>['body']): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop destroys the body, and its connection with it.
    if (length > MAX_ANSWER_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function answerOf(status: number, body: string | null, expected: Expected): WitnessAnswer {
  if (status === 200) return cosignedOr(body ?? '', expected);
  if (status === 409) {
    const size = parseConflict(body ?? '');
    return size === undefined ? { kind: 'answer-wrong', status } : { kind: 'conflict', size };
  }
  if (REFUSALS.has(status)) return { kind: 'refused', status };
  if (status === 429 || status >= 500)
    throw new WitnessUnreachable('unavailable', { cause: new Error(`HTTP ${status}`) });
  return { kind: 'answer-wrong', status };
}

/** The body is signature lines: under the checkpoint they make the note that is judged. */
function cosignedOr(body: string, { asked, key, latest }: Expected): WitnessAnswer {
  const wrong = { kind: 'answer-wrong', status: 200 } as const;
  if (!body.endsWith('\n')) return wrong;
  const note = withCosignatures(asked.checkpoint, body.slice(0, -1).split('\n'));
  const read = readCosignatures(note, [key]);
  const [cosignature] = read.ok ? read.value : [];
  if (cosignature === undefined || cosignature.cosignedAt > latest) return wrong;
  return { kind: 'cosigned', cosignature };
}
