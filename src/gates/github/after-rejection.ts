import type { GateRun } from '#application/ports/gate-runs';
import type { RuleAnswered } from './answer-rule.ts';

/** What is kept of a run once its environment was rejected. */
export function afterRejection(
  { state, through, began }: GateRun,
  answered: RuleAnswered,
): Pick<GateRun, 'state'> & Partial<Pick<GateRun, 'through' | 'answered' | 'began'>> {
  // Nothing waited: its approval had arrived, and only the answer to it was lost.
  if (state === 'approved' && answered !== 'answered')
    return { state, answered: true, began: true };
  // Nothing of it ever went through here.
  if (through === null || began === false) return { state: 'ended', through: null, answered: true };
  // Another of its jobs may have begun before, and its end is still to be told.
  return { state: 'approved', answered: true };
}
