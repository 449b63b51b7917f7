import { Avatar } from '../avatar.tsx';
import { usePerson, useSeen } from '../screen-context.tsx';
import type { CommandMenuState } from './use-command-menu.ts';

/** The commands on offer, above the composer that has the focus. */
export function CommandMenu({ id, menu }: { id: string; menu: CommandMenuState }) {
  const { app } = useSeen().screen;
  const bot = usePerson(app?.botUserId ?? '');
  return (
    <div className="command-menu">
      <p className="menu-heading">{app?.name}</p>
      <ul id={id} role="listbox" aria-label="Slash commands">
        {menu.commands.map((command, index) => (
          <li
            key={command.command}
            id={`${id}/${index}`}
            role="option"
            aria-selected={index === menu.active}
            className="command"
            // The composer keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => menu.choose(command)}
          >
            <Avatar person={bot} size="small" />
            <span className="command-words">
              <span>
                <b>{command.command}</b> <span className="command-hint">{command.usageHint}</span>
              </span>
              <span className="option-description">{command.description}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
