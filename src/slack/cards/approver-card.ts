import type { KnownBlock } from '@slack/types';
import type { BypassCard, PersonView } from '#application/ports/card';
import { heading, row, sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import {
  activeWords,
  approvedWords,
  APPROVING,
  APPROVING_DRILL,
  APPROVING_SEVERAL,
  askedWords,
  closedWords,
  deadlineWords,
  denialWords,
  gateAndScope,
  NOTHING_GRANTABLE,
  progressWords,
  SIGNING_IN,
  unopenedWords,
  waitingWords,
} from '../words/cards.ts';
import { wholeArtifact } from '../words/scope.ts';
import { headingOf } from '../words/headings.ts';
import { approveButton, denyButton, revokeButton } from './buttons.ts';
import { gateDescription, opensTogether } from './gate-description.ts';
import { approvals, deploys, fallback, justification, marks, receipt } from './parts.ts';
import { ttlChoice } from './ttl-choice.ts';

/**
 * What one approver sees: everything to decide by while the request waits, and what became of it
 * afterwards. Revoke stays for those who approved, for as long as the gate is open.
 */
export function approverCard(card: BypassCard, viewer: PersonView): RenderedMessage {
  const { phase } = card;
  return assertMessage({
    text: fallback(card, headingOf(card)),
    blocks: [
      ...marks(card),
      heading(headingOf(card)),
      ...(phase === 'waiting' ? undecided(card, viewer) : decided(card, viewer)),
      receipt(card),
    ],
  });
}

const hasApproved = (card: BypassCard, viewer: PersonView): boolean =>
  card.approvals.some(({ by }) => by.person === viewer.person);

function undecided(card: BypassCard, viewer: PersonView): KnownBlock[] {
  const done = hasApproved(card, viewer);
  return [
    sentence(`${gateAndScope(card)}.`),
    ...opensTogether(card),
    ...gateDescription(card),
    ...wholeArtifact(card.scope).map((line) => small(line)),
    sentence(askedWords(card)),
    ...justification(card),
    ...card.earlierDenials.slice(0, 3).map((one) => small(denialWords(one))),
    sentence(`${done ? approvedWords(card) : progressWords(card)} ${deadlineWords(card)}`),
    ...approvals(card),
    ...(done ? [] : decision(card)),
  ];
}

function decision(card: BypassCard): KnownBlock[] {
  const choice = ttlChoice(card);
  if (choice === null) {
    return [small(NOTHING_GRANTABLE), row('decide', [denyButton(card)])];
  }
  return [
    small(approving(card), ...(card.stepUp ? [SIGNING_IN] : [])),
    row('grant', [choice]),
    row('decide', [approveButton(card), denyButton(card)]),
  ];
}

function approving({ drill, gates }: BypassCard): string {
  if (drill) return APPROVING_DRILL;
  return gates === undefined ? APPROVING : APPROVING_SEVERAL;
}

function decided(card: BypassCard, viewer: PersonView): KnownBlock[] {
  return [
    sentence(outcome(card)),
    ...opensTogether(card),
    ...approvals(card),
    ...deploys(card),
    ...when(
      card.phase === 'active' && hasApproved(card, viewer),
      row('stop', [revokeButton(card)]),
    ),
  ];
}

function outcome(card: BypassCard): string {
  switch (card.phase) {
    case 'waiting':
      return waitingWords(card);
    case 'active':
      return activeWords(card);
    case 'closed':
      return closedWords(card);
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return unopenedWords(card);
  }
}
