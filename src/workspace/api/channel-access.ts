import type { Conversation } from '../store/conversations.ts';
import type { ApiCall } from './method.ts';

/** The scope that opens each kind of conversation, by what is asked of it. */
const FAMILY = { public: 'channels', private: 'groups', im: 'im' } as const;

export function scopeFor(kind: Conversation['kind'], right: 'read' | 'history'): string {
  return `${FAMILY[kind]}:${right}`;
}

export function isMember({ installation }: ApiCall, conversation: Conversation): boolean {
  return conversation.members.has(installation.botUserId);
}

/** A conversation the bot may know of: of its team or shared with it, public or joined. */
export function visibleChannel(call: ApiCall, id: string | undefined): Conversation | undefined {
  const found = id === undefined ? undefined : call.state.conversations.get(id);
  if (!found) return undefined;
  const { teamId } = call.installation;
  if (found.teamId !== teamId && !found.isExtShared) return undefined;
  return found.kind === 'public' || isMember(call, found) ? found : undefined;
}

/** Where a message goes that names a channel, `#name` or a person (whose DM it opens). */
export function postTarget(call: ApiCall, target: string): Conversation | undefined {
  const byName = target.startsWith('#')
    ? call.state.conversations.all().find(({ name }) => name === target.slice(1))?.id
    : target;
  return visibleChannel(call, byName) ?? directTo(call, target);
}

function directTo(call: ApiCall, userId: string): Conversation | undefined {
  const user = call.state.directory.users.get(userId);
  if (!user || user.deleted || user.isBot) return undefined;
  const { teamId, botUserId } = call.installation;
  return call.state.conversations.direct(teamId, botUserId, userId).dm;
}

/** Why the bot cannot post there; undefined if it can. */
export function postingObjection(call: ApiCall, conversation: Conversation): string | undefined {
  if (conversation.isArchived) return 'is_archived';
  if (isMember(call, conversation)) return undefined;
  const mayJoinUnasked = call.installation.scopes.includes('chat:write.public');
  return mayJoinUnasked && conversation.kind === 'public' ? undefined : 'not_in_channel';
}
