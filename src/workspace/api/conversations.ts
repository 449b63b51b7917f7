import type { JsonObject } from '../json.ts';
import type { Conversation } from '../store/conversations.ts';
import { flagArg, listArg, page, textArg } from './arguments.ts';
import { isMember, scopeFor, visibleChannel } from './channel-access.ts';
import { isRefusal, shownMessage } from './message-content.ts';
import { missingArguments, missingScope, ok, refuse } from './method.ts';
import type { Answer, ApiCall, Method } from './method.ts';

const KINDS = { public_channel: 'public', private_channel: 'private', im: 'im' } as const;

function open(call: ApiCall): Answer {
  const { args, state, installation } = call;
  const [userId, ...others] = listArg(args, 'users');
  if (userId === undefined) return refuse('users_list_not_supplied');
  if (others.length > 0) return refuse('method_not_supported_for_channel_type');
  const user = state.directory.users.get(userId);
  if (!user) return refuse('user_not_found');
  if (user.deleted) return refuse('user_disabled');
  if (user.isBot) return refuse('cannot_dm_bot');
  const { teamId, botUserId } = installation;
  const { dm, isNew } = state.conversations.direct(teamId, botUserId, userId);
  const channel = flagArg(args, 'return_im') ? shownChannel(call, dm) : { id: dm.id };
  return ok({ channel, ...(!isNew && { no_op: true, already_open: true }) });
}

function info(call: ApiCall): Answer {
  const found = named(call, 'read');
  return isRefusal(found) ? found : ok({ channel: shownChannel(call, found) });
}

function list(call: ApiCall): Answer {
  const types = listArg({ types: 'public_channel', ...call.args }, 'types');
  const kinds = types.map((type) => KINDS[type as keyof typeof KINDS]);
  if (kinds.includes(undefined as never)) return refuse('invalid_types');
  for (const kind of kinds) {
    const missing = missingScope(call.installation.scopes, [scopeFor(kind, 'read')]);
    if (missing) return missing;
  }
  const all = call.state.conversations
    .all()
    .filter(({ id, kind }) => kinds.includes(kind) && visibleChannel(call, id))
    .filter(({ isArchived }) => !(isArchived && flagArg(call.args, 'exclude_archived')));
  const { items, cursor } = page(all, call.args);
  const channels = items.map((channel) => shownChannel(call, channel));
  return ok({ channels, response_metadata: { next_cursor: cursor } });
}

function history(call: ApiCall): Answer {
  const found = named(call, 'history');
  if (isRefusal(found)) return found;
  if (!isMember(call, found)) return refuse('not_in_channel');
  const topLevel = call.state.messages
    .in(found.id)
    .filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts)
    .toReversed();
  return messagePage(call, topLevel);
}

function replies(call: ApiCall): Answer {
  const found = named(call, 'history');
  if (isRefusal(found)) return found;
  const ts = textArg(call.args, 'ts');
  const thread = call.state.messages
    .in(found.id)
    .filter((message) => message.ts === ts || message.thread_ts === ts);
  return thread.length === 0 ? refuse('thread_not_found') : messagePage(call, thread);
}

function members(call: ApiCall): Answer {
  const found = named(call, 'read');
  if (isRefusal(found)) return found;
  const { items, cursor } = page([...found.members], call.args);
  return ok({ members: items, response_metadata: { next_cursor: cursor } });
}

function messagePage(call: ApiCall, messages: Parameters<typeof shownMessage>[0][]): Answer {
  const { items, cursor } = page(messages, call.args);
  return ok({
    messages: items.map((message) => withoutMetadata(call, shownMessage(message))),
    has_more: cursor !== '',
    response_metadata: { next_cursor: cursor },
  });
}

/** Metadata is shown only to those who ask for it. */
function withoutMetadata({ args }: ApiCall, message: JsonObject): JsonObject {
  const { metadata, ...rest } = message;
  return flagArg(args, 'include_all_metadata') ? { ...rest, metadata } : rest;
}

/** The conversation that `channel` names, if the token may do this with it. */
function named(call: ApiCall, right: 'read' | 'history'): Conversation | Answer {
  const missing = missingArguments(call.args, 'channel');
  if (missing) return missing;
  const found = visibleChannel(call, textArg(call.args, 'channel'));
  if (!found) return refuse('channel_not_found');
  return missingScope(call.installation.scopes, [scopeFor(found.kind, right)]) ?? found;
}

function shownChannel(call: ApiCall, channel: Conversation): JsonObject {
  const common = {
    id: channel.id,
    created: channel.created,
    is_im: channel.kind === 'im',
    is_archived: channel.isArchived,
    context_team_id: call.installation.teamId,
  };
  if (channel.kind === 'im') {
    const user = [...channel.members].find((id) => id !== call.installation.botUserId);
    return { ...common, user, is_open: true };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_pending_ext_shared: channel.isPendingExtShared,
    is_org_shared: false,
    is_member: isMember(call, channel),
    num_members: channel.members.size,
    shared_team_ids: [channel.teamId],
  };
}

const anyRead = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const anyHistory = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];

export const conversationMethods: Record<string, Method> = {
  'conversations.open': { token: 'bot', scopes: ['im:write', 'mpim:write'], run: open },
  'conversations.info': { token: 'bot', scopes: anyRead, run: info },
  'conversations.list': { token: 'bot', scopes: anyRead, run: list },
  'conversations.history': { token: 'bot', scopes: anyHistory, run: history },
  'conversations.replies': { token: 'bot', scopes: anyHistory, run: replies },
  'conversations.members': { token: 'bot', scopes: anyRead, run: members },
};
