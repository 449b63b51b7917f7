import type { IncomingMessage } from 'node:http';
import type { BodyTooLarge } from './read-body.ts';

/** The client went away before its request had arrived whole. */
class RequestCutOff extends Error {
  override name = 'RequestCutOff';
  readonly code = 'request-cut-off';
}

/**
 * Reads the body of a request as UTF-8, as `readBody` does: it stops at the first byte past
 * `maxBytes`, and rejects with the signal's reason, or when the connection breaks.
 */
export function readIncoming(
  incoming: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | BodyTooLarge> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ tooLarge: true });
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const end = (): void => {
      incoming.off('data', take).off('end', whole).off('error', reject).off('close', cutOff);
      signal.removeEventListener('abort', stop);
    };
    const take = (part: Buffer): void => {
      length += part.length;
      parts.push(part);
      if (length <= maxBytes) return;
      end();
      resolve({ tooLarge: true });
    };
    const whole = (): void => {
      end();
      resolve(parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString('utf8'));
    };
    const cutOff = (): void => {
      end();
      reject(new RequestCutOff('the connection ended before the body'));
    };
    const stop = (): void => {
      end();
      reject(signal.reason as Error);
    };
    incoming.on('data', take).once('end', whole).once('error', reject).once('close', cutOff);
    signal.addEventListener('abort', stop, { once: true });
  });
}
