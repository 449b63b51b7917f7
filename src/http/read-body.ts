/** The body has more bytes than the limit. */
export interface BodyTooLarge {
  readonly tooLarge: true;
}

/**
 * Reads the body of a request or an answer as UTF-8, and stops at the first byte past `maxBytes`: neither a wrong
 * Content-Length nor a body without one makes its reader hold more. `signal` ends a body that
 * trickles in. Rejects with the signal's reason, or when the connection breaks.
 */
export async function readBody(
  message: Pick<Request | Response, 'headers' | 'body'>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | BodyTooLarge> {
  if (Number(message.headers.get('content-length') ?? 0) > maxBytes) return { tooLarge: true };
  const reader = message.body?.getReader();
  if (reader === undefined) return '';
  const stop = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await readUpTo(reader, maxBytes);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<string | BodyTooLarge> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    length += value.length;
    if (length > maxBytes) {
      // What is still to come is not wanted; a client that hangs up now changes nothing.
      void reader.cancel().catch(() => undefined);
      return { tooLarge: true };
    }
    parts.push(value);
  }
}
