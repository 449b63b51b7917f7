import { useCallback, useEffect, useState } from 'react';
import { moved, placeOf, searchOf, steered, type Place, type PlaceAndDrafts } from './place.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The place of this window, kept in its address; an embedding page of this machine may change it. */
export function usePlace(): [Place, (change: Partial<Place>) => void] {
  const [{ place }, setPlace] = useState(starting);
  const move = useCallback(
    (change: Partial<Place>) => setPlace((before) => moved(before, change)),
    [],
  );
  useEffect(() => {
    history.replaceState(null, '', `${location.pathname}${searchOf(place)}`);
  }, [place]);
  useEffect(() => {
    // Any origin may hear where the window is: only loopback pages can embed it.
    const { as, channel } = place;
    if (parent !== window) parent.postMessage({ type: 'workspace:at', as, channel }, '*');
  }, [place.as, place.channel]);
  useEffect(() => {
    const onMessage = ({ origin, data }: MessageEvent<unknown>): void => {
      if (!isLoopback(origin)) return;
      setPlace((before) => {
        const asked = steered(before.place, data);
        return asked ? moved(before, asked) : before;
      });
    };
    addEventListener('message', onMessage);
    return () => removeEventListener('message', onMessage);
  }, []);
  return [place, move];
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK.has(new URL(origin).hostname);
}

const starting = (): PlaceAndDrafts => ({ place: placeOf(location.search), drafts: new Map() });
