import type { About, StepName } from '../about.ts';

/** What a finding is called, and the step that it refuses. */
export interface Row {
  readonly step: StepName;
  readonly words: (about: About) => string;
}

/** The rows of one step. */
export const rowsOf =
  (step: StepName) =>
  (words: Row['words']): Row => ({ step, words });

export const who = ({ person }: About): string => person ?? 'someone';
export const of = ({ bypass }: About): string =>
  bypass === undefined ? '' : ` of bypass ${bypass}`;
export const the = ({ bypass }: About): string =>
  bypass === undefined ? 'a bypass' : `bypass ${bypass}`;
export const found = ({ found: value }: About): string => String(value ?? 'nothing');
export const expected = ({ expected: value }: About): string => String(value ?? 'nothing');
export const when = (value: About['found']): string =>
  typeof value === 'number' && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : 'never';
