import { useState } from 'react';
import type { ChannelOnScreen } from '../../wire.ts';
import { useSeen } from '../screen-context.tsx';
import { topLevel } from './threads.ts';

/** The first message that was unread when the conversation was opened; undefined if none was. */
export function useFirstUnread(channel: ChannelOnScreen): string | undefined {
  const { me } = useSeen().screen;
  const [first] = useState(() => {
    if (channel.unread === 0) return undefined;
    const others = topLevel(channel).filter(({ user }) => user !== me.id);
    return others.at(-channel.unread)?.ts;
  });
  return first;
}
