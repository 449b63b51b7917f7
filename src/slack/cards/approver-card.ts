import type { KnownBlock } from '@slack/types';
import type { BypassCard, PersonView } from '#application/ports/card';
import { heading, row, sentence, small, when } from '../block-kit/blocks.ts';
import { assertMessage, type RenderedMessage } from '../block-kit/check.ts';
import { approveButton, claimButton, denyButton, questionButton, revokeButton } from './buttons.ts';
import { gateDescription, opensTogether } from './gate-description.ts';
import { approvals, deploys, justification, lookedAt, marks, receipt, whoElse } from './parts.ts';
import { ttlChoice } from './ttl-choice.ts';
import { en, type Words } from '../words/words.ts';

/**
 * What one approver sees: everything to decide by while the request waits, and what became of it
 * afterwards. Revoke stays for those who approved, for as long as the gate is open.
 */
export function approverCard(
  card: BypassCard,
  viewer: PersonView,
  words: Words = en,
): RenderedMessage {
  const { phase } = card;
  return assertMessage({
    text: words.notification(card, askOf(card, viewer, words)),
    blocks: [
      ...marks(card, words),
      heading(words.headingOf(card)),
      ...(phase === 'waiting' ? undecided(card, viewer, words) : decided(card, viewer, words)),
      ...when(phase === 'waiting', ...wholeArtifact(card, words)),
      receipt(card, words),
    ],
  });
}

const askOf = (card: BypassCard, viewer: PersonView, words: Words): string =>
  card.phase === 'waiting' && words.hasGone(card, viewer)
    ? words.GONE_ASKS
    : words.approverAsk(card, hasApproved(card, viewer));

const hasApproved = (card: BypassCard, viewer: PersonView): boolean =>
  card.approvals.some(({ by }) => by.person === viewer.person);

function undecided(card: BypassCard, viewer: PersonView, words: Words): KnownBlock[] {
  const done = hasApproved(card, viewer);
  return [
    sentence(`${words.gateAndScope(card)}.`),
    ...opensTogether(card, words),
    ...gateDescription(card, words),
    sentence(words.askedWords(card)),
    ...justification(card, words),
    ...card.earlierDenials.slice(0, 3).map((one) => small(words.denialWords(one))),
    ...askedBefore(card, words),
    sentence(`${standingOf(card, viewer, words)} ${words.deadlineWords(card)}`.trim()),
    ...lookedAt(card, viewer, words),
    ...approvals(card, words),
    small(words.otherActiveWords(card)),
    ...whoElse(card, words),
    ...(done ? [] : decisionOf(card, viewer, words)),
  ];
}

/** For who compares it with the build; behind the buttons, since most decide by its beginning. */
const wholeArtifact = ({ scope }: BypassCard, words: Words): KnownBlock[] =>
  words.wholeArtifact(scope).map((line) => small(line));

/** What this reader is to the request. */
function standingOf(card: BypassCard, viewer: PersonView, words: Words): string {
  if (hasApproved(card, viewer)) return words.approvedWords(card);
  return words.hasGone(card, viewer) ? '' : words.progressWords(card);
}

/** Who is worn down by being asked again is to see it. */
function askedBefore(card: BypassCard, words: Words): KnownBlock[] {
  const before = words.undecidedWords(card);
  return before === '' ? [] : [small(before)];
}

/** Whoever may decide no more keeps what they were shown, without a button to press. */
const decisionOf = (card: BypassCard, viewer: PersonView, words: Words): KnownBlock[] =>
  words.hasGone(card, viewer) ? [sentence(words.GONE)] : decision(card, viewer, words);

function decision(card: BypassCard, viewer: PersonView, words: Words): KnownBlock[] {
  const choice = ttlChoice(card, words);
  const looks = card.claims.some(({ by }) => by.person === viewer.person);
  const before = [claimButton(card, looks, words), questionButton(card, words)];
  if (choice === null) {
    return [small(words.NOTHING_GRANTABLE), row('decide', [denyButton(card, words), ...before])];
  }
  return [
    small(approving(card, words), ...(card.stepUp ? [words.SIGNING_IN] : [])),
    row('grant', [choice]),
    row('decide', [approveButton(card, words), denyButton(card, words), ...before]),
  ];
}

function approving({ drill, gates }: BypassCard, words: Words): string {
  if (drill) return words.APPROVING_DRILL;
  return gates === undefined ? words.APPROVING : words.APPROVING_SEVERAL;
}

function decided(card: BypassCard, viewer: PersonView, words: Words): KnownBlock[] {
  return [
    sentence(outcome(card, words)),
    ...opensTogether(card, words),
    ...approvals(card, words),
    ...deploys(card, words),
    ...when(
      card.phase === 'active' && hasApproved(card, viewer),
      row('stop', [revokeButton(card, words)]),
    ),
  ];
}

function outcome(card: BypassCard, words: Words): string {
  switch (card.phase) {
    case 'waiting':
      return words.waitingWords(card);
    case 'active':
      return words.activeWords(card);
    case 'closed':
      return words.closedWords(card);
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
      return words.unopenedWords(card);
  }
}
