import { shownMessage } from '../api/message-content.ts';
import type { JsonObject } from '../json.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Message } from '../store/message.ts';
import type { DriverContext } from './context.ts';
import { common } from './payloads.ts';

/** Payloads in the shapes of docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload. */
export function globalShortcutPayload(context: DriverContext, callbackId: string): JsonObject {
  const { state, user } = context;
  return {
    type: 'shortcut',
    ...common(context, user.teamId),
    action_ts: actionTs(context),
    callback_id: callbackId,
    trigger_id: state.triggers.issue({ userId: user.id, teamId: user.teamId }),
  };
}

/** With the message as it stands, whoever wrote it, and a way to answer there. */
export function messageShortcutPayload(
  context: DriverContext,
  callbackId: string,
  { channel, message }: { readonly channel: Conversation; readonly message: Message },
): JsonObject {
  const { state, user } = context;
  const responsePath = state.responseUrls.issue('actions', {
    teamId: channel.teamId,
    channelId: channel.id,
    userId: user.id,
  });
  return {
    type: 'message_action',
    ...common(context, user.teamId),
    action_ts: actionTs(context),
    callback_id: callbackId,
    trigger_id: state.triggers.issue({ userId: user.id, teamId: user.teamId }),
    response_url: state.origin + responsePath,
    channel: { id: channel.id, name: channel.name },
    message_ts: message.ts,
    message: shownMessage(message),
  };
}

const actionTs = ({ state }: DriverContext): string => (state.clock.now() / 1000).toFixed(6);
