import { useEffect } from 'react';
import type { ChannelOnScreen } from '../../wire.ts';
import { useSeen } from '../screen-context.tsx';

/** Tells the workspace that the person has seen the conversation, while its window is looked at. */
export function useMarkRead(channel: ChannelOnScreen): void {
  const { acts } = useSeen();
  const id = channel.id;
  const newest = channel.messages.at(-1)?.ts;
  const unread = channel.unread;
  useEffect(() => {
    if (newest === undefined || unread === 0) return undefined;
    const read = (): void => {
      if (document.visibilityState === 'visible') void acts.read(id, newest);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [acts, id, newest, unread]);
}
