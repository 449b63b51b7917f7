import { readFollowUps } from '#application/forms/follow-ups';
import { VERDICTS, type Completion } from '#domain/bypass/verdict';
import { enteredIn, type StateValues } from './state-values.ts';
import type { Words } from '../words/words.ts';

/** What to show under a field of a form that stays open. */
export interface Mistake {
  readonly field: string;
  readonly said: string;
}

/** What the form of a review says beside its text; a form that was opened before it asked says nothing. */
export function readCompletion(values: StateValues, words: Words): Completion | Mistake {
  const chosen = enteredIn(values, 'verdict');
  const verdict = VERDICTS.find((one) => one === chosen);
  if (chosen !== null && verdict === undefined)
    return { field: 'verdict', said: words.COMPLETION_MISTAKES.verdict };
  const followUps = readFollowUps(enteredIn(values, 'follow_ups') ?? '');
  if (followUps === null) return { field: 'follow_ups', said: words.COMPLETION_MISTAKES.followUps };
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...(followUps.length === 0 ? {} : { followUps }),
  };
}
