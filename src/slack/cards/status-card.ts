import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { heading, row, sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { closeButton, extendButton, revokeButton, withdrawButton } from './buttons.ts';
import { opensTogether } from './gate-description.ts';
import { approvals, deploys, justification, lookedAt, marks, receipt, whoElse } from './parts.ts';
import { en, type Words } from '../words/words.ts';

/** The card in the incident channel. Anybody sees the buttons; who may press them is judged at the press. */
export const incidentCard = (card: BypassCard, words: Words = en): RenderedMessage =>
  statusCard(
    card,
    [closeButton(card, words), extendButton(card, words), revokeButton(card, words)],
    words,
  );

/** The requester's own card. */
export const requesterCard = (card: BypassCard, words: Words = en): RenderedMessage =>
  statusCard(card, [closeButton(card, words), extendButton(card, words)], words);

function statusCard(
  card: BypassCard,
  whileActive: ActionsBlock['elements'],
  words: Words,
): RenderedMessage {
  return assertMessage({
    text: words.notification(card, words.statusAsk(card)),
    blocks: [
      ...marks(card, words),
      heading(words.headingOf(card)),
      ...status(card, words),
      ...approvals(card, words),
      ...deploys(card, words),
      ...buttons(card, whileActive, words),
      receipt(card, words),
    ],
  });
}

function status(card: BypassCard, words: Words): KnownBlock[] {
  switch (card.phase) {
    case 'waiting':
      return [
        sentence(`${words.gateAndScope(card)}. ${words.askedWords(card)}`),
        ...opensTogether(card, words),
        ...justification(card, words),
        sentence(words.waitingWords(card)),
        ...whoElse(card, words),
        ...lookedAt(card, null, words),
      ];
    case 'active':
      return [
        sentence(words.activeWords(card)),
        ...opensTogether(card, words),
        sentence(words.askedWords(card)),
        ...justification(card, words),
      ];
    case 'closed':
      return [sentence(words.closedWords(card)), ...opensTogether(card, words)];
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return [sentence(words.unopenedWords(card)), ...opensTogether(card, words)];
  }
}

function buttons(
  card: BypassCard,
  whileActive: ActionsBlock['elements'],
  words: Words,
): KnownBlock[] {
  if (card.phase === 'waiting') return [row('waiting', [withdrawButton(card, words)])];
  return card.phase === 'active' ? [row('active', whileActive)] : [];
}
