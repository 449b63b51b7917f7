import { useEffect } from 'react';
import { ChannelPane } from '../conversation/channel-pane.tsx';
import { AppPane } from '../home/app-pane.tsx';
import { ModalStack } from '../modal/modal-stack.tsx';
import { useSeen } from '../screen-context.tsx';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { Announcer } from './announcer.tsx';
import { WithConfirm } from './confirm.tsx';
import { useIsNarrow } from './use-is-narrow.ts';
import { useOpened } from './use-opened.ts';

/** Sidebar and conversation side by side; on a phone one at a time, as in Slack's own app. */
export function Workspace({ isConnected }: { isConnected: boolean }) {
  const { screen } = useSeen();
  const isNarrow = useIsNarrow();
  const opened = useOpened(isNarrow);
  useEffect(() => {
    document.title = `${opened?.title ?? screen.team.name} - ${screen.me.name}`;
  }, [opened?.title, screen.team.name, screen.me.name]);
  return (
    <WithConfirm>
      <div className="workspace">
        {!(isNarrow && opened) && <Sidebar opened={opened} />}
        {opened?.kind === 'channel' && (
          <ChannelPane key={opened.channel.id} channel={opened.channel} isNarrow={isNarrow} />
        )}
        {opened?.kind === 'app' && <AppPane opened={opened} isNarrow={isNarrow} />}
      </div>
      {!isConnected && (
        <p className="banner" role="status">
          The workspace cannot be reached. Trying again…
        </p>
      )}
      <Announcer opened={opened} />
      <ModalStack />
    </WithConfirm>
  );
}
