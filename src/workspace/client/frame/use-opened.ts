import type { AppOnScreen, ChannelOnScreen } from '../../wire.ts';
import { channelTitle } from '../channel-title.ts';
import { useSeen } from '../screen-context.tsx';

/** What the window shows beside the sidebar. */
export type Opened =
  | { readonly kind: 'channel'; readonly title: string; readonly channel: ChannelOnScreen }
  | OpenedApp;

export interface OpenedApp {
  readonly kind: 'app';
  readonly title: string;
  readonly app: AppOnScreen;
  readonly tab: 'home' | 'messages' | 'about';
  /** Absent until somebody writes there. */
  readonly dm: ChannelOnScreen | undefined;
}

/** The conversation or app that the address names; without one, the first, but nothing on a phone. */
export function useOpened(isNarrow: boolean): Opened | undefined {
  const { screen, place } = useSeen();
  const { channels, app } = screen;
  const named = place.channel ?? (isNarrow ? undefined : channels.find(isChannel)?.id);
  if (named === undefined) return undefined;
  const dm = channels.find(({ kind }) => kind === 'app');
  const tab = app && tabOf(named, app, dm);
  if (app && tab) return { kind: 'app', title: app.name, app, tab, dm };
  const channel = channels.find(({ id, name }) => id === named || `#${name}` === named);
  if (channel) return { kind: 'channel', title: channelTitle(channel), channel };
  const first = isNarrow ? undefined : channels.find(isChannel);
  return first && { kind: 'channel', title: channelTitle(first), channel: first };
}

const isChannel = ({ kind }: ChannelOnScreen): boolean => kind === 'public' || kind === 'private';

function tabOf(
  named: string,
  { botUserId }: AppOnScreen,
  dm: ChannelOnScreen | undefined,
): OpenedApp['tab'] | undefined {
  if (named === 'home' || named === 'about') return named;
  return named === botUserId || named === dm?.id ? 'messages' : undefined;
}
