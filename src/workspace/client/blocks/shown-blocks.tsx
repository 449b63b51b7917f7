import { useMemo } from 'react';
import { Message, type Block, type MessageProps } from 'slack-blocks-to-jsx';
import type { BlockOnScreen } from '../../wire.ts';
import { useReader, useSeen } from '../screen-context.tsx';
import { Linked } from '../text/linked.tsx';
import { dateTokenText } from '../time-text.ts';
import { asShown } from './as-shown.ts';
import { textOf } from './block-json.ts';

type Hooks = NonNullable<MessageProps['hooks']>;

/** Blocks that the package for them shows: rich text, above all, which all text becomes. */
export function ShownBlocks({ blocks }: { blocks: readonly BlockOnScreen[] }) {
  const data = useNames();
  const hooks = useHooks();
  return (
    <Message
      withoutWrapper
      logo=""
      name=""
      blocks={asShown(blocks) as unknown as Block[]}
      data={data}
      hooks={hooks}
    />
  );
}

function useNames(): NonNullable<MessageProps['data']> {
  const { people, channels, groups } = useSeen().screen;
  return useMemo(
    () => ({
      users: people.map(({ id, name }) => ({ id, name })),
      channels: channels.map(({ id, name }) => ({ id, name })),
      user_groups: groups.map(({ id, handle }) => ({ id, name: handle, handle })),
    }),
    [people, channels, groups],
  );
}

/** Times in the reader's zone; a mention of the reader marked; names that they may not see hidden. */
function useHooks(): Hooks {
  const { me } = useSeen().screen;
  const reader = useReader();
  return {
    user: ({ id, name }) => (
      <span className={id === me.id ? 'mention mention-me' : 'mention'}>
        @{name === id ? 'unknown' : name}
      </span>
    ),
    usergroup: ({ name }) => <span className="mention">@{name}</span>,
    channel: ({ id, name }) => (
      <span className="mention">#{name === id ? 'private-channel' : name}</span>
    ),
    // What is no emoji's name is no emoji: `a:b:c` stands as it was written.
    emoji: (emoji, known) => {
      const shown = known(emoji);
      // Nor is what every object inherits: the package looks names up in a plain one.
      const isNone = shown === '' || shown === emoji.name || emoji.name in Object.prototype;
      return isNone ? `:${emoji.name}:` : shown;
    },
    link: ({ href, children }) => <Linked address={textOf(href)}>{children}</Linked>,
    date: ({ timestamp, format, link, fallback }) => {
      const seconds = Number(timestamp);
      const filled = dateTokenText(seconds, textOf(format), reader);
      const time =
        filled === undefined ? (
          textOf(fallback)
        ) : (
          <time dateTime={new Date(seconds * 1000).toISOString()}>{filled}</time>
        );
      return <Linked address={textOf(link)}>{time}</Linked>;
    },
  };
}
