import type { ChannelOnScreen, MessageOnScreen } from '../../wire.ts';
import { useReader } from '../screen-context.tsx';
import { dayKey, dayText, tsToMs } from '../time-text.ts';
import { Beginning } from './beginning.tsx';
import { Message } from './message.tsx';
import { isContinued } from './grouping.ts';
import { useFirstUnread } from './use-first-unread.ts';
import { useNewest } from './use-newest.ts';

/** Messages with a line between days, scrolled to the newest. */
export function MessageList(props: {
  channel: ChannelOnScreen;
  messages: readonly MessageOnScreen[];
  openThread: (ts: string) => void;
}) {
  const { channel, messages, openThread } = props;
  const reader = useReader();
  const firstUnread = useFirstUnread(channel);
  const list = useNewest(messages.at(-1)?.ts);
  return (
    <div className="messages" ref={list} role="region" aria-label="Messages" tabIndex={0}>
      <Beginning channel={channel} />
      <ol>
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const at = tsToMs(message.ts);
          const isNewDay = !before || dayKey(tsToMs(before.ts), reader) !== dayKey(at, reader);
          return (
            <li key={message.ts}>
              {isNewDay && (
                <p className="day">
                  <span className="day-words">{dayText(at, reader)}</span>
                </p>
              )}
              {message.ts === firstUnread && <p className="new-line">New</p>}
              <Message
                channel={channel}
                message={message}
                isContinued={
                  !isNewDay && message.ts !== firstUnread && isContinued(before, message)
                }
                openThread={openThread}
              />
            </li>
          );
        })}
      </ol>
    </div>
  );
}
