import { useMemo } from 'react';
import { Message, type Block, type MessageProps } from 'slack-blocks-to-jsx';
import type { BlockOnScreen } from '../../wire.ts';
import { useReader, useSeen } from '../screen-context.tsx';
import { dateTokenText } from '../time-text.ts';
import { withoutVerbatim } from './without-verbatim.ts';

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
      blocks={withoutVerbatim(blocks) as unknown as Block[]}
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
      return shown === '' || shown === emoji.name ? `:${emoji.name}:` : shown;
    },
    date: ({ timestamp, format, link, fallback }) => {
      const seconds = Number(timestamp);
      if (Number.isNaN(seconds)) return fallback;
      const time = (
        <time dateTime={new Date(seconds * 1000).toISOString()}>
          {dateTokenText(seconds, format, reader)}
        </time>
      );
      return link ? (
        <a href={link} target="_blank" rel="noopener noreferrer">
          {time}
        </a>
      ) : (
        time
      );
    },
  };
}
