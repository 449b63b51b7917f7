import type { IncomingMessage } from 'node:http';
import type { TimeLeft } from './in-time.ts';
import type { BodyTooLarge } from './read-body.ts';

/** The request had not arrived whole when the client went away, or when its time was up. */
class RequestCutOff extends Error {
  override name = 'RequestCutOff';
  readonly code = 'request-cut-off';
}

/**
 * Reads the body of a request as UTF-8, as `readBody` does: it stops at the first byte past `maxBytes`,
 * and at the first one that comes when time is up, and rejects when the connection breaks. Whoever
 * waits is answered in time by others.
 */
export function readIncoming(
  incoming: IncomingMessage,
  maxBytes: number,
  time: Pick<TimeLeft, 'aborted'>,
): Promise<string | BodyTooLarge> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ tooLarge: true });
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    // The listeners stay: taking them away would take longer than all else here.
    let isDone = false;
    const take = (part: Buffer): void => {
      if (isDone) return;
      length += part.length;
      parts.push(part);
      if (length <= maxBytes && !time.aborted) return;
      isDone = true;
      if (length > maxBytes) resolve({ tooLarge: true });
      else reject(new RequestCutOff('the time was up before the body had arrived'));
    };
    const whole = (): void => {
      if (isDone) return;
      isDone = true;
      resolve(parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString('utf8'));
    };
    const cutOff = (): void => {
      if (!isDone) reject(new RequestCutOff('the connection ended before the body'));
    };
    incoming.on('data', take).on('end', whole).on('error', reject).on('close', cutOff);
  });
}
