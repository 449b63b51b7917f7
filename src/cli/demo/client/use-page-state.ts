import { useEffect, useState } from 'react';
import type { PageState } from '../wire.ts';

export interface LivePage {
  readonly state: PageState | undefined;
  /** The feed is broken off; the browser tries to reach it again by itself. */
  readonly lost: boolean;
  /** The demo's time is this far ahead of the browser's, in milliseconds. */
  readonly aheadMs: number;
}

/** The whole state, again and again: whatever was missed meanwhile is in the next one. */
export function usePageState(): LivePage {
  const [page, setPage] = useState<LivePage>({ state: undefined, lost: false, aheadMs: 0 });
  useEffect(() => {
    const feed = new EventSource('/feed');
    feed.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const state = JSON.parse(data) as PageState;
      setPage({ state, lost: false, aheadMs: state.clock.nowMs - Date.now() });
    });
    feed.addEventListener('error', () => setPage((before) => ({ ...before, lost: true })));
    return () => feed.close();
  }, []);
  return page;
}
