import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Avatar } from '../avatar.tsx';
import { CheckIcon, ChevronIcon } from '../icons.tsx';
import { useSeen } from '../screen-context.tsx';
import { standingWords } from './standing-words.ts';

/** Chooses as whom the page looks and acts. Slack has no such thing: there one signs in. */
export function PersonaSwitcher() {
  const { screen, move } = useSeen();
  const { me, personas } = screen;
  const gone = personas.filter(({ standing }) => standing === 'deactivated');
  const choose = (as: string): void => {
    if (as !== me.id) move({ as, channel: undefined });
  };
  return (
    <MenuTrigger>
      <Button className="persona">
        <Avatar person={me} size="small" />
        <span className="persona-words">
          <span className="unseen">You are </span>
          <b>{me.name}</b>
          <span className="persona-standing">{standingWords(me)}</span>
        </span>
        <ChevronIcon />
      </Button>
      <Popover className="popover persona-menu" placement="bottom start">
        <p className="menu-heading" aria-hidden="true">
          Look and act as
        </p>
        <Menu
          className="menu"
          aria-label="Look and act as"
          selectionMode="single"
          selectedKeys={[me.id]}
          disabledKeys={gone.map(({ id }) => id)}
          onAction={(key) => choose(String(key))}
        >
          {personas.map((person) => (
            <MenuItem key={person.id} id={person.id} className="menu-item" textValue={person.name}>
              <Avatar person={person} size="small" />
              <Text slot="label">{person.name}</Text>
              <Text slot="description" className="option-description">
                {standingWords(person)}
              </Text>
              <CheckIcon />
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
