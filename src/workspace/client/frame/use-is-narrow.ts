import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 700px)';

/** Whether there is room for one thing at a time only; the style sheet has the same width. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
