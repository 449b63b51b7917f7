import type { Refusal } from '#domain/refusal';
import type { BypassCard } from './card.ts';
import type { VerifiedSignIn } from './sign-in.ts';

/**
 * From the link in a page to a decision, without Slack. A link is 32 random bytes in base64url, good
 * for one request; it names nobody, so it is no authority: whoever follows it signs in, and is judged
 * as if they had pressed in Slack. Every answer may be a refusal; what throws is a fault.
 */
export interface DecideLinks {
  /** What a link is about. Changes nothing: mail scanners and previews follow links too. */
  show(link: string): Promise<LinkView | LinkRefusal>;
  /**
   * Keeps what must survive until the browser comes back (PKCE verifier, nonce), sealed.
   *
   * @param browser SHA-256 of the cookie that it was given, in hex.
   * @returns the `state` of the sign-in.
   */
  begin(
    link: string,
    browser: string,
    secret: Uint8Array,
  ): Promise<{ readonly handle: string } | LinkRefusal>;
  /**
   * Gives what was kept, once, to the browser that it was kept for; `handle` is what the browser goes
   * by from then on, and `link` leads back to the start.
   */
  comeBack(
    handle: string,
    isOwner: (browser: string) => boolean,
  ): Promise<
    { readonly handle: string; readonly link: string; readonly secret: Uint8Array } | LinkRefusal
  >;
  /** Finds the person by the account that is bound to them; an account that is nobody's is bound here to none. */
  identify(
    handle: string,
    signIn: VerifiedSignIn,
  ): Promise<{ readonly identified: true } | LinkRefusal>;
  /** How far the browser has come. */
  where(handle: string, isOwner: (browser: string) => boolean): Promise<Whereabouts | LinkRefusal>;
  /** Stores what the person decided: durable once it resolves, and once however often it is sent. */
  choose(
    handle: string,
    isOwner: (browser: string) => boolean,
    choice: LinkChoice,
  ): Promise<{ readonly stored: true } | LinkRefusal>;
}

/** What a link shows before anybody signed in: nothing that somebody typed, since mail is forwarded. */
export interface LinkView extends Pick<
  BypassCard,
  'phase' | 'gate' | 'gates' | 'drill' | 'evaluation' | 'pendingUntilAt' | 'grant'
> {
  readonly service: string;
  readonly environment: string;
  /** Where one signs in. */
  readonly issuer: string;
}

export type LinkChoice =
  | { readonly kind: 'approve'; readonly ttlMs: number }
  | { readonly kind: 'deny'; readonly reason: string };

export type Whereabouts =
  /** May decide, and sees all of it. */
  | {
      readonly at: 'deciding';
      readonly card: BypassCard;
      readonly name: string;
      readonly link: string;
    }
  /** What was decided is being judged. */
  | { readonly at: 'judging' }
  /** The approval waits for its signature: on with this link of `SignIns`. */
  | { readonly at: 'signing'; readonly link: string }
  /** It stands. */
  | { readonly at: 'done'; readonly card: BypassCard };

export type LinkRefusal = { readonly refused: true } & LinkRefusalReason;

export type LinkRefusalReason =
  | { readonly code: 'link-unknown' }
  /** It led to a request that is long over. */
  | { readonly code: 'link-over' }
  /** It was used, or another browser's: begin from the link. */
  | { readonly code: 'attempt-over' }
  | { readonly code: 'other-browser' }
  /** Signed in too long ago to decide. */
  | { readonly code: 'too-late'; readonly link: string }
  /** The token was another client's, or its address is not verified. */
  | { readonly code: 'token-unfit' }
  /** The account is bound to nobody; this page binds none. */
  | { readonly code: 'not-bound' }
  /** No provider is configured any more. */
  | { readonly code: 'provider-not-set' }
  /** The press would change nothing, or did not; `link` leads to trying again. */
  | { readonly code: 'not-decided'; readonly refusal: Refusal | null; readonly link: string };

export const refuseLink = (reason: LinkRefusalReason): LinkRefusal => ({
  refused: true,
  ...reason,
});
