import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Avatar } from '../avatar.tsx';
import { PlusIcon } from '../icons.tsx';
import { useSeen } from '../screen-context.tsx';
import { standingWords } from './standing-words.ts';

/** Begins a direct message with somebody. */
export function NewDirect() {
  const { screen, acts, move } = useSeen();
  const others = screen.people.filter(
    ({ id, standing }) => id !== screen.me.id && standing !== 'bot' && standing !== 'deactivated',
  );
  const open = async (user: string): Promise<void> => {
    const channel = await acts.openDirect(user);
    if (channel !== undefined) move({ channel });
  };
  return (
    <MenuTrigger>
      <Button className="sidebar-item">
        <PlusIcon />
        <span className="sidebar-name">New message</span>
      </Button>
      <Popover className="popover persona-menu" placement="bottom start">
        <Menu
          className="menu"
          aria-label="New message to"
          onAction={(key) => void open(String(key))}
        >
          {others.map((person) => (
            <MenuItem key={person.id} id={person.id} className="menu-item" textValue={person.name}>
              <Avatar person={person} size="small" />
              <Text slot="label">{person.name}</Text>
              <Text slot="description" className="option-description">
                {standingWords(person)}
              </Text>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
