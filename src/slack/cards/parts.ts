import type { KnownBlock } from '@slack/types';
import type { BypassCard, PersonView } from '#application/ports/card';
import { sentence, small, typed, when } from '../block-kit/blocks.ts';
import type { Words } from '../words/words.ts';

/** Said in words, first of all: neither a drill nor an evaluation may be taken for the real thing. */
export const marks = ({ drill, evaluation }: BypassCard, words: Words): KnownBlock[] => [
  ...when(drill, small(words.DRILL)),
  ...when(evaluation, small(words.EVALUATION)),
];

export const justification = ({ justification: why }: BypassCard, words: Words): KnownBlock[] =>
  why === null
    ? [small(words.JUSTIFICATION_ERASED)]
    : [small(words.JUSTIFICATION_LABEL), typed(why, 1_500)];

/** Who looks at it, and whether somebody asked something first. */
export function lookedAt(card: BypassCard, viewer: PersonView | null, words: Words): KnownBlock[] {
  const lines = [words.claimWords(card, viewer), words.questionsWords(card)].filter(
    (line) => line !== '',
  );
  return lines.length === 0 ? [] : [small(...lines)];
}

const LINES = 8;

/** Who was asked and who has approved, a line each. */
export function approvals(card: BypassCard, words: Words): KnownBlock[] {
  const asked = card.requirements.slice(0, LINES).map(words.requirementWords);
  const given = card.approvals.slice(0, LINES).map(words.approvalWords);
  return [...asked, ...given].map((line) => small(line));
}

/** The newest deploys; the count of all stands in the sentence above them. */
export function deploys({ deploys: all }: BypassCard, words: Words): KnownBlock[] {
  const wrong = words.mismatchWords(all);
  const lines = all.slice(-LINES).map((one) => {
    const provenance = words.provenanceWords(one);
    return provenance === ''
      ? small(words.deployWords(one))
      : small(words.deployWords(one), provenance);
  });
  return [...when(wrong !== '', sentence(wrong)), ...lines];
}

/** That nobody can be asked, said plainly; else who is asked next. */
export function whoElse(card: BypassCard, words: Words): KnownBlock[] {
  const nobody = words.nobodyWords(card);
  const next = words.nextStepWords(card);
  if (nobody !== '') return [sentence(nobody)];
  return next === '' ? [] : [small(next)];
}

/** What it is called, and its place in the log. */
export const receipt = ({ reference, receipt: newest }: BypassCard, words: Words): KnownBlock =>
  small(words.referenceWords(reference), words.receiptWords(newest));
