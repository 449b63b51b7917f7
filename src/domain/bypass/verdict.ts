/** What a review found of the bypass. Statements carry these words: none is ever renamed. */
export const VERDICTS = ['justified', 'avoidable', 'gate-wrong', 'misused'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a person said of a finished review, beside the text of it. */
export interface Completion {
  /** Absent where the form was opened before it asked. */
  readonly verdict?: Verdict;
  /** What will be done, one line each; absent where nothing is. */
  readonly followUps?: readonly string[];
}
