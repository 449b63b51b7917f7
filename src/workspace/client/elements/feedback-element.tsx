import { isBlock, textOf, words } from '../blocks/block-json.ts';
import type { ElementProps } from './element-props.ts';
import { PendingButton } from './pending-button.tsx';
import { usePress } from './use-press.ts';

/** A pair of buttons for good and bad. */
export function FeedbackElement(props: ElementProps) {
  const { isPending, press } = usePress(props);
  return (
    <>
      {['positive_button', 'negative_button'].map((which) => {
        const button = props.element[which];
        if (!isBlock(button)) return null;
        return (
          <PendingButton
            key={which}
            className="button"
            isPending={isPending}
            onPress={() => press()}
          >
            {textOf(button['accessibility_label']) || words(button['text'])}
          </PendingButton>
        );
      })}
    </>
  );
}
