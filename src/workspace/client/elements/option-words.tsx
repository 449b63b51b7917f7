import type { BlockOnScreen } from '../../wire.ts';
import { isBlock } from '../blocks/block-json.ts';
import { TextObject } from '../text/text-object.tsx';

/** The label of a radio button or checkbox, which may be mrkdwn, and what stands under it. */
export function OptionWords({ option }: { option: BlockOnScreen }) {
  return (
    <span className="choice-words">
      <TextObject text={option['text']} />
      {isBlock(option['description']) && (
        <span className="option-description">
          <TextObject text={option['description']} />
        </span>
      )}
    </span>
  );
}
