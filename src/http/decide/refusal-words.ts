import type { LinkRefusal } from '#application/ports/decide-links';
import type { Refusal, RefusalCode } from '#domain/refusal';
import type { Told } from '../sign-in/told.ts';
import { notApprovedWords } from '../sign-in/refusal-words.ts';

export const NOTHING = 'Nothing was decided.';

const told = (status: number, title: string, text: string, again: boolean): Told => ({
  title,
  text,
  status,
  again,
});

/** The one place where a refusal of these pages becomes words, with the link that leads back. */
export function linkRefusalWords(refusal: LinkRefusal): {
  readonly told: Told;
  readonly link: string | null;
} {
  const link = 'link' in refusal ? refusal.link : null;
  return { told: wordsOf(refusal), link };
}

function wordsOf(refusal: LinkRefusal): Told {
  switch (refusal.code) {
    case 'link-unknown':
      return told(
        404,
        'This link leads nowhere',
        'It is not complete, or too old. Look in the newest page for another.',
        false,
      );
    case 'link-over':
      return told(
        410,
        'This request is long over',
        'Slack and the audit log say what became of it.',
        false,
      );
    case 'attempt-over':
      return told(
        410,
        'This was used already, or took too long',
        'Open the link in your page again: it shows how the request stands.',
        false,
      );
    case 'other-browser':
      return told(
        409,
        'You came back in another browser',
        `${NOTHING} Begin and end in the same one, with cookies allowed.`,
        true,
      );
    case 'too-late':
      return told(
        409,
        'That took too long',
        `${NOTHING} A sign-in is good for ten minutes. Sign in again.`,
        true,
      );
    case 'token-unfit':
      return told(
        409,
        'That sign-in does not fit',
        `${NOTHING} Your address is not verified there, or another program asked. Tell those who run this service.`,
        false,
      );
    case 'not-bound':
      return told(
        403,
        'This account is bound to nobody',
        `${NOTHING} An account is bound in Slack alone: whoever approved there once with a sign-in can decide here. Ask somebody else who was paged.`,
        false,
      );
    case 'provider-not-set':
      return told(
        409,
        'Nobody can sign in here now',
        `${NOTHING} No identity provider is set up. Decide in Slack.`,
        false,
      );
    case 'not-decided':
      return told(409, 'You cannot decide this', notDecided(refusal.refusal), canTryAgain(refusal));
  }
}

/** Those that this page meets in other words than Slack's step-up. */
const HERE: Partial<Record<RefusalCode, string>> = {
  'own-request': 'You asked for this bypass yourself. Somebody else has to decide.',
  'not-an-approver': 'The policy does not name you as an approver of this request now.',
  'look-up-failed':
    'Slack does not answer, so it cannot be looked up who may decide: members of a Slack user group, or who approved before in Slack. Nothing is assumed. Somebody whom the policy lists by name can decide here; or try again in a minute.',
  'log-held':
    'The audit log was set back to an earlier time, as when a backup is restored. Until whoever runs this service acknowledges it, nothing is recorded and every gate enforces.',
  'cannot-act': 'Your account in Slack may not decide here now.',
  'ttl-not-offered': 'The policy offers other times by now. Choose again.',
  'sign-in-late': 'The sign-in took too long. Begin again.',
  'statement-moved': 'The request has changed meanwhile. Look at it again.',
};

function notDecided(refusal: Refusal | null): string {
  if (refusal === null) return `${NOTHING} Look at the request again.`;
  const words = HERE[refusal.code] ?? notApprovedWords(refusal);
  return refusal.code === 'already-approved' ? words : `${NOTHING} ${words}`;
}

function canTryAgain({ refusal }: Extract<LinkRefusal, { readonly code: 'not-decided' }>): boolean {
  const final: readonly (RefusalCode | undefined)[] = [
    'own-request',
    'not-an-approver',
    'cannot-act',
  ];
  return !final.includes(refusal?.code);
}
