import type { RespondFn } from '@slack/bolt';
import type { Logger } from 'pino';
import { within } from '../within.ts';

const ANSWER_LIMIT_MS = 2_000;

/**
 * Tells the person who pressed, and nobody else. Goes to the payload's own response URL, so it
 * needs no token and reaches people of any workspace. A failure is logged: there is no other way
 * left to tell them.
 */
export async function answer(respond: RespondFn, log: Logger, text: string): Promise<void> {
  try {
    await within(
      ANSWER_LIMIT_MS,
      respond({ response_type: 'ephemeral', replace_original: false, text }),
    );
  } catch (err) {
    log.warn({ err }, 'a private answer could not be given');
  }
}
