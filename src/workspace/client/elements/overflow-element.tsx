import { Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { objects, textOf, words } from '../blocks/block-json.ts';
import { DotsIcon } from '../icons.tsx';
import { link } from '../link.ts';
import type { ElementProps } from './element-props.ts';
import { PendingButton } from './pending-button.tsx';
import { usePress } from './use-press.ts';

/** The menu behind three dots. */
export function OverflowElement(props: ElementProps) {
  const { isPending, press } = usePress(props);
  const options = objects(props.element['options']);
  return (
    <MenuTrigger>
      <PendingButton className="button button-icon" aria-label="More actions" isPending={isPending}>
        <DotsIcon />
      </PendingButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => press(String(key))}>
          {options.map((option) => {
            const value = textOf(option['value']);
            const href = link(textOf(option['url']));
            const linked = href === undefined ? {} : { href, target: '_blank', rel: 'noopener' };
            return (
              <MenuItem
                key={value}
                id={value}
                className="menu-item"
                textValue={words(option['text'])}
                {...linked}
              >
                <Text slot="label">{words(option['text'])}</Text>
                <Description text={words(option['description'])} />
              </MenuItem>
            );
          })}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Description({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <Text slot="description" className="option-description">
      {text}
    </Text>
  );
}
