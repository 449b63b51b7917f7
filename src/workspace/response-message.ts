import { isRefusal, isBlank, readContent } from './api/message-content.ts';
import { ok, refuse, type Answer } from './api/method.ts';
import { TEXT_LIMITS } from './block-kit/limits.ts';
import type { JsonObject } from './json.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { WorkspaceState } from './state.ts';
import type { Message } from './store/message.ts';

/**
 * Puts an answer to a command or press where it belongs: a new message, seen by the person alone
 * unless `response_type` is `in_channel`, or a change of the message that was pressed. The app need
 * not be a member of the channel.
 */
export function postResponse(
  state: WorkspaceState,
  target: ResponseTarget,
  body: JsonObject,
): { answer: Answer; message?: Message } {
  const original = target.original && state.messages.find(target.channelId, target.original.ts);
  if (body['delete_original'] === true || body['delete_original'] === 'true') {
    if (!original) return { answer: refuse('message_not_found') };
    state.messages.remove(original);
    return { answer: ok() };
  }
  const content = readContent(body, TEXT_LIMITS.post);
  if (isRefusal(content)) return { answer: content };
  if (isBlank(content)) return { answer: refuse('no_text') };
  if (body['replace_original'] === true || body['replace_original'] === 'true') {
    if (!original) return { answer: refuse('message_not_found') };
    state.messages.update(original, { blocks: undefined, text: '', ...content });
    return { answer: ok(), message: original };
  }
  const message = state.messages.post({
    ...author(state, target),
    text: '',
    ...content,
    ...(typeof body['thread_ts'] === 'string' && { thread_ts: body['thread_ts'] }),
    ...(body['response_type'] !== 'in_channel' && {
      is_ephemeral: true as const,
      visible_to: target.userId,
    }),
  });
  return { answer: ok(), message };
}

function author(state: WorkspaceState, target: ResponseTarget) {
  const installed = state.directory.installationOf(target.teamId);
  return {
    channel: target.channelId,
    team: target.teamId,
    user: installed?.botUserId ?? state.directory.app.botUserId,
    bot_id: installed?.botId ?? '',
    app_id: state.directory.app.id,
  };
}
