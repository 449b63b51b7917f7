import type { Note } from '#application/ports/surface';
import { sentence, small } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { cutMarkup } from '../block-kit/text.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { DRILL } from '../words/cards.ts';
import { noteWords } from '../words/notes.ts';

/** A message that says one thing once. @throws BlockKitBroken if Slack would refuse it. */
export function renderNote(note: Note): RenderedMessage {
  const words = noteWords(note);
  const card = 'card' in note ? note.card : null;
  const drill = card !== null && ('drill' in card ? card.drill : card.card.drill);
  return assertMessage({
    text: cutMarkup(words, LIMITS.messageText),
    blocks: [...(drill ? [small(DRILL)] : []), sentence(words)],
  });
}
