import type { ApprovalView, BypassCard, EndView } from '#application/ports/card';
import { bold, code, inline } from '../block-kit/text.ts';
import { addressWords } from './address.ts';
import { deploysSummary } from './deploys-summary.ts';
import { durationWords } from './durations.ts';
import { gatesWords, gateWords } from './gates.ts';
import { counted, listed } from './lists.ts';
import { approversWords, endedWords } from './phases.ts';
import { progressOf, tiersWords } from './requirements.ts';
import { artifactOf, branchOf, personName, placeOf } from './scope.ts';
import { dayOf, momentOf, timeOf } from './times.ts';

/** Sentences of the cards; mrkdwn with every name escaped. */
export const gateAndScope = (card: BypassCard): string =>
  `${gateWords(card)} for ${placeOf(card.scope)}, ${artifactOf(card.scope)}, ${branchOf(card.scope)}`;

export const DRILL =
  '*DRILL.* This is a rehearsal: no gate opens, whatever is pressed, and nobody is counted overdue.';
export const EVALUATION =
  '*EVALUATION.* Signed by an authority that holds all its keys itself: good for trying out, not as evidence.';

/** An answer of Slack's was lost: the first post may have arrived all the same. */
export const MAY_STAND_TWICE =
  'Slack lost our first try, so this card may stand here twice. This one is kept up to date.';
export const REPLACED = 'This card is kept up to date in another message.';

/** In a channel that another organisation reads by now. */
export const WITHDRAWN =
  'This channel is shared with another organisation, so bypasses are not shown here any more.';

/** Who asked, for what incident, at which tier. */
export function askedWords(card: BypassCard): string {
  const incident =
    card.incident === null ? 'no incident named' : `for ${addressWords(card.incident)}`;
  const severity = card.severity === null ? '' : `, severity ${bold(card.severity)}`;
  const again =
    card.extends === null ? '' : ' It extends a bypass that stands, and is approved anew.';
  const raised = card.raised === true ? ', raised by an overdue post-mortem of the service' : '';
  return `By ${personName(card.requester)}, ${incident}${severity}. Tier ${tiersWords(card.tiers)}${raised}. Asked for ${durationWords(card.ttlAskedMs)}.${again}`;
}

export const JUSTIFICATION_LABEL = 'Why, in their words:';
export const JUSTIFICATION_ERASED = 'The justification was erased.';

/** `You are 1 of 2 needed.` */
export function progressWords(card: BypassCard): string {
  const { needed, have } = progressOf(card);
  return have === 0
    ? `You are 1 of ${needed} needed.`
    : `You are 1 of ${needed} needed; ${have} given already, by ${approversWords(card)}.`;
}

/** Until when it waits, and whether it was escalated. */
export function deadlineWords({ pendingUntilAt, escalated }: BypassCard): string {
  const more = escalated ? ' Nobody answered in time, so more people were asked.' : '';
  return `It waits until ${timeOf(pendingUntilAt)}, then it lapses.${more}`;
}

export function waitingWords(card: BypassCard): string {
  const { needed, have } = progressOf(card);
  return `${have} of ${counted(needed, 'approval')} given. ${deadlineWords(card)}`;
}

const SIGNED: Readonly<Record<ApprovalView['signing'], string>> = {
  attested: 'attested in their name',
  provisional: 'provisional: signed by the service, to be attested in their name',
  late: 'signed by the service at first, attested in their name since',
};

export function approvalWords({ by, ttlMs, at, signing, receipt }: ApprovalView): string {
  return `${personName(by)} approved ${durationWords(ttlMs)} at ${timeOf(at)} (entry ${receipt.index}, ${SIGNED[signing]})`;
}

export function denialWords(denial: BypassCard['earlierDenials'][number]): string {
  const reason = denial.reason === null ? '' : `: “${inline(denial.reason, 300)}”`;
  return `Denied before, by ${personName(denial.by)}, ${momentOf(denial.at)}${reason}`;
}

export const APPROVING =
  'Approving opens this gate for this scope only, and is signed in your name. Choose for how long.';
export const APPROVING_SEVERAL =
  'Approving opens every gate named above, for this scope only, and is signed in your name. Choose for how long.';
export const APPROVING_DRILL =
  'Approving rehearses: it is signed in your name, and opens no gate. Choose for how long.';
/** Behind either of the two above, where the tier demands it. */
export const SIGNING_IN =
  'You sign in at your identity provider first: Approve brings you the link.';
export const NOTHING_GRANTABLE = 'No duration can be granted any more. It can only be denied.';

/** The gate is open. */
export function activeWords(card: BypassCard): string {
  const { grant } = card;
  const span =
    grant === null
      ? ''
      : ` until ${timeOf(grant.expiresAt)} (${durationWords(grant.ttlMs)} from ${timeOf(grant.activatedAt)})`;
  const opened = card.drill
    ? `In this drill gate ${gateWords(card)} would be in bypass`
    : `Gate ${gateWords(card)} is in bypass`;
  return `${opened} for ${placeOf(card.scope)}${span}, ${artifactOf(card.scope)}, ${branchOf(card.scope)}. Approved by ${approversWords(card)}. Deploys: ${card.deploys.length}.`;
}

/** The bypass ended, and whether the gate was seen to enforce. */
export function closedWords(card: BypassCard): string {
  return `${closedHead(card)} ${deploysSummary(card)}${postMortemWords(card)}`;
}

function closedHead(card: BypassCard): string {
  const { end, gate, gates, drill, openBesideUntil } = card;
  if (drill) {
    const over = end === null ? '' : ` (${howEnded(end)})`;
    return `The drill is over${over}; it opened nothing.`;
  }
  if (end !== null && end.enforces !== false && openBesideUntil !== null)
    return `This bypass of gate ${gateWords(card)} ended (${howEnded(end)}). *Another bypass still kept the gate open* for this scope, until ${timeOf(openBesideUntil)} at the latest: it has a card of its own.`;
  if (gates !== undefined) return closedTogether(card, gates);
  const looked = end === null ? '' : ` (${howEnded(end)}; ${readBack(end)})`;
  return end?.enforces === false
    ? `*Gate ${code(gate)} was told to enforce and does not.* Stop deploys by hand${looked}.`
    : `Gate ${bold(gate)} enforces again${looked}.`;
}

/** Several gates enforce again once each was looked at and does. */
function closedTogether(card: BypassCard, gates: readonly string[]): string {
  const { end } = card;
  const how = end === null ? '' : ` (${howEnded(end)})`;
  const open = gates.filter((one) => end?.readBacks?.[one] === false);
  if (open.length > 0)
    return `*Told to enforce and does not: ${gatesWords(open)}.* Stop deploys there by hand. The bypass of ${gateWords(card)} ended${how}.`;
  if (end?.enforces === true)
    return `All ${gates.length} gates of ${bold(card.gate)} enforce again${how}; each was looked at.`;
  const seen = Object.keys(end?.readBacks ?? {}).length;
  return `The bypass of ${gateWords(card)} ended${how}. ${seen} of ${gates.length} gates looked at so far.`;
}

function howEnded({ how, by, at, reason }: EndView): string {
  const who = by === null ? '' : ` by ${personName(by)}`;
  const why = reason === null ? '' : `: “${inline(reason, 300)}”`;
  return `${how}${who} at ${timeOf(at)}${why}`;
}

function readBack({ enforces }: EndView): string {
  if (enforces === null) return 'not looked at yet';
  return enforces ? 'looked at: it enforces' : 'looked at: it does not enforce';
}

function postMortemWords({ postMortem }: BypassCard): string {
  if (postMortem === null) return '';
  return postMortem.completedAt === null
    ? ` Post-mortem opened for ${personName(postMortem.assignee)}, due ${dayOf(postMortem.dueAt)}.`
    : ` Post-mortem completed ${dayOf(postMortem.completedAt)}.`;
}

/** A request that ended without opening the gate. */
export const unopenedWords = (card: BypassCard): string =>
  `No bypass of ${gateWords(card)} for ${placeOf(card.scope)}: ${endedWords(card)} The gate was never opened.`;

/** For one approver, once they have approved and others have not. */
export function approvedWords(card: BypassCard): string {
  const { needed, have } = progressOf(card);
  const left = Math.max(needed - have, 0);
  const approved = new Set(card.approvals.map(({ by }) => by.person));
  const missing = card.requirements.filter((one) => one.have < one.count);
  const others = missing.flatMap(({ asked }) => asked).filter((one) => !approved.has(one.person));
  const asked = listed(others.map(personName), 12);
  return `You approved. ${counted(left, 'more approval')} needed; asked: ${asked}.`;
}
