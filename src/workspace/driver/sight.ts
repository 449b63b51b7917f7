import type { Conversation } from '../store/conversations.ts';
import type { Message } from '../store/message.ts';
import { CannotAct } from './cannot-act.ts';
import type { DriverContext } from './context.ts';

/** Which message is meant; a message that was read is its own reference. */
export interface MessageRef {
  channel: string;
  ts: string;
}

/** A conversation by id, `#name`, or the id of the app's bot user for the DM with it. */
export function conversationFor({ state, user }: DriverContext, ref: string): Conversation {
  const { conversations, directory } = state;
  const bot = directory.installations.find(({ botUserId }) => botUserId === ref);
  const byName = ref.startsWith('#')
    ? conversations.all().find(({ name }) => name === ref.slice(1))
    : conversations.get(ref);
  const found = bot ? conversations.direct(bot.teamId, bot.botUserId, user.id).dm : byName;
  if (!found || !mayRead(found, user.id)) {
    throw new CannotAct('no_such_channel', `${user.id} sees no conversation ${ref}.`);
  }
  return found;
}

/** The messages of a conversation as the person sees them: with those only they see. */
export function messagesIn({ state, user }: DriverContext, channel: Conversation): Message[] {
  return state.messages.in(channel.id, user.id);
}

/** Everything the person would find unread: their channels, DMs and ephemeral messages, by time. */
export function inbox(context: DriverContext): Message[] {
  return context.state.conversations
    .all()
    .filter(({ members }) => members.has(context.user.id))
    .flatMap((channel) => messagesIn(context, channel))
    .toSorted((a, b) => Number(a.ts) - Number(b.ts));
}

export function findMessage(
  context: DriverContext,
  ref: MessageRef,
): { channel: Conversation; message: Message } {
  const channel = conversationFor(context, ref.channel);
  const message = messagesIn(context, channel).find(({ ts }) => ts === ref.ts);
  if (message) return { channel, message };
  throw new CannotAct('no_such_message', `${context.user.id} sees no message ${ref.ts}.`);
}

function mayRead({ kind, members }: Conversation, userId: string): boolean {
  return kind === 'public' || members.has(userId);
}
