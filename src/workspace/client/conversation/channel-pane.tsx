import type { ChannelOnScreen } from '../../wire.ts';
import { channelTitle } from '../channel-title.ts';
import { useSeen } from '../screen-context.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { PaneHeader } from './pane-header.tsx';
import { SharedNote } from './shared-note.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { topLevel } from './threads.ts';
import { useMarkRead } from './use-mark-read.ts';
import { useThread } from './use-thread.ts';
import { ConversationIcon } from '../sidebar/conversation-icon.tsx';

/** A channel or direct message: what was said, and where to say more. */
export function ChannelPane({
  channel,
  isNarrow,
}: {
  channel: ChannelOnScreen;
  isNarrow: boolean;
}) {
  const { place, move } = useSeen();
  useMarkRead(channel);
  const thread = useThread(channel);
  return (
    <>
      {!(isNarrow && thread.root !== undefined) && (
        <main className="pane">
          <PaneHeader
            icon={<ConversationIcon channel={channel} />}
            title={channel.name}
            {...(channel.kind === 'im' ? {} : { members: channel.members.length })}
            isNarrow={isNarrow}
          />
          <SharedNote channel={channel} />
          <MessageList channel={channel} messages={topLevel(channel)} openThread={thread.open} />
          <Composer
            to={channelTitle(channel)}
            channel={channel.id}
            text={place.compose}
            write={(compose) => move({ compose })}
          />
        </main>
      )}
      <ThreadPane channel={channel} thread={thread} />
    </>
  );
}
