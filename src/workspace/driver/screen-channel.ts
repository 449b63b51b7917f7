import type { Conversation } from '../store/conversations.ts';
import type { Message } from '../store/message.ts';
import type { ChannelOnScreen, MessageOnScreen, ValuesOnScreen } from '../wire.ts';
import type { DriverContext } from './context.ts';
import type { ReadMarks } from './screen-reads.ts';
import { messagesIn } from './sight.ts';

/** A conversation as one of its members sees it, with what stands unread there. */
export function channelOnScreen(
  context: DriverContext,
  channel: Conversation,
  reads: ReadMarks,
): ChannelOnScreen {
  const messages = messagesIn(context, channel);
  const unread = unreadOf(context.user.id, messages, reads.of(context.user.id, channel.id));
  const isDirect = channel.kind === 'im';
  return {
    id: channel.id,
    ...kindAndName(context, channel),
    members: [...channel.members],
    sharedWith: sharedWith(context, channel),
    unread: unread.length,
    mentions: isDirect
      ? unread.length
      : unread.filter((message) => mentions(message, context.user.id)).length,
    messages: messages.map((message) => messageOnScreen(context, message)),
  };
}

function kindAndName(
  { state, user }: DriverContext,
  { kind, name, members }: Conversation,
): Pick<ChannelOnScreen, 'kind' | 'name'> {
  if (kind !== 'im') return { kind, name };
  const other = [...members].find((id) => id !== user.id) ?? user.id;
  const isApp = state.directory.installations.some(({ botUserId }) => botUserId === other);
  return {
    kind: isApp ? 'app' : 'im',
    name: state.directory.users.get(other)?.realName ?? other,
  };
}

/** The companies, other than the reader's own, that have members here. */
function sharedWith({ state, user }: DriverContext, channel: Conversation): string[] {
  if (!channel.isExtShared) return [];
  const teams = [...channel.members]
    .map((id) => state.directory.users.get(id)?.teamId)
    .filter((teamId) => teamId !== undefined && teamId !== user.teamId);
  return [...new Set(teams)].map((teamId) => state.directory.teams.get(teamId ?? '')?.name ?? '');
}

function unreadOf(me: string, messages: readonly Message[], readUpTo: string): Message[] {
  return messages.filter(
    ({ ts, user, thread_ts }) =>
      Number(ts) > Number(readUpTo) && user !== me && (thread_ts === undefined || thread_ts === ts),
  );
}

function mentions({ text, blocks }: Message, me: string): boolean {
  const mention = `<@${me}>`;
  return text.includes(mention) || JSON.stringify(blocks ?? []).includes(mention);
}

function messageOnScreen(context: DriverContext, message: Message): MessageOnScreen {
  const { ts, user, text, blocks, attachments, thread_ts, edited, is_ephemeral } = message;
  const values = context.state.selections.of(context.user.id, message);
  return {
    ts,
    user,
    text,
    blocks: blocks ?? [],
    attachments: attachments ?? [],
    ...(thread_ts !== undefined && { threadTs: thread_ts }),
    isEdited: edited !== undefined,
    isEphemeral: is_ephemeral === true,
    values: values satisfies ValuesOnScreen,
  };
}
