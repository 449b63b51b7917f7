import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';

interface Item {
  readonly icon: ReactNode;
  readonly name: string;
  /** Said after the name to those who do not see the icon. */
  readonly note: string;
  readonly unread: number;
  readonly mentions: number;
  readonly isCurrent: boolean;
  readonly onPress: () => void;
}

/** One conversation: bold while something is unread, with a count of what concerns the person. */
export function SidebarItem({ icon, name, note, unread, mentions, isCurrent, onPress }: Item) {
  const className = `sidebar-item${unread > 0 ? ' sidebar-item-unread' : ''}`;
  return (
    <li>
      <Button className={className} aria-current={isCurrent && 'page'} onPress={onPress}>
        {icon}
        <span className="sidebar-name">{name}</span>
        {note !== '' && <span className="unseen">, {note}</span>}
        {unread > 0 && mentions === 0 && <span className="unseen">, unread</span>}
        {mentions > 0 && (
          <span className="badge">
            {mentions}
            <span className="unseen"> unread</span>
          </span>
        )}
      </Button>
    </li>
  );
}
