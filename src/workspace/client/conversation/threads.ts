import type { ChannelOnScreen, MessageOnScreen } from '../../wire.ts';

/** What stands in the conversation itself: no replies, unless what they reply to cannot be seen. */
export function topLevel({ messages }: ChannelOnScreen): MessageOnScreen[] {
  const known = new Set(messages.map(({ ts }) => ts));
  return messages.filter(
    ({ ts, threadTs }) => threadTs === undefined || threadTs === ts || !known.has(threadTs),
  );
}

/** The replies to a message, oldest first. */
export function repliesTo({ messages }: ChannelOnScreen, root: string): MessageOnScreen[] {
  return messages.filter(({ ts, threadTs }) => threadTs === root && ts !== root);
}
