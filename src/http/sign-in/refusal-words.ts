import type { AttestationFault } from '#application/ports/attester';
import type { ProviderFailure, ProviderFailureCode } from '#application/ports/identity-provider';
import type { SignInRefusal } from '#application/ports/sign-in';
import type { Refusal, RefusalCode } from '#domain/refusal';
import { timeWords } from './words.ts';

/** What a person is told: what happened, and what to do next. Plain text. */
export interface Told {
  readonly title: string;
  readonly text: string;
  readonly status: number;
  /** Trying again from the link may help. */
  readonly again: boolean;
}

const NOTHING = 'Nothing was approved.';
const gone = (title: string, text: string): Told => ({ title, text, status: 410, again: false });
const refused = (title: string, text: string, again = true): Told => ({
  title,
  text: `${NOTHING} ${text}`,
  status: 409,
  again,
});
const later = (title: string, text: string): Told => ({
  title,
  text: `${NOTHING} ${text}`,
  status: 503,
  again: true,
});

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
        `${NOTHING} Press Approve in Slack again to get another.`,
      );
    case 'link-expired':
      return gone(
        'This link has expired',
        `It worked until ${timeWords(refusal.at)}. Press Approve in Slack again to get another.`,
      );
    case 'attempt-over':
      return gone(
        'This sign-in was used already',
        'If you have just seen that your approval counts, it does. Otherwise open the link in Slack again.',
      );
    case 'provider-not-set':
      return refused(
        'Nobody can sign in here now',
        'No identity provider is set up. Tell those who run this service.',
        false,
      );
    case 'keys-not-witnessed':
      return later(
        'One moment more',
        'The provider has new keys, which a witness of the audit log must see first. Try again in a minute.',
      );
    case 'keys-moved':
      return refused('The provider changed its keys', 'Sign in again.');
    case 'email-not-verified':
      return providerWords('email-not-verified');
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
        'What you signed is not what would be recorded now. Press Approve in Slack again.',
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
    'It could not be looked up who is in the groups, so nothing is assumed. Press Approve in Slack again.',
  'cannot-act': 'Your account in Slack may not decide here now.',
  'sign-in-late': 'The sign-in took too long. Press Approve in Slack again.',
  'statement-moved': 'The request has changed since you pressed. Press Approve in Slack again.',
};

function notApprovedWords(refusal: Refusal): string {
  if (refusal.code === 'already-decided') {
    return `The request was decided meanwhile, at ${timeWords(refusal.at)}.`;
  }
  return NOT_APPROVED[refusal.code] ?? 'The policy or the request has changed meanwhile.';
}

/** What went wrong at the provider, in words. */
export function providerWords(failed: ProviderFailureCode): Told {
  switch (failed) {
    case 'provider-unavailable':
      return later('The identity provider does not answer', 'Try again in a minute.');
    case 'provider-unusable':
      return later(
        'The identity provider cannot be used',
        'Its settings do not fit. Tell those who run this service; its log says what is wrong.',
      );
    case 'sign-in-denied':
      return refused(
        'You did not sign in',
        'You gave up at the provider, or it did not let you in.',
      );
    case 'code-refused':
      return refused(
        'The identity provider took its answer back',
        'The sign-in was used already or took too long. Sign in again.',
      );
    case 'sign-in-not-fresh':
      return refused(
        'You were signed in already',
        'The provider did not ask you to sign in anew, or does not say when you did. Sign out there, and sign in again.',
      );
    case 'email-missing':
      return refused(
        'The provider named no address',
        'Its answer has no e-mail that a certificate can carry. Tell those who run this service.',
      );
    case 'email-not-verified':
      return refused(
        'Your address is not verified',
        'The provider does not vouch for your e-mail. Verify it there, then sign in again.',
      );
    case 'answer-refused':
    case 'token-malformed':
    case 'token-signature':
    case 'token-issuer':
    case 'token-audience':
    case 'token-expired':
    case 'token-from-the-future':
    case 'token-nonce':
      return refused(
        'That sign-in does not fit',
        'What came back is not the answer to the sign-in that began here. Begin again from the link.',
      );
  }
}

export const providerFailureWords = ({ failed }: ProviderFailure): Told => providerWords(failed);

/** What kept Sigstore from signing, in words. */
export function signerWords(fault: AttestationFault): Told {
  return fault === 'unavailable'
    ? later(
        'It could not be signed',
        'Sigstore does not answer, and without it this approval does not count. Try again in a minute.',
      )
    : refused(
        'It could not be signed',
        'Sigstore did not take your sign-in. Tell those who run this service; its log says what is wrong.',
      );
}

/** A form that another site sent, or a browser that does not say which one did. */
export const CROSS_SITE: Told = {
  title: 'This did not come from our page',
  text: `${NOTHING} Open the link in Slack again, and press the button there.`,
  status: 403,
  again: false,
};

/** The browser that comes back is not the one that began. */
export const OTHER_BROWSER: Told = refused(
  'You came back in another browser',
  'Sign-in must begin and end in the same one, with cookies allowed.',
);

export const NOT_MINE: Told = refused(
  'Nothing was bound',
  'If somebody else sent you the link, tell your security team. If you signed in with the wrong account, begin again with the right one.',
);

/** A fault of ours. It is not known how far it got. */
export const FAULT: Told = {
  title: 'Something went wrong here',
  text: 'Look at the card in Slack whether your approval counts. If it does not, try again; if it goes on, tell those who run this service.',
  status: 500,
  again: true,
};
