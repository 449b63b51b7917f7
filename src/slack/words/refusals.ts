import type { BypassCard } from '#application/ports/card';
import type { Refusal } from '#domain/refusal';
import { code } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { listed, oneOf } from './lists.ts';
import { groupName, needsWords } from './requirements.ts';
import { endedWords, phaseWords } from './phases.ts';
import { standingWords } from './standings.ts';
import { dayOf, momentOf, timeOf } from './times.ts';

/** What was tried, by the kind of the press. */
const EFFECT: Readonly<Record<string, string>> = {
  preview: 'Nobody would be asked.',
  open: 'Nothing was asked.',
  extend: 'Nothing was asked.',
  approve: 'Your approval does not count.',
  deny: 'Your denial does not count.',
  withdraw: 'The request still stands.',
  close: 'The bypass was not closed.',
  revoke: 'The bypass was not revoked.',
  complete: 'The post-mortem is not completed.',
  claim: 'Nobody was told that you are looking at it.',
  ask: 'Your question was not posted.',
};

const effectOf = (tried: string): string => EFFECT[tried] ?? 'Nothing was changed.';

/** The one place where a refusal becomes words: what happened, and what to do next. mrkdwn. */
export function refusalWords(refusal: Refusal, card: BypassCard | null, tried: string): string {
  const effect = effectOf(tried);
  switch (refusal.code) {
    case 'unknown-bypass':
      return `There is no such request here. ${effect}`;
    case 'unknown-gate':
      return `The policy names no gate ${code(refusal.gate)}. ${effect} \`/breakglass help\` lists the gates.`;
    case 'gates-changed':
      return `The policy does not have the same gates under ${code(refusal.gate)} any more. ${effect} Ask anew, so that people see what opens.`;
    case 'form-unusable':
      return `What you filled in cannot be used: ${listed(refusal.fields)}. ${effect} Fill in the form again.`;
    case 'not-a-requester':
      return `The policy does not let you ask for a bypass. ${effect} Ask somebody who is on call to open it.`;
    case 'cannot-act':
      return `${standingWords(refusal.standing)} ${effect}`;
    case 'look-up-failed':
      return `It could not be looked up who is in ${groupsWords(refusal.groups)}, so nothing is assumed. ${effect} Try again in a minute.`;
    case 'log-held':
      return `The audit log was set back to an earlier time, as when a backup is restored, so nothing is recorded and every gate enforces. ${effect} Ask whoever runs this service to acknowledge it, then press again.`;
    case 'too-many-waiting':
      return `You already have ${refusal.limit} requests waiting, the most that the policy allows. ${effect} Withdraw one, or wait until one is decided.`;
    case 'too-many-asked':
      return `You asked ${refusal.limit} times within 24 hours, the most that the policy allows. ${effect} Ask a colleague to open it, or wait.`;
    case 'review-overdue':
      return `The post-mortem of bypass ${code(String(refusal.reference))} of this service was due ${dayOf(refusal.dueAt)} and is not done; your policy opens no gate for the service until it is. ${effect} Complete it with the button on its card, or have its assignee or an admin do it, then ask again.`;
    case 'ttl-not-offered':
      return `That duration is not offered here. ${effect} Choose ${offersWords(refusal.offersMs)}.`;
    case 'not-extendable':
      return `${notExtendable(refusal.phase)} ${effect} Ask for a new bypass instead.`;
    case 'chain-cap-reached':
      return `${effect} This bypass and its extensions may stay open until ${momentOf(refusal.capAt)} and no longer. Ask for a new bypass instead.`;
    case 'own-request':
      return `You asked for this bypass, so ${ownEffect(tried)}.${stillNeeded(card)}`;
    case 'already-approved':
      return `You have approved this already; it counts once.${stillNeeded(card)}`;
    case 'not-an-approver':
      return `The policy does not name you as an approver of this request. ${effect}${stillNeeded(card)}`;
    case 'other-request':
      return `The request changed since that card was shown. ${effect} Look at the newest card, then decide again.`;
    case 'attestation-required':
      return `This tier needs an approval that is attested in your name, and yours could not be. ${effect} The gate stays shut. Press Approve again.`;
    case 'step-up-required':
      return `This tier asks you to sign in at your identity provider, and none is connected to this service now. ${effect} Tell your platform team; the gate stays shut.`;
    case 'statement-moved':
      return `The request or the policy changed while you signed in, so what you signed is not what would be recorded. ${effect} Press Approve again.`;
    case 'sign-in-late':
      return `The sign-in took too long: what you were shown may no longer be so. ${effect} Press Approve again.`;
    case 'already-decided':
      return card === null
        ? `This was decided already, at ${timeOf(refusal.at)}. ${effect}`
        : // A locked phone shows the beginning, and no times.
          `${effect} Already decided: ${endedWords(card)}`;
    case 'not-active':
      return `${phaseWords(refusal.phase)} ${effect}`;
    case 'not-due':
      return `It is too early for that. ${effect}`;
    case 'not-allowed':
      return `Only ${NEEDS[refusal.needs]} can do that. ${effect}`;
    case 'unknown-deploy':
      return `There is no such deploy under this bypass. ${effect}`;
    case 'nothing-changed':
      return 'That was done already. Nothing was changed.';
  }
}

const NEEDS = {
  requester: 'the person who asked for it',
  'approver-or-admin': 'an approver of this request or an admin',
  assignee: 'the person it is assigned to',
} as const;

function ownEffect(tried: string): string {
  if (tried === 'deny') return 'you cannot deny it; withdraw it instead';
  if (tried === 'claim' || tried === 'ask') return 'its approvers are others';
  return 'your approval does not count';
}

function stillNeeded(card: BypassCard | null): string {
  if (card?.phase !== 'waiting') return '';
  const open = card.requirements
    .filter(({ have, count }) => have < count)
    .map(({ from, have, count }) => ({ from, count: count - have }));
  if (open.length === 0) return '';
  return ` Still needed: ${needsWords(open)}; they were asked at ${timeOf(card.openedAt)}.`;
}

function groupsWords(groups: readonly string[]): string {
  return groups.length === 0 ? 'the groups' : listed(groups.map(groupName), 5);
}

function notExtendable(phase: string): string {
  return phase === 'other-scope'
    ? 'An extension keeps gate and scope as they are.'
    : `${phaseWords(phase)} Only an active bypass can be extended.`;
}

const offersWords = (offersMs: readonly number[]): string =>
  offersMs.length === 0 ? 'another scope' : oneOf(offersMs.map(durationWords));
