import type { KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { sentence, small, typed, when } from '../block-kit/blocks.ts';
import { cut, escape, oneLine } from '../block-kit/text.ts';
import {
  approvalWords,
  DRILL,
  EVALUATION,
  JUSTIFICATION_ERASED,
  JUSTIFICATION_LABEL,
} from '../words/cards.ts';
import { deployWords } from '../words/deploys.ts';
import { mismatchWords, provenanceWords } from '../words/provenance.ts';
import { requirementWords } from '../words/requirements.ts';
import { plainScope, receiptWords } from '../words/scope.ts';

/** Said in words, first of all: neither a drill nor an evaluation may be taken for the real thing. */
export const marks = ({ drill, evaluation }: BypassCard): KnownBlock[] => [
  ...when(drill, small(DRILL)),
  ...when(evaluation, small(EVALUATION)),
];

/** The same for notifications; the title says already what is a drill. */
export function fallback(card: BypassCard, what: string): string {
  const mark = card.evaluation ? '[EVALUATION] ' : '';
  return `${mark}${what}: ${plainScope(card)}, asked by ${escape(cut(oneLine(card.requester.name), 100))}`;
}

export const justification = ({ justification: why }: BypassCard): KnownBlock[] =>
  why === null ? [small(JUSTIFICATION_ERASED)] : [small(JUSTIFICATION_LABEL), typed(why, 1_500)];

const LINES = 8;

/** Who was asked and who has approved, a line each. */
export function approvals(card: BypassCard): KnownBlock[] {
  const asked = card.requirements.slice(0, LINES).map(requirementWords);
  const given = card.approvals.slice(0, LINES).map(approvalWords);
  return [...asked, ...given].map((line) => small(line));
}

/** The newest deploys; the count of all stands in the sentence above them. */
export function deploys({ deploys: all }: BypassCard): KnownBlock[] {
  const wrong = mismatchWords(all);
  const lines = all.slice(-LINES).map((one) => {
    const provenance = provenanceWords(one);
    return provenance === '' ? small(deployWords(one)) : small(deployWords(one), provenance);
  });
  return [...when(wrong !== '', sentence(wrong)), ...lines];
}

export const receipt = (card: BypassCard): KnownBlock => small(receiptWords(card.receipt));
