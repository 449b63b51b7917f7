import type { ChannelOnScreen } from '../wire.ts';

/** The name of a conversation as it is written in headings: channels have their sign. */
export function channelTitle({ kind, name }: ChannelOnScreen): string {
  return kind === 'public' || kind === 'private' ? `#${name}` : name;
}
