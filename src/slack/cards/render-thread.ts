import type { ThreadMessage, ThreadQuestion } from '#application/ports/surface';
import { sentence, small, typed } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { marks } from './parts.ts';
import { renderNote } from './render-note.ts';
import { en, type Words } from '../words/words.ts';

/** What is said in the thread of a card. @throws BlockKitBroken if Slack would refuse it. */
export const renderThreadMessage = (said: ThreadMessage, words: Words = en): RenderedMessage =>
  said.kind === 'question' ? question(said, words) : renderNote(said, words);

function question(said: ThreadQuestion, words: Words): RenderedMessage {
  const asked = words.questionWords(said);
  return assertMessage({
    text: words.notification(said.card, words.QUESTION_ASK, asked),
    blocks: [
      ...marks(said.card, words),
      sentence(asked),
      typed(said.text),
      small(words.ANSWER_HERE),
    ],
  });
}
