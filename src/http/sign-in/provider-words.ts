import type { AttestationFault } from '#application/ports/attester';
import type { ProviderFailureCode } from '#application/ports/identity-provider';
import { later, refused, type Told } from './told.ts';

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
