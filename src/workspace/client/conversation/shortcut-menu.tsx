import { useState, type ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import type { MessagePlace } from '../acts.ts';
import { PendingButton } from '../elements/pending-button.tsx';
import { useSeen } from '../screen-context.tsx';

interface Props {
  /** On a message, or, without one, everywhere. */
  readonly at?: MessagePlace;
  readonly label: string;
  readonly icon: ReactNode;
  readonly className: string;
  /** Says what went wrong; undefined takes it back. */
  readonly tell: (shown: string | undefined) => void;
}

/** The app's shortcuts for one place; nothing where it has none there. */
export function ShortcutMenu({ at, label, icon, className, tell }: Props) {
  const { screen, acts } = useSeen();
  const [isPending, setPending] = useState(false);
  const on = at === undefined ? 'global' : 'message';
  const shortcuts = (screen.app?.shortcuts ?? []).filter((one) => one.on === on);
  if (shortcuts.length === 0) return null;
  const run = async (callbackId: string): Promise<void> => {
    setPending(true);
    tell(undefined);
    const answer = await acts.shortcut(callbackId, at);
    setPending(false);
    if (!answer.ok) tell(answer.shown);
  };
  return (
    <MenuTrigger>
      <PendingButton className={className} aria-label={label} isPending={isPending}>
        {icon}
      </PendingButton>
      <Popover className="popover" placement={at === undefined ? 'top start' : 'bottom end'}>
        <Menu className="menu" aria-label={label} onAction={(key) => void run(String(key))}>
          {shortcuts.map((one) => (
            <MenuItem
              key={one.callbackId}
              id={one.callbackId}
              className="menu-item"
              textValue={one.name}
            >
              <Text slot="label">{one.name}</Text>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
