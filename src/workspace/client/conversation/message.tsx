import { useMemo } from 'react';
import type { ChannelOnScreen, MessageOnScreen } from '../../wire.ts';
import { Avatar } from '../avatar.tsx';
import { Blocks } from '../blocks/blocks.tsx';
import { WithFailure } from '../blocks/failure.tsx';
import { SurfaceContext } from '../blocks/surface.tsx';
import { Boundary } from '../frame/boundary.tsx';
import { EyeIcon } from '../icons.tsx';
import { usePerson } from '../screen-context.tsx';
import { TextObject } from '../text/text-object.tsx';
import { Attachments } from './attachments.tsx';
import { AuthorLine } from './author-line.tsx';
import { MessageShortcuts } from './message-shortcuts.tsx';
import { MessageTime } from './message-time.tsx';
import { ThreadLink } from './thread-link.tsx';
import { useMessageSurface } from './use-message-surface.ts';

interface Props {
  readonly channel: ChannelOnScreen;
  readonly message: MessageOnScreen;
  /** Goes on under the name of the message before it. */
  readonly isContinued: boolean;
  /** Absent where the message stands in a thread already. */
  readonly openThread?: (ts: string) => void;
}

/** One message. */
export function Message({ channel, message, isContinued, openThread }: Props) {
  const author = usePerson(message.user);
  const surface = useMessageSurface(channel.id, message);
  const className = `message${isContinued ? ' message-continued' : ''}`;
  return (
    <article className={className} aria-label={`Message from ${author.name}`}>
      {message.isEphemeral && (
        <p className="only-you">
          <EyeIcon />
          Only visible to you
        </p>
      )}
      <div className="message-side">
        {isContinued ? <MessageTime ts={message.ts} /> : <Avatar person={author} size="medium" />}
      </div>
      <div className="message-body">
        {!isContinued && <AuthorLine author={author} ts={message.ts} />}
        <SurfaceContext value={surface}>
          <WithFailure>
            <Boundary of={message} instead="This message cannot be shown.">
              <Content message={message} />
            </Boundary>
            {!message.isEphemeral && <MessageShortcuts channel={channel.id} ts={message.ts} />}
          </WithFailure>
        </SurfaceContext>
        {openThread && !message.isEphemeral && (
          <ThreadLink channel={channel} root={message.ts} open={() => openThread(message.ts)} />
        )}
      </div>
    </article>
  );
}

function Content({ message }: { message: MessageOnScreen }) {
  const { blocks, text, attachments, isEdited } = message;
  const content = useMemo(
    () =>
      blocks.length > 0 ? (
        <Blocks blocks={blocks} />
      ) : (
        <div className="message-text">
          <TextObject text={{ type: 'mrkdwn', text }} />
        </div>
      ),
    [blocks, text],
  );
  return (
    <>
      {content}
      <Attachments attachments={attachments} />
      {isEdited && <span className="edited">(edited)</span>}
    </>
  );
}
