import { isFreshSignIn } from '#domain/sign-in';
import type { SignInMode } from '#domain/tenant-event';
import type { ProviderSetting, VerifiedSignIn } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { BindingRow, PreparedRow } from '../ports/sign-in-store.ts';

/** What holds of every sign-in, whoever's account it is: the configured provider, verified, fresh. */
export function refusedToken(
  signIn: VerifiedSignIn,
  { command }: Pick<PreparedRow, 'command'>,
  provider: ProviderSetting,
): SignInRefusal | null {
  const { issuer, authenticatedAt, issuedAt, emailVerified, email } = signIn;
  if (issuer !== provider.issuer || modeOf(signIn, provider) === null)
    return refuseSignIn({ code: 'other-client' });
  if (!isFreshSignIn(authenticatedAt, issuedAt, command.pressedAt))
    return refuseSignIn({ code: 'sign-in-too-old' });
  return emailVerified && email !== null && ASCII.test(email)
    ? null
    : refuseSignIn({ code: 'email-not-verified' });
}

// As a certificate can carry it (an IA5String). Beyond it some letters have one of these as their
// lower case, so that another's address would pass for the one that a person was enrolled with.
const ASCII = /^[\x21-\x7e]+$/;

/** Where the key was held, by the client that asked for the token. */
export function modeOf(
  { client }: Pick<VerifiedSignIn, 'client'>,
  { ssoClient, ownKeyClient }: ProviderSetting,
): SignInMode | null {
  if (client === ssoClient) return 'sso';
  return client === ownKeyClient ? 'own-key' : null;
}

/** The account that signed in is the one that the person has bound, to the letter. */
export function refusedAccount(
  { issuer, subject, email }: VerifiedSignIn,
  binding: BindingRow | null,
): SignInRefusal | null {
  if (binding === null) return refuseSignIn({ code: 'not-bound' });
  if (binding.issuer !== issuer || binding.subject !== subject)
    return refuseSignIn({ code: 'other-account', expected: binding.email, found: email });
  // The certificate will name the address, and the log binds the person to the one of then.
  return email === binding.email
    ? null
    : refuseSignIn({ code: 'email-differs', expected: binding.email, found: email ?? '' });
}
