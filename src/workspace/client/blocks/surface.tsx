import { createContext, useContext } from 'react';
import type { PressAnswer, ValuesOnScreen } from '../../wire.ts';
import type { PlainValue, Press } from '../acts.ts';

/** What blocks stand on: a message, a modal or the Home tab, and how one acts there. */
export interface Surface {
  readonly kind: 'message' | 'modal' | 'home';
  readonly values: ValuesOnScreen;
  /** By block id. */
  readonly errors: { readonly [blockId: string]: string };
  press(press: Press): Promise<PressAnswer>;
  /** A choice was made: it is entered, and the app hears of it where it asked to. */
  change(key: string, value: PlainValue): Promise<PressAnswer>;
  /** Text was typed that the app need not hear of yet. */
  type(key: string, value: PlainValue): void;
}

export const SurfaceContext = createContext<Surface | undefined>(undefined);

/** @throws where blocks stand on nothing: a fault of this page */
export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('These blocks stand on no surface.');
  return surface;
}
