import { Avatar } from '../avatar.tsx';
import { HashIcon, LockIcon, SharedIcon } from '../icons.tsx';
import { useSeen } from '../screen-context.tsx';
import type { ChannelOnScreen } from '../../wire.ts';

/** `#`, a lock, the sign of a shared channel, or the picture of the other side. */
export function ConversationIcon({ channel }: { channel: ChannelOnScreen }) {
  const { people, me } = useSeen().screen;
  if (channel.kind === 'im' || channel.kind === 'app') {
    const other = people.find(({ id }) => id !== me.id && channel.members.includes(id));
    return <Avatar person={other ?? me} size="small" />;
  }
  if (channel.sharedWith.length > 0) return <SharedIcon />;
  return channel.kind === 'private' ? <LockIcon /> : <HashIcon />;
}
