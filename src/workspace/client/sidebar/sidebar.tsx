import type { ReactNode } from 'react';
import type { ChannelOnScreen } from '../../wire.ts';
import type { Opened } from '../frame/use-opened.ts';
import { useSeen } from '../screen-context.tsx';
import { NewDirect } from './new-direct.tsx';
import { PersonaSwitcher } from './persona-switcher.tsx';
import { SidebarItem } from './sidebar-item.tsx';
import { ConversationIcon } from './conversation-icon.tsx';
import { Avatar } from '../avatar.tsx';

/** Who looks, and everything they can look at. */
export function Sidebar({ opened }: { opened: Opened | undefined }) {
  const { screen, move } = useSeen();
  const { channels, app, people } = screen;
  const here = opened?.kind === 'channel' ? opened.channel.id : undefined;
  const item = (channel: ChannelOnScreen) => (
    <SidebarItem
      key={channel.id}
      icon={<ConversationIcon channel={channel} />}
      name={channel.name}
      note={channel.sharedWith.length > 0 ? `shared with ${channel.sharedWith.join(', ')}` : ''}
      unread={channel.unread}
      mentions={channel.mentions}
      isCurrent={channel.id === here}
      onPress={() => move({ channel: channel.id })}
    />
  );
  const direct = channels.filter(({ kind }) => kind === 'im');
  const dm = channels.find(({ kind }) => kind === 'app');
  const bot = people.find(({ id }) => id === app?.botUserId);
  return (
    <nav className="sidebar" aria-label="Workspace">
      <header className="sidebar-header">
        <h1>{screen.team.name}</h1>
        <PersonaSwitcher />
      </header>
      <div className="sidebar-lists">
        <Section title="Channels">
          {channels.filter(({ kind }) => kind === 'public' || kind === 'private').map(item)}
        </Section>
        <Section title="Direct messages">
          {direct.map(item)}
          <li>
            <NewDirect />
          </li>
        </Section>
        {app && (
          <Section title="Apps">
            <SidebarItem
              icon={bot && <Avatar person={bot} size="small" />}
              name={app.name}
              note=""
              unread={dm?.unread ?? 0}
              mentions={dm?.mentions ?? 0}
              isCurrent={opened?.kind === 'app'}
              onPress={() => move({ channel: dm?.id ?? 'home' })}
            />
          </Section>
        )}
      </div>
    </nav>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="sidebar-section">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}
