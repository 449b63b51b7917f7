import { WaitTimedOut } from '../changes.ts';
import type { Workspace } from '../running-workspace.ts';
import { CannotAct } from './cannot-act.ts';
import type { MessageRef } from './sight.ts';

/**
 * An app acknowledges what people do and answers it a moment later. In front of a screen they see
 * the answer come; a command line that acts at once must wait for it, up to this long unless it says
 * otherwise (`waitMs`).
 */
const MESSAGE_WAIT_MS = 10_000;
/** Slack's `trigger_id` opens a view for three seconds: what does not open by then never does. */
const VIEW_WAIT_MS = 3_000;

/**
 * The newest message that shows the person this button, now or once one comes.
 * @throws CannotAct if none comes.
 */
export async function awaitNewestWith(
  workspace: Workspace,
  userId: string,
  button: string,
  waitMs: unknown,
): Promise<MessageRef> {
  try {
    return await workspace.waitForMessage(
      userId,
      ({ blocks }) => JSON.stringify(blocks ?? []).includes(`"${button}"`),
      { timeoutMs: wait(waitMs, MESSAGE_WAIT_MS) },
    );
  } catch (error) {
    if (!(error instanceof WaitTimedOut)) throw error;
    throw new CannotAct('no_such_message', `${userId} sees no message with ${button}.`);
  }
}

/** Waits until the person has a modal open; where none opens, the act itself says so. */
export async function awaitView(
  workspace: Workspace,
  userId: string,
  waitMs: unknown,
): Promise<void> {
  try {
    await workspace.waitForView(userId, () => true, { timeoutMs: wait(waitMs, VIEW_WAIT_MS) });
  } catch (error) {
    if (!(error instanceof WaitTimedOut)) throw error;
  }
}

const wait = (asked: unknown, usual: number): number =>
  typeof asked === 'number' && asked >= 0 && asked <= usual ? asked : usual;
