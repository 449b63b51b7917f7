/** A request's body as UTF-8, or the status to refuse it with; never holds more than `maxBytes`. */
export async function readBounded(
  request: Request,
  maxBytes: number,
  timeoutMs: number,
): Promise<string | { readonly status: 408 | 413 }> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return { status: 413 };
  const reader = request.body?.getReader();
  if (reader === undefined) return '';
  const signal = AbortSignal.timeout(timeoutMs);
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return { status: 408 };
      if (done) return Buffer.concat(parts).toString('utf8');
      length += value.length;
      parts.push(value);
      if (length > maxBytes) {
        stop();
        return { status: 413 };
      }
    }
  } catch {
    // The sender hung up; there is nobody left to answer, and nothing was taken.
    return { status: 408 };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
