import { TEXT_LIMITS } from '../block-kit/limits.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Message } from '../store/message.ts';
import { textArg } from './arguments.ts';
import { postingObjection, postTarget, visibleChannel } from './channel-access.ts';
import {
  isBlank,
  isRefusal,
  readContent,
  shownMessage,
  type MessageContent,
} from './message-content.ts';
import { missingArguments, ok, refuse, type Answer, type ApiCall, type Method } from './method.ts';

const TIMESTAMP = /^\d{10,}\.\d{6}$/;

function postMessage(call: ApiCall): Answer {
  const { args, state } = call;
  const missing = missingArguments(args, 'channel');
  if (missing) return missing;
  const channel = postTarget(call, String(textArg(args, 'channel')));
  if (!channel) return refuse('channel_not_found');
  const objection = postingObjection(call, channel);
  if (objection) return refuse(objection);
  const content = readContent(args, TEXT_LIMITS.post);
  if (isRefusal(content)) return content;
  if (isBlank(content)) return refuse('no_text');
  const thread = threadOf(call);
  if (isRefusal(thread)) return thread;
  const message = state.messages.post({ ...byBot(call, channel), ...content, ...thread });
  return ok({ channel: channel.id, ts: message.ts, message: shownMessage(message) });
}

function postEphemeral(call: ApiCall): Answer {
  const { args, state } = call;
  const missing = missingArguments(args, 'channel', 'user');
  if (missing) return missing;
  const channel = visibleChannel(call, textArg(args, 'channel'));
  if (!channel) return refuse('channel_not_found');
  const objection = postingObjection(call, channel);
  if (objection) return refuse(objection);
  const user = String(textArg(args, 'user'));
  if (!channel.members.has(user)) return refuse('user_not_in_channel');
  const content = readContent(args, TEXT_LIMITS.post);
  if (isRefusal(content)) return content;
  if (isBlank(content)) return refuse('no_text');
  const thread = threadOf(call);
  if (isRefusal(thread)) return thread;
  const seenBy = { is_ephemeral: true as const, visible_to: user };
  const message = state.messages.post({
    ...byBot(call, channel),
    ...content,
    ...thread,
    ...seenBy,
  });
  return ok({ message_ts: message.ts });
}

function update(call: ApiCall): Answer {
  const { args, state, installation } = call;
  const found = ownMessage(call, 'cant_update_message');
  if (isRefusal(found)) return found;
  const content = readContent(args, TEXT_LIMITS.update);
  if (isRefusal(content)) return content;
  if (content.text === undefined && !content.blocks && !content.attachments) {
    return refuse('no_text');
  }
  // "If the text argument is provided and blocks are not provided, the blocks will be removed."
  const textOnly = content.text !== undefined && !content.blocks;
  if (textOnly) state.messages.markEdited(found, installation.botUserId);
  const blocks = textOnly ? undefined : (content.blocks ?? found.blocks);
  state.messages.update(found, { ...content, blocks });
  const { channel, ts, text } = found;
  return ok({ channel, ts, text, message: shownMessage(found) });
}

function remove(call: ApiCall): Answer {
  const found = ownMessage(call, 'cant_delete_message');
  if (isRefusal(found)) return found;
  call.state.messages.remove(found);
  return ok({ channel: found.channel, ts: found.ts });
}

function getPermalink(call: ApiCall): Answer {
  const { args, state } = call;
  const missing = missingArguments(args, 'channel', 'message_ts');
  if (missing) return missing;
  const channel = visibleChannel(call, textArg(args, 'channel'));
  if (!channel) return refuse('channel_not_found');
  const message = state.messages.find(channel.id, String(textArg(args, 'message_ts')));
  if (!message || message.is_ephemeral) return refuse('message_not_found');
  const { domain } = state.directory.team(channel.teamId);
  const thread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : '';
  const path = `archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return ok({ channel: channel.id, permalink: `https://${domain}.slack.com/${path}` });
}

/** The app's own message that `channel` and `ts` name. Ephemeral messages cannot be found. */
function ownMessage(call: ApiCall, notOwn: string): Message | Answer {
  const { args, state, installation } = call;
  const missing = missingArguments(args, 'channel', 'ts');
  if (missing) return missing;
  const channel = visibleChannel(call, textArg(args, 'channel'));
  if (!channel) return refuse('channel_not_found');
  const message = state.messages.find(channel.id, String(textArg(args, 'ts')));
  if (!message || message.is_ephemeral) return refuse('message_not_found');
  return message.user === installation.botUserId ? message : refuse(notOwn);
}

function threadOf({ args }: ApiCall): { thread_ts?: string } | Answer {
  const thread = textArg(args, 'thread_ts');
  if (thread === undefined) return {};
  return TIMESTAMP.test(thread) ? { thread_ts: thread } : refuse('invalid_thread_ts');
}

function byBot({ installation, state }: ApiCall, channel: Conversation) {
  return {
    channel: channel.id,
    user: installation.botUserId,
    bot_id: installation.botId,
    app_id: state.directory.app.id,
    team: installation.teamId,
    text: '' satisfies MessageContent['text'],
  };
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { token: 'bot', scopes: ['chat:write'], run: postMessage },
  'chat.postEphemeral': { token: 'bot', scopes: ['chat:write'], run: postEphemeral },
  'chat.update': { token: 'bot', scopes: ['chat:write'], run: update },
  'chat.delete': { token: 'bot', scopes: ['chat:write'], run: remove },
  'chat.getPermalink': { token: 'bot', run: getPermalink },
};
