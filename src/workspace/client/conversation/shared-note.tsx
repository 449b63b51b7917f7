import type { ChannelOnScreen } from '../../wire.ts';
import { SharedIcon } from '../icons.tsx';

/** That others read along, where a channel is shared between companies. */
export function SharedNote({ channel: { sharedWith } }: { channel: ChannelOnScreen }) {
  if (sharedWith.length === 0) return null;
  return (
    <p className="shared-note">
      <SharedIcon />
      <span>
        People from <b>{sharedWith.join(', ')}</b> are in this channel
      </span>
    </p>
  );
}
