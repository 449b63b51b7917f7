import type { KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { sentence } from '../block-kit/blocks.ts';
import { oneLine, plain } from '../block-kit/text.ts';
import { togetherWords } from '../words/gates.ts';

/** What the gate guards, from the policy; of several, what they are for together. */
export function gateDescription({ gateDescription: text, gates }: BypassCard): KnownBlock[] {
  if (oneLine(text) === '') return [];
  const what = gates === undefined ? 'What the gate guards' : 'What they are for';
  return [{ type: 'context', elements: [plain(`${what}: ${oneLine(text)}`, 500)] }];
}

/** Each gate by its name, where they are several. */
export const opensTogether = (card: BypassCard): KnownBlock[] =>
  card.gates === undefined ? [] : [sentence(togetherWords(card))];
