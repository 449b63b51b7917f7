import type { PressStore } from '#application/ports/press';
import { stopwatch, type Observer } from './observer.ts';

/** Counts presses, and has what becomes of one go on with the trace that it came by. */
export function watchedPresses(presses: PressStore, { measure, tracing }: Observer): PressStore {
  return {
    store: (press) => {
      const action = press.action.kind;
      const ids = { tenant: press.tenant, action };
      return tracing.span({ name: 'press.store', ids }, async () => {
        const seconds = stopwatch();
        const trace = tracing.traceparent();
        try {
          await presses.store(trace === undefined ? press : { ...press, trace });
        } catch (error) {
          measure.pressed(action, 'failed', seconds());
          throw error;
        }
        measure.pressed(action, 'stored', seconds());
      });
    },
  };
}
