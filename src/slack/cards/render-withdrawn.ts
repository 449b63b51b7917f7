import { sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { en, type Words } from '../words/words.ts';

/** What is left of a card in a channel that is shared with another organisation by now. */
export const renderWithdrawn = (words: Words = en): RenderedMessage =>
  assertMessage({ text: words.WITHDRAWN, blocks: [sentence(words.WITHDRAWN)] });
