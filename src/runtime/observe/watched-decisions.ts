import type { Measure } from '#application/ports/measure';
import type { Decisions } from '#application/ports/decisions';
import { stopwatch } from './observer.ts';

/** Counts answers; of a token that is not good there is none. A deploy waits, so nothing else is done. */
export function watchedDecisions(decisions: Decisions, measure: Measure): Decisions {
  return {
    async answer(token, question) {
      const seconds = stopwatch();
      const given = await decisions.answer(token, question);
      if (!('notAuthenticated' in given)) {
        const { decision: answer, reason } = given.answer;
        measure.decided({ answer, reason, phase: question.phase, way: 'api' }, seconds());
      }
      return given;
    },
  };
}
