import { sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { REPLACED } from '../words/cards.ts';

/** What is left of a copy of a card that cannot be deleted. */
export const renderReplaced = (): RenderedMessage =>
  assertMessage({ text: REPLACED, blocks: [sentence(REPLACED)] });
