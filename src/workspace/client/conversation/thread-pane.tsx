import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ChannelOnScreen } from '../../wire.ts';
import { channelTitle } from '../channel-title.ts';
import { CloseIcon } from '../icons.tsx';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { isContinued } from './grouping.ts';
import { repliesTo } from './threads.ts';
import type { OpenThread } from './use-thread.ts';
import { useNewest } from './use-newest.ts';

/** The thread that is open, if one is, at the side of its conversation. */
export function ThreadPane({ channel, thread }: { channel: ChannelOnScreen; thread: OpenThread }) {
  const { root, close } = thread;
  if (root === undefined) return null;
  return <Thread key={root} channel={channel} root={root} close={close} />;
}

function Thread(props: { channel: ChannelOnScreen; root: string; close: () => void }) {
  const { channel, root, close } = props;
  const [text, setText] = useState('');
  const first = channel.messages.find(({ ts }) => ts === root);
  const replies = repliesTo(channel, root);
  const list = useNewest(replies.at(-1)?.ts);
  return (
    <aside className="pane thread" aria-label="Thread">
      <header className="pane-header">
        <h2>
          <span>Thread</span>
          <small>{channelTitle(channel)}</small>
        </h2>
        <Button className="icon-button" aria-label="Close thread" autoFocus onPress={close}>
          <CloseIcon />
        </Button>
      </header>
      <div className="messages" ref={list} role="region" aria-label="Replies" tabIndex={0}>
        <div>
          {first && <Message channel={channel} message={first} isContinued={false} />}
          {replies.length > 0 && (
            <p className="reply-count">
              {replies.length === 1 ? '1 reply' : `${replies.length} replies`}
            </p>
          )}
          {replies.map((reply, index) => (
            <Message
              key={reply.ts}
              channel={channel}
              message={reply}
              isContinued={isContinued(replies[index - 1], reply)}
            />
          ))}
        </div>
      </div>
      <Composer to="thread" channel={channel.id} threadTs={root} text={text} write={setText} />
    </aside>
  );
}
