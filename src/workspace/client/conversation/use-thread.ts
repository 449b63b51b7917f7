import { useState } from 'react';
import type { ChannelOnScreen } from '../../wire.ts';

export interface OpenThread {
  /** The message that the open thread hangs from; undefined while none is open. */
  readonly root: string | undefined;
  readonly open: (root: string) => void;
  readonly close: () => void;
}

/** Which thread of a conversation is open. It closes when its message is deleted. */
export function useThread({ messages }: ChannelOnScreen): OpenThread {
  const [asked, open] = useState<string>();
  const root = messages.find(({ ts }) => ts === asked)?.ts;
  return { root, open, close: () => open(undefined) };
}
