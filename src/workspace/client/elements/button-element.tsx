import { Link } from 'react-aria-components';
import { textOf, words } from '../blocks/block-json.ts';
import { link } from '../link.ts';
import type { ElementProps } from './element-props.ts';
import { PendingButton } from './pending-button.tsx';
import { usePress } from './use-press.ts';

/** A button; one with an address opens it in a new window, and the app still hears of the press. */
export function ButtonElement(props: ElementProps) {
  const { element } = props;
  const { isPending, press } = usePress(props);
  const style = textOf(element['style']);
  const className = `button${style === '' ? '' : ` button-${style}`}`;
  const label = textOf(element['accessibility_label']);
  const named = label === '' ? {} : { 'aria-label': label };
  const pressed = (): void => press(textOf(element['value']) || undefined);
  const url = link(textOf(element['url']));
  if (url !== undefined) {
    return (
      <Link
        className={className}
        href={url}
        target="_blank"
        rel="noopener"
        onPress={pressed}
        {...named}
      >
        {words(element['text'])}
      </Link>
    );
  }
  return (
    <PendingButton className={className} isPending={isPending} onPress={pressed} {...named}>
      {words(element['text'])}
    </PendingButton>
  );
}
