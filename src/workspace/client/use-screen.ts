import { useCallback, useEffect, useRef, useState } from 'react';
import type { Screen } from '../wire.ts';
import { fetchScreen, type Refused } from './driver.ts';

/** What a person sees, as far as it is known. */
export interface ScreenState {
  readonly screen: Screen | undefined;
  /** Why nobody can look as this person. */
  readonly refused: Refused | undefined;
  /** False while the workspace cannot be reached. */
  readonly isConnected: boolean;
  /** Reads the screen again now, rather than when the feed says so. */
  readonly refresh: () => void;
}

type Read = Pick<ScreenState, 'screen' | 'refused'>;

/** Keeps the screen of a person current: the feed says that something changed, then it is read. */
export function useScreen(as: string | undefined): ScreenState {
  const [read, setRead] = useState<Read & { readonly as: string | undefined }>(nothing);
  const [isConnected, setConnected] = useState(true);
  const refreshing = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (as === undefined) return undefined;
    const reader = new AbortController();
    const refresh = coalesced(async () => {
      const answer = await fetchScreen(as, reader.signal);
      if (reader.signal.aborted) return;
      setConnected(answer !== 'unreachable');
      if (answer !== 'unreachable') setRead({ ...answer, as });
    });
    refreshing.current = refresh;
    const feed = new EventSource(`/driver/as/${encodeURIComponent(as)}/feed`);
    feed.addEventListener('message', refresh);
    feed.addEventListener('error', refresh);
    refresh();
    return () => {
      feed.close();
      reader.abort();
    };
  }, [as]);
  const refresh = useCallback(() => refreshing.current(), []);
  const { screen, refused } = read.as === as ? read : nothing;
  return { screen, refused, isConnected, refresh };
}

const nothing = { as: undefined, screen: undefined, refused: undefined };

/** However often it is asked for, it runs once at a time, and once more if asked meanwhile. */
function coalesced(run: () => Promise<void>): () => void {
  let isRunning = false;
  let isAsked = false;
  const start = async (): Promise<void> => {
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    while (isAsked) {
      isAsked = false;
      await run();
    }
    isRunning = false;
  };
  return () => void start();
}
