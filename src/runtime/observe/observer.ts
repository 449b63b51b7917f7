import { UNMEASURED, type Measure } from '#application/ports/measure';
import { UNTRACED, type Tracing } from './tracing.ts';

/** Whoever watches a replica. */
export interface Observer {
  readonly measure: Measure;
  readonly tracing: Tracing;
}

export const UNOBSERVED: Observer = { measure: UNMEASURED, tracing: UNTRACED };

/** What runs from now on; gives the seconds since. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => (performance.now() - begun) / 1_000;
}
