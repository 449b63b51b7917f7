import type { KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { sentence } from '../block-kit/blocks.ts';
import { oneLine, plain } from '../block-kit/text.ts';
import type { Words } from '../words/words.ts';

/** What the gate guards, from the policy; of several, what they are for together. */
export function gateDescription(
  { gateDescription: text, gates }: BypassCard,
  words: Words,
): KnownBlock[] {
  if (oneLine(text) === '') return [];
  return [{ type: 'context', elements: [plain(words.guardsWords(text, gates), 500)] }];
}

/** Each gate by its name, where they are several. */
export const opensTogether = (card: BypassCard, words: Words): KnownBlock[] =>
  card.gates === undefined ? [] : [sentence(words.togetherWords(card))];
