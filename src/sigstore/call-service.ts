import { z } from 'zod';
import { redact } from './redact.ts';
import { SignerUnavailable } from './signing-errors.ts';
import type { SigningService } from './signing-errors.ts';

/** An answer that came, whatever its status. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer<ArrayBuffer>;
}

export interface ServiceCall {
  readonly service: SigningService;
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly contentType?: string;
  readonly body?: string | Buffer;
  /** Ends the call, wherever it is: connecting, waiting, or in the middle of the body. */
  readonly signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;

/**
 * Calls a signing service once. The parts of @sigstore/sign cannot be told to stop, only how long
 * one attempt may take; an overall budget needs a signal that reaches into the open call.
 * Redirects are errors: an identity token goes to the configured address and nowhere else.
 * Throws `SignerUnavailable` when no answer comes, on 5xx, 408 and 429, and when time is up.
 */
export async function callService(call: ServiceCall): Promise<ServiceAnswer> {
  const answer = await exchange(call);
  if (isTransient(answer.status)) {
    const { service } = call;
    const how = answer.status >= 500 ? 'answered' : 'silent';
    throw new SignerUnavailable(`${service}-unavailable`, service, describe(answer), how);
  }
  return answer;
}

/** What a service said, for an error's cause: status and message, cut and without tokens. */
export function describe(answer: ServiceAnswer): Error {
  const said = z.object({ message: z.string() }).safeParse(parseJson(answer.body)).data?.message;
  return new Error(`HTTP ${answer.status}${said === undefined ? '' : `: ${redact(said)}`}`);
}

/** The answer's JSON; undefined if it is not JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's words quote the text, which is the service's; callers refuse undefined.
    return undefined;
  }
}

/** The address of `path` under a service's base URL, with or without a slash at its end. */
export function endpoint(base: string, path: string): URL {
  return new URL(path, base.endsWith('/') ? base : `${base}/`);
}

async function exchange(call: ServiceCall): Promise<ServiceAnswer> {
  try {
    const response = await fetch(call.url, {
      method: call.method ?? 'POST',
      redirect: 'error',
      signal: call.signal,
      headers: {
        accept: '*/*',
        ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
      },
      ...(call.body === undefined ? {} : { body: toBody(call.body) }),
    });
    return { status: response.status, headers: response.headers, body: await readAll(response) };
  } catch (error) {
    // Time that is up shows as whatever the aborted call was doing; the signal knows better.
    const code = call.signal.aborted ? 'budget-exceeded' : (`${call.service}-unavailable` as const);
    throw new SignerUnavailable(code, call.service, error);
  }
}

async function readAll(response: Response): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new RangeError('the answer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function toBody(body: string | Buffer): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : new Uint8Array(body);
}

function isTransient(status: number): boolean {
  return status >= 500 || status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS;
}
