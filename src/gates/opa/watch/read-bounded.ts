import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export interface Limits {
  /** As sent. */
  readonly sentBytes: number;
  /** After decompression: a kilobyte of gzip can hold a megabyte of zeros. */
  readonly inflatedBytes: number;
  readonly timeoutMs: number;
}

/** What a body is refused for. */
export type Unreadable = 'too-large' | 'not-gzip' | 'not-json' | 'broken-off';

const inflate = promisify(gunzip);

/** The JSON of a request's body, plain or as gzip (RFC 1952); never holds more than the limits say. */
export async function readBoundedJson(
  request: Request,
  limits: Limits,
): Promise<
  { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly why: Unreadable }
> {
  const sent = await readUpTo(request, limits);
  if (!Buffer.isBuffer(sent)) return { ok: false, why: sent };
  const encoding = request.headers.get('content-encoding');
  const bytes = encoding === 'gzip' ? await inflated(sent, limits.inflatedBytes) : sent;
  if (!Buffer.isBuffer(bytes)) return { ok: false, why: bytes };
  try {
    return { ok: true, json: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { ok: false, why: 'not-json' };
  }
}

async function readUpTo(request: Request, limits: Limits): Promise<Buffer | Unreadable> {
  const { sentBytes, timeoutMs } = limits;
  if (Number(request.headers.get('content-length') ?? 0) > sentBytes) return 'too-large';
  const reader = request.body?.getReader();
  if (reader === undefined) return Buffer.alloc(0);
  const signal = AbortSignal.timeout(timeoutMs);
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return 'broken-off';
      if (done) return Buffer.concat(parts);
      length += value.length;
      parts.push(value);
      if (length > sentBytes) {
        stop();
        return 'too-large';
      }
    }
  } catch {
    // The sender hung up; there is nobody left to answer, and nothing was taken.
    return 'broken-off';
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function inflated(sent: Buffer, maxOutputLength: number): Promise<Buffer | Unreadable> {
  try {
    return await inflate(sent, { maxOutputLength });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-gzip';
  }
}
