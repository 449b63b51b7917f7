import { Button } from 'react-aria-components';
import type { ChannelOnScreen } from '../../wire.ts';
import { Avatar } from '../avatar.tsx';
import { ThreadIcon } from '../icons.tsx';
import { useReader, useSeen } from '../screen-context.tsx';
import { timeText, tsToMs } from '../time-text.ts';
import { repliesTo } from './threads.ts';

/** `2 replies`, or a way to begin a thread. */
export function ThreadLink(props: { channel: ChannelOnScreen; root: string; open: () => void }) {
  const replies = repliesTo(props.channel, props.root);
  const { people } = useSeen().screen;
  const reader = useReader();
  const last = replies.at(-1);
  if (!last) {
    return (
      <Button
        className="icon-button message-reply"
        aria-label="Reply in thread"
        onPress={props.open}
      >
        <ThreadIcon />
      </Button>
    );
  }
  const authors = new Set(replies.map(({ user }) => user));
  return (
    <Button className="thread-link" onPress={props.open}>
      {people
        .filter(({ id }) => authors.has(id))
        .slice(0, 3)
        .map((person) => (
          <Avatar key={person.id} person={person} size="small" />
        ))}
      <b>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</b>
      <span className="thread-last">Last reply at {timeText(tsToMs(last.ts), reader)}</span>
    </Button>
  );
}
