import { useEffect, useMemo } from 'react';
import { I18nProvider } from 'react-aria-components';
import { actsOf } from '../acts.ts';
import { anybody } from '../driver.ts';
import { SeenContext } from '../screen-context.tsx';
import { usePlace } from '../use-place.ts';
import { useScreen } from '../use-screen.ts';
import { Refusal } from './refusal.tsx';
import { Workspace } from './workspace.tsx';

/** The page: one person looking at the workspace. */
export function Client() {
  const [place, move] = usePlace();
  const { screen, refused, isConnected, refresh } = useScreen(place.as);
  useEffect(() => {
    if (place.as === undefined) void anybody().then((as) => move({ as }));
  }, [place.as, move]);
  const acts = useMemo(() => actsOf(place.as ?? '', refresh), [place.as, refresh]);
  const seen = useMemo(() => screen && { screen, acts, place, move }, [screen, acts, place, move]);
  if (refused)
    return <Refusal refused={refused} choose={(as) => move({ as, channel: undefined })} />;
  if (!seen) return <p className="loading">{isConnected ? 'Loading…' : 'Reconnecting…'}</p>;
  return (
    // Slack's own words here are English, and times are written as its English client writes them.
    <I18nProvider locale="en-US">
      <SeenContext value={seen}>
        <Workspace isConnected={isConnected} />
      </SeenContext>
    </I18nProvider>
  );
}
