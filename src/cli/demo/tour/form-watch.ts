import type { TourFacts } from './tour-steps.ts';

/** Far longer than a request takes into the log; whoever cancelled is led back to the command then. */
const SENT_FOR_MS = 5_000;

/**
 * Tells a form that was sent from one that was never open: between the form and the log there is a
 * moment with neither, in which the tour would go a step back.
 */
export function formWatch(
  isOpen: () => boolean,
  nowMs: () => number,
): () => Pick<TourFacts, 'formOpen' | 'formSent'> {
  let wasOpen = false;
  let closedAt: number | null = null;
  return () => {
    const formOpen = isOpen();
    if (wasOpen && !formOpen) closedAt = nowMs();
    wasOpen = formOpen;
    const formSent = !formOpen && closedAt !== null && nowMs() - closedAt < SENT_FOR_MS;
    return { formOpen, formSent };
  };
}
