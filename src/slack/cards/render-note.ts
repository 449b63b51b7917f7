import type { Note } from '#application/ports/surface';
import { row, sentence, small } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { cutMarkup } from '../block-kit/text.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { DRILL } from '../words/cards.ts';
import { noteWords } from '../words/notes.ts';
import { closeButton, signInButton } from './buttons.ts';
import { receipt } from './parts.ts';

/** A message that says one thing once. @throws BlockKitBroken if Slack would refuse it. */
export function renderNote(note: Note): RenderedMessage {
  const words = noteWords(note);
  const card = 'card' in note ? note.card : null;
  const shown = card !== null && 'card' in card ? card.card : card;
  const drill = shown !== null && shown.drill;
  return assertMessage({
    text: cutMarkup(words, LIMITS.messageText),
    blocks: [
      ...(drill ? [small(DRILL)] : []),
      sentence(words),
      ...(shown === null ? [] : [receipt(shown)]),
      ...(note.kind === 'incident-over' ? [row('active', [closeButton(note.card)])] : []),
      ...(note.kind === 'sign-in' ? [row('sign-in', [signInButton(note.link)])] : []),
    ],
  });
}
