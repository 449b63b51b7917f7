import { readBody } from '#http/read-body';

/** Far more than any answer or any set of keys has. */
const MAX_BYTES = 64 * 1024;

/** More came than any answer of ours has: whoever answers is not the service. */
class AnswerTooLarge extends Error {
  override name = 'AnswerTooLarge';
  readonly code = 'too-large';
  constructor() {
    super(`an answer of more than ${MAX_BYTES / 1024} KiB`);
  }
}

/**
 * Reads JSON, and stops at the first byte past 64 KiB: whoever answers in the service's place cannot
 * fill the memory of the job. @throws AnswerTooLarge, SyntaxError, or the signal's reason.
 */
export async function jsonBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const text = await readBody(response, MAX_BYTES, signal);
  if (typeof text !== 'string') throw new AnswerTooLarge();
  signal.throwIfAborted();
  return JSON.parse(text);
}
