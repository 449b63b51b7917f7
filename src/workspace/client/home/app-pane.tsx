import { useEffect } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { AppOnScreen, ChannelOnScreen } from '../../wire.ts';
import { Avatar } from '../avatar.tsx';
import { Composer } from '../conversation/composer.tsx';
import { MessageList } from '../conversation/message-list.tsx';
import { PaneHeader } from '../conversation/pane-header.tsx';
import { ThreadPane } from '../conversation/thread-pane.tsx';
import { topLevel } from '../conversation/threads.ts';
import { useMarkRead } from '../conversation/use-mark-read.ts';
import { useThread } from '../conversation/use-thread.ts';
import type { OpenedApp } from '../frame/use-opened.ts';
import { usePerson, useSeen } from '../screen-context.tsx';
import { AppAbout } from './app-about.tsx';
import { AppHome } from './app-home.tsx';

/** The app: its Home tab, the direct message with it, and what it is. */
export function AppPane({ opened, isNarrow }: { opened: OpenedApp; isNarrow: boolean }) {
  const { app, tab, dm } = opened;
  const { acts, move } = useSeen();
  const bot = usePerson(app.botUserId);
  const conversation = dm ?? empty(app);
  const thread = useThread(conversation);
  useEffect(() => {
    if (tab === 'home') void acts.openHome();
  }, [acts, tab]);
  const open = (key: string): void => move({ channel: key === 'messages' ? conversation.id : key });
  return (
    <>
      {!(isNarrow && thread.root !== undefined) && (
        <main className="pane">
          <PaneHeader
            icon={<Avatar person={bot} size="small" />}
            title={app.name}
            isNarrow={isNarrow}
          />
          <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => open(String(key))}>
            <TabList className="tab-list" aria-label={app.name}>
              <Tab id="home">Home</Tab>
              <Tab id="messages">Messages</Tab>
              <Tab id="about">About</Tab>
            </TabList>
            <TabPanel id="home" className="tab-panel">
              <AppHome app={app} />
            </TabPanel>
            <TabPanel id="messages" className="tab-panel">
              <AppMessages channel={conversation} openThread={thread.open} />
            </TabPanel>
            <TabPanel id="about" className="tab-panel">
              <AppAbout app={app} />
            </TabPanel>
          </Tabs>
        </main>
      )}
      {tab === 'messages' && <ThreadPane channel={conversation} thread={thread} />}
    </>
  );
}

function AppMessages(props: { channel: ChannelOnScreen; openThread: (root: string) => void }) {
  const { channel, openThread } = props;
  const { place, move } = useSeen();
  useMarkRead(channel);
  return (
    <>
      <MessageList channel={channel} messages={topLevel(channel)} openThread={openThread} />
      <Composer
        to={channel.name}
        channel={channel.id}
        text={place.compose}
        write={(compose) => move({ compose })}
      />
    </>
  );
}

/** Until something is written there, the conversation is known by its other side. */
function empty({ botUserId, name }: AppOnScreen): ChannelOnScreen {
  const nothing = { members: [], sharedWith: [], unread: 0, mentions: 0, messages: [] };
  return { id: botUserId, kind: 'app', name, ...nothing };
}
