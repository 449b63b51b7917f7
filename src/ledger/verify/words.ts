import type { ViolationCode } from '../replay/violation.ts';
import type { About, StepName } from './about.ts';
import { ENTRY_WORDS } from './words/entry-words.ts';
import { RULE_WORDS } from './words/rule-words.ts';
import { SIGN_IN_WORDS } from './words/sign-in-words.ts';
import type { Row } from './words/terms.ts';

export type { About, StepName } from './about.ts';

/** Everything that can be wrong with an export. Closed. */
export type FindingCode = keyof typeof ENTRY_WORDS | keyof typeof SIGN_IN_WORDS | ViolationCode;

const ROWS: { readonly [Code in FindingCode]: Row } = {
  ...ENTRY_WORDS,
  ...SIGN_IN_WORDS,
  ...RULE_WORDS,
};

/** All codes, as a list. */
export const FINDING_CODES = Object.keys(ROWS) as readonly FindingCode[];

/** The step that a finding refuses. */
export const stepOf = (code: FindingCode): StepName => ROWS[code].step;

/** A finding in words for people. */
export const wordsFor = (code: FindingCode, about: About): string => ROWS[code].words(about);
