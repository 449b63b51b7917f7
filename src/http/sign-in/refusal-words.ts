import type { SignInRefusal } from '#application/ports/sign-in-refusal';
import type { Refusal, RefusalCode } from '#domain/refusal';
import { providerWords } from './provider-words.ts';
import { gone, later, NOTHING, OTHER_BROWSER, refused, type Told } from './told.ts';
import { timeWords } from './words.ts';

/** The one place where a refusal of a sign-in becomes words. */
export function signInRefusalWords(refusal: SignInRefusal): Told {
  switch (refusal.code) {
    case 'link-unknown':
      return {
        ...gone(
          'This link leads nowhere',
          'It is not complete, or too old. Look in Slack for the newest one.',
        ),
        status: 404,
      };
    case 'link-used':
      return gone(
        'You have approved this already',
        'It counts once. The card in Slack shows how the request stands.',
      );
    case 'link-replaced':
      return gone(
        'There is a newer link',
        'You pressed Approve again in Slack. Open the link that came then.',
      );
    case 'link-spent':
      return gone(
        'This link was used up',
        `${NOTHING} Approve again, in Slack or by the link in your page, to get another.`,
      );
    case 'link-expired':
      return gone(
        'This link has expired',
        `It worked until ${timeWords(refusal.at)}. Approve again, in Slack or by the link in your page, to get another.`,
      );
    case 'attempt-over':
      return gone(
        'This sign-in was used already',
        'If you have just seen that your approval counts, it does. Otherwise open the link again, from Slack or from your page.',
      );
    case 'other-browser':
      return OTHER_BROWSER;
    case 'provider-not-set':
      return refused(
        'Nobody can sign in here now',
        'No identity provider is set up. Tell those who run this service.',
        false,
      );
    case 'keys-not-witnessed':
      return later(
        'One moment more',
        'The provider has new keys, which a witness of the audit log must see first. Try again in a minute; if that goes on, tell those who run this service.',
      );
    case 'keys-moved':
      return refused('The provider changed its keys', 'Sign in again.');
    case 'email-not-verified':
      return providerWords('email-not-verified');
    case 'email-not-stated':
      return refused(
        'Nobody knows which account is yours',
        'The policy does not state your address at the identity provider. Ask those who keep it to write it under “people”, then approve again.',
        false,
      );
    case 'email-differs':
      return refused(
        'That is another address',
        `You signed in as ${refusal.found}, and must be ${refusal.expected}. Sign in with that account, or ask an operator.`,
      );
    case 'account-taken':
      return refused(
        'That account belongs to somebody else',
        'It is bound to another person in Slack. Sign in with your own, or ask an operator.',
      );
    case 'not-bound':
      return refused(
        'Your account is not bound yet',
        'Sign in again, and confirm that the account is yours.',
      );
    case 'other-account':
      return refused(
        'That is not the account that is bound to you',
        `You signed in as ${refusal.found ?? 'an account without an address'}, and must be ${refusal.expected}. Sign out there, and sign in with that account.`,
      );
    case 'other-client':
      return refused(
        'That sign-in was for something else',
        'Another program asked for it. Begin again from the link.',
      );
    case 'sign-in-too-old':
      return providerWords('sign-in-not-fresh');
    case 'nonce-differs':
      return providerWords('token-nonce');
    case 'bundle-refused':
      return refused('The signature was not taken', bundleWords(refusal.why));
    case 'statement-moved':
      return refused(
        'The request has changed',
        'What you signed is not what would be recorded now. Approve again, in Slack or by the link in your page.',
        false,
      );
    case 'not-approved':
      return refused(
        'Your approval does not count',
        `${notApprovedWords(refusal.refusal)} The card in Slack shows how the request stands.`,
        false,
      );
  }
}

function bundleWords(why: 'not-verified' | 'other-identity'): string {
  return why === 'other-identity'
    ? 'Its certificate names somebody else than the sign-in. Tell those who run this service.'
    : 'It does not verify under the trusted root of this service. Tell those who run it.';
}

/** Those that a sign-in can meet; whatever else it is, the policy or the request moved. */
const NOT_APPROVED: Partial<Record<RefusalCode, string>> = {
  'own-request': 'You asked for this bypass yourself.',
  'already-approved': 'You have approved this already; it counts once.',
  'not-an-approver': 'The policy does not name you as an approver of this request now.',
  'look-up-failed':
    'It could not be looked up who is in the groups, so nothing is assumed. Approve again, in Slack or by the link in your page.',
  'log-held':
    'The audit log was set back to an earlier time, as when a backup is restored. Until whoever runs this service acknowledges it, nothing is recorded and every gate enforces.',
  'cannot-act': 'Your account in Slack may not decide here now.',
  'gates-changed':
    'The policy does not have the same gates together any more. It has to be asked for anew.',
  'sign-in-late': 'The sign-in took too long. Approve again, in Slack or by the link in your page.',
  'statement-moved':
    'The request has changed since you pressed. Approve again, in Slack or by the link in your page.',
};

export function notApprovedWords(refusal: Refusal): string {
  if (refusal.code === 'already-decided') {
    return `The request was decided meanwhile, at ${timeWords(refusal.at)}.`;
  }
  return NOT_APPROVED[refusal.code] ?? 'The policy or the request has changed meanwhile.';
}
