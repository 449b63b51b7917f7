import type { SeedShortcut } from '../seed.ts';
import { interactionFailure } from './act.ts';
import { CannotAct } from './cannot-act.ts';
import type { DriverContext } from './context.ts';
import type { Failure } from './results.ts';
import { globalShortcutPayload, messageShortcutPayload } from './shortcut-payloads.ts';
import { findMessage, type MessageRef } from './sight.ts';

/** Nothing is shown where the app took it: whatever it opens or writes is what the person sees. */
export type ShortcutResult = { ok: true } | Failure;

/**
 * Runs a shortcut of the app. A global one knows of no channel; one of a message gives it whole.
 *
 * @throws CannotAct if the app offers none such there, or the person does not see the message.
 */
export async function runShortcut(
  context: DriverContext,
  callbackId: string,
  on: MessageRef | undefined,
): Promise<ShortcutResult> {
  const found = offered(context, callbackId, on === undefined ? 'global' : 'message');
  const payload =
    on === undefined
      ? globalShortcutPayload(context, found.callbackId)
      : messageShortcutPayload(context, found.callbackId, findMessage(context, on));
  const outcome = await context.dispatcher.deliver('interactive', payload);
  return outcome.acked ? { ok: true } : interactionFailure(outcome.reason);
}

function offered(
  { state, user }: DriverContext,
  callbackId: string,
  type: SeedShortcut['type'],
): SeedShortcut {
  const found = state.directory.app.shortcuts?.find(
    (one) => one.type === type && one.callbackId === callbackId,
  );
  if (found) return found;
  throw new CannotAct(
    'no_such_shortcut',
    `${user.id} is offered no ${type} shortcut ${callbackId}.`,
  );
}
