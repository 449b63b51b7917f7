import type { ActionsBlock, KnownBlock } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { heading, row, sentence } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import {
  activeWords,
  askedWords,
  closedWords,
  gateAndScope,
  unopenedWords,
  waitingWords,
} from '../words/cards.ts';
import { headingOf } from '../words/headings.ts';
import { closeButton, extendButton, revokeButton, withdrawButton } from './buttons.ts';
import { opensTogether } from './gate-description.ts';
import { approvals, deploys, fallback, justification, marks, receipt } from './parts.ts';

/** The card in the incident channel. Anybody sees the buttons; who may press them is judged at the press. */
export const incidentCard = (card: BypassCard): RenderedMessage =>
  statusCard(card, [closeButton(card), revokeButton(card), extendButton(card)]);

/** The requester's own card. */
export const requesterCard = (card: BypassCard): RenderedMessage =>
  statusCard(card, [closeButton(card), extendButton(card)]);

function statusCard(card: BypassCard, whileActive: ActionsBlock['elements']): RenderedMessage {
  return assertMessage({
    text: fallback(card, headingOf(card)),
    blocks: [
      ...marks(card),
      heading(headingOf(card)),
      ...status(card),
      ...approvals(card),
      ...deploys(card),
      ...buttons(card, whileActive),
      receipt(card),
    ],
  });
}

function status(card: BypassCard): KnownBlock[] {
  switch (card.phase) {
    case 'waiting':
      return [
        sentence(`${gateAndScope(card)}. ${askedWords(card)}`),
        ...opensTogether(card),
        ...justification(card),
        sentence(waitingWords(card)),
      ];
    case 'active':
      return [
        sentence(activeWords(card)),
        ...opensTogether(card),
        sentence(askedWords(card)),
        ...justification(card),
      ];
    case 'closed':
      return [sentence(closedWords(card)), ...opensTogether(card)];
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return [sentence(unopenedWords(card)), ...opensTogether(card)];
  }
}

function buttons(card: BypassCard, whileActive: ActionsBlock['elements']): KnownBlock[] {
  if (card.phase === 'waiting') return [row('waiting', [withdrawButton(card)])];
  return card.phase === 'active' ? [row('active', whileActive)] : [];
}
