import type { Instant } from '#domain/instant';
import type { Refusal } from '#domain/refusal';
import type { BypassCard } from './card.ts';

/** Why a step of a sign-in changes nothing. A value; each surface has one place for its words. */
export type SignInRefusal = { readonly refused: true } & SignInRefusalReason;

export type SignInRefusalReason =
  /** Nobody gave out such a link or handle, or it is long gone. */
  | { readonly code: 'link-unknown' }
  /** The approval stands already. */
  | { readonly code: 'link-used' }
  /** It led to an approval that was refused: press Approve again. */
  | { readonly code: 'link-spent' }
  /** Approve was pressed again: only the newest link counts. */
  | { readonly code: 'link-replaced' }
  | { readonly code: 'link-expired'; readonly at: Instant }
  /** What was kept for this browser was taken already, or another attempt replaced it: begin again. */
  | { readonly code: 'attempt-over' }
  /** What was kept is another browser's; it waits for that one still. */
  | { readonly code: 'other-browser' }
  /** No provider is configured any more. */
  | { readonly code: 'provider-not-set' }
  /** The keys are recorded, and no witness has cosigned that yet: try again in a moment. */
  | { readonly code: 'keys-not-witnessed' }
  /** The provider changed its keys since: sign in again. */
  | { readonly code: 'keys-moved' }
  | { readonly code: 'email-not-verified' }
  /** The policy states no address for the person, so no account can be bound to them. */
  | { readonly code: 'email-not-stated' }
  /** The account's address is not the one that the policy states for the person, or that is bound. */
  | { readonly code: 'email-differs'; readonly expected: string; readonly found: string }
  /** The account at the provider is another person's. */
  | { readonly code: 'account-taken' }
  /** The person has bound no account yet: `bind` first. */
  | { readonly code: 'not-bound' }
  /** Another account signed in than the one bound. */
  | { readonly code: 'other-account'; readonly expected: string; readonly found: string | null }
  /** Another client asked for the token than those configured. */
  | { readonly code: 'other-client' }
  /** The person was signed in before they pressed, or the provider does not say when. */
  | { readonly code: 'sign-in-too-old' }
  /** The token was not issued for this statement and this key. */
  | { readonly code: 'nonce-differs' }
  /** The bundle does not verify, or its certificate is not of this sign-in. */
  | { readonly code: 'bundle-refused'; readonly why: BundleFault }
  /** What would be recorded now is not what was signed: press Approve again. */
  | { readonly code: 'statement-moved' }
  /** The approval itself is refused now; the presser is told in Slack, too. */
  | { readonly code: 'not-approved'; readonly refusal: Refusal; readonly card: BypassCard };

export type BundleFault =
  /** Its signature, certificate, timestamp or log entry does not verify. */
  | 'not-verified'
  /** Its certificate names another issuer, subject or address than the ID token. */
  | 'other-identity';

export const refuseSignIn = (reason: SignInRefusalReason): SignInRefusal => ({
  refused: true,
  ...reason,
});
