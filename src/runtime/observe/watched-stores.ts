import { UNMEASURED } from '#application/ports/measure';
import type { Stores } from '../stores.ts';
import type { Observer } from './observer.ts';
import { UNTRACED } from './tracing.ts';
import { watchedPresses } from './watched-presses.ts';
import { watchedStore } from './watched-store.ts';
import { watchedSurfaces } from './watched-surfaces.ts';

/** The stores as they are where nobody watches. */
export function watchedStores(stores: Stores, observer: Observer): Stores {
  const { measure, tracing } = observer;
  if (measure === UNMEASURED && tracing === UNTRACED) return stores;
  return {
    ...stores,
    store: watchedStore(stores.store, observer),
    presses: watchedPresses(stores.presses, observer),
    surfaces: watchedSurfaces(stores.surfaces, measure),
  };
}
