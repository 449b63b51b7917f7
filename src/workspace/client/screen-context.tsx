import { createContext, useContext } from 'react';
import type { PersonOnScreen, Screen } from '../wire.ts';
import type { Acts } from './acts.ts';
import type { Place } from './place.ts';
import type { Reader } from './time-text.ts';

/** What every part of the page knows: what the person sees, what they can do, where the window is. */
export interface Seen {
  readonly screen: Screen;
  readonly acts: Acts;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
}

export const SeenContext = createContext<Seen | undefined>(undefined);

/** @throws outside of a signed-in page: a fault of this page */
export function useSeen(): Seen {
  const seen = useContext(SeenContext);
  if (!seen) throw new Error('This part stands outside of the screen.');
  return seen;
}

/** The zone and time that the person reads times in. */
export function useReader(): Reader {
  const { me, nowMs } = useSeen().screen;
  return { tz: me.tz, nowMs };
}

/** Somebody by id; one whose name the person may not see is shown as unknown. */
export function usePerson(id: string): PersonOnScreen {
  const { people } = useSeen().screen;
  return people.find((person) => person.id === id) ?? unknown(id);
}

function unknown(id: string): PersonOnScreen {
  return { id, handle: id, name: 'Unknown person', team: '', tz: 'UTC', standing: 'member' };
}
