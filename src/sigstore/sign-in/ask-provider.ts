import type { CustomFetch } from 'openid-client';

/** How long the provider may take for one answer. A person waits for several. */
export const PROVIDER_TIMEOUT_MS = 8_000;

const MAX_ANSWER_BYTES = 512 * 1024;

/** The answer of a provider has more bytes than any document or token of one. */
export class AnswerTooLarge extends Error {
  override name = 'AnswerTooLarge';
  readonly code = 'answer-too-large';
}

/**
 * `fetch` for everything that is asked of a provider: redirects are not followed, so that a code or
 * secret goes to the addresses of its discovery document alone; an answer is read to its end within
 * the signal's time, and up to a limit.
 */
export const askProvider: CustomFetch = async (url, options) => {
  const { body, headers, method } = options;
  const signal = options.signal ?? AbortSignal.timeout(PROVIDER_TIMEOUT_MS);
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal,
    ...(body === undefined || body === null
      ? {}
      : { body: body as NonNullable<RequestInit['body']> }),
  });
  const read = await readUpTo(response);
  return new Response(bodyAllowed(response.status) ? read : null, {
    status: response.status,
    headers: response.headers,
  });
};

// The Fetch standard's null body statuses.
function bodyAllowed(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304;
}

async function readUpTo(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new AnswerTooLarge('the answer is too large');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
