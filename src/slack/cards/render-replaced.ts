import { sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { en, type Words } from '../words/words.ts';

/** What is left of a copy of a card that cannot be deleted. */
export const renderReplaced = (words: Words = en): RenderedMessage =>
  assertMessage({ text: words.REPLACED, blocks: [sentence(words.REPLACED)] });
