import type { Button } from '@slack/types';
import type { ExpiringNote, Note } from '#application/ports/surface';
import { row, sentence, small } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { cutMarkup } from '../block-kit/text.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { closeButton, extendButton, signInButton } from './buttons.ts';
import { receipt } from './parts.ts';
import { en, type Words } from '../words/words.ts';

/** A message that says one thing once. @throws BlockKitBroken if Slack would refuse it. */
export function renderNote(note: Note, words: Words = en): RenderedMessage {
  const told = cutMarkup(words.noteWords(note), LIMITS.messageText);
  const ask = words.noteAsk(note);
  const card = 'card' in note ? note.card : null;
  const shown = card !== null && 'card' in card ? card.card : card;
  const drill = shown !== null && shown.drill;
  return assertMessage({
    text: ask === null || shown === null ? told : words.notification(shown, ask, told),
    blocks: [
      ...(drill ? [small(words.DRILL)] : []),
      sentence(told),
      ...(note.kind === 'expiring' ? [row('active', whileExpiring(note, words))] : []),
      ...(note.kind === 'incident-over' ? [row('active', [closeButton(note.card, words)])] : []),
      ...(note.kind === 'sign-in' ? [row('sign-in', [signInButton(note.link, words)])] : []),
      ...(shown === null ? [] : [receipt(shown, words)]),
    ],
  });
}

/** Extend is offered only where it can be had. */
function whileExpiring({ card, extension }: ExpiringNote, words: Words): Button[] {
  return [
    closeButton(card, words),
    ...(extension === 'possible' ? [extendButton(card, words)] : []),
  ];
}
