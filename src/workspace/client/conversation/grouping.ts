import type { MessageOnScreen } from '../../wire.ts';
import { tsToMs } from '../time-text.ts';

const TOGETHER_MS = 5 * 60_000;

/** Whether a message goes on under the name of the one before it; one for the reader alone never. */
export function isContinued(
  before: MessageOnScreen | undefined,
  message: MessageOnScreen,
): boolean {
  if (!before || before.user !== message.user) return false;
  if (before.isEphemeral || message.isEphemeral) return false;
  return tsToMs(message.ts) - tsToMs(before.ts) < TOGETHER_MS;
}
