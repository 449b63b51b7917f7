import { useMemo } from 'react';
import type { BlockOnScreen } from '../../wire.ts';
import { ShownBlocks } from '../blocks/shown-blocks.tsx';
import { isBlock } from '../blocks/block-json.ts';
import { useReader } from '../screen-context.tsx';
import { dateTokenText } from '../time-text.ts';
import { richTextOf } from './rich-text-of.ts';

/** A text object, plain or mrkdwn; nothing where there is none. */
export function TextObject({ text }: { text: unknown }) {
  return isBlock(text) ? <Text text={text} /> : null;
}

function Text({ text }: { text: BlockOnScreen }) {
  const reader = useReader();
  const blocks = useMemo(
    () => [
      richTextOf(text, {
        dateText: (seconds, template) => dateTokenText(seconds, template, reader),
      }),
    ],
    [text, reader],
  );
  return <ShownBlocks blocks={blocks} />;
}
