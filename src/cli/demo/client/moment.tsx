import { createContext, useContext } from 'react';
import { dayOf, timeOf } from './times.ts';

/** How far the demo's clock is ahead of the browser's, in milliseconds. */
export const Ahead = createContext(0);

/** A time on the demo's clock, with its day where that is another than today's. */
export function Moment({ ms }: { readonly ms: number }) {
  const today = dayOf(Date.now() + useContext(Ahead));
  const day = dayOf(ms);
  return (
    <time dateTime={new Date(ms).toISOString()}>
      {day === today ? '' : `${day}, `}
      {timeOf(ms)}
    </time>
  );
}
