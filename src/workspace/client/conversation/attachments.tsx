import type { BlockOnScreen } from '../../wire.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { objects, textOf } from '../blocks/block-json.ts';
import { TextObject } from '../text/text-object.tsx';

/** Attachments, each beside a bar in its colour. What stands in them is shown, not acted on. */
export function Attachments({ attachments }: { attachments: readonly BlockOnScreen[] }) {
  return attachments.map((attachment, index) => (
    <div key={index} className="attachment" style={{ borderColor: colourOf(attachment) }}>
      {['pretext', 'title', 'text'].map((part) => {
        const text = textOf(attachment[part]);
        return (
          <div key={part} className={`attachment-${part}`}>
            {text !== '' && <TextObject text={{ type: 'mrkdwn', text }} />}
          </div>
        );
      })}
      <Blocks blocks={objects(attachment['blocks'])} />
    </div>
  ));
}

const COLOURS: ReadonlyMap<string, string> = new Map([
  ['good', '#2eb886'],
  ['warning', '#daa038'],
  ['danger', '#a30200'],
]);

/** `good`, `warning`, `danger`, or `#rrggbb` with or without the sign. */
function colourOf({ color }: BlockOnScreen): string {
  const text = textOf(color);
  if (/^#?[0-9a-f]{6}$/i.test(text)) return `#${text.replace('#', '')}`;
  return COLOURS.get(text) ?? '#dddddd';
}
