import type { Instant } from '#domain/instant';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { SignInMode } from '#domain/tenant-event';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import type { BypassCard, PersonView } from './card.ts';
import type { SignInRefusal } from './sign-in-refusal.ts';

/** The tenant's identity provider, as the operator set it. */
export interface ProviderSetting {
  /** Letter by letter as `iss` in its tokens. */
  readonly issuer: string;
  /** The OpenID Connect client whose key the service holds during a sign-in. */
  readonly ssoClient: string;
  /** The public client of `breakglass approve`: loopback redirects alone. `null` offers no own key. */
  readonly ownKeyClient: string | null;
  /** Where links lead, without the link itself: `https://breakglass.example/sign-in/`. */
  readonly linkBase: string;
}

/**
 * An approval that lacks only its approver's sign-in: the statement is fixed, so that the sign-in can
 * be bound to it. Nothing of it is in the log.
 */
export interface PreparedApproval {
  readonly tenant: TenantId;
  readonly bypass: BypassId;
  /** Canonical JSON of the in-toto Statement: exactly these bytes are signed. */
  readonly statement: Uint8Array;
  readonly digest: Digest;
  /** Who must sign in. */
  readonly approver: ApproverView;
  readonly ttlMs: number;
  /** Everything about the request, as it stands now. */
  readonly card: BypassCard;
  /** When the press was stored: a sign-in older than that is not fresh. */
  readonly pressedAt: Instant;
  /** From then on the link leads nowhere. */
  readonly expiresAt: Instant;
  readonly provider: ProviderSetting;
}

export interface ApproverView extends PersonView {
  readonly person: PersonId;
  /** The account at the provider that is theirs; `null` until they bound one. */
  readonly binding: {
    readonly issuer: string;
    readonly subject: string;
    readonly email: string;
  } | null;
  /** The address that an account must have to be bound; `null` if the policy states none. */
  readonly mustBeEmail: string | null;
}

/**
 * What an ID token says, after its signature, issuer, audience and times were verified (OpenID
 * Connect Core §3.1.3.7). Nothing here is believed from a token that was not.
 */
export interface VerifiedSignIn {
  readonly issuer: string;
  readonly subject: string;
  /** `null` if the token has none. */
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** `null` if the token has none, which is refused. */
  readonly nonce: string | null;
  /** `azp`, else the one audience. */
  readonly client: string;
  /** `iat`, in epoch milliseconds. */
  readonly issuedAt: Instant;
  /** `auth_time`, in epoch milliseconds; `null` if the token has none. */
  readonly authenticatedAt: Instant | null;
}

export interface HandedIn {
  /** A Sigstore bundle (v0.3) over the prepared statement. */
  readonly bundle: JsonValue;
  /** The compact JWT that the certificate was issued on. */
  readonly idToken: string;
  /** What that token says. */
  readonly signIn: VerifiedSignIn;
  /** The entry that records the key set that verified the token, as `relyOn` gave it. */
  readonly keys: Digest;
}

export interface Completed {
  readonly completed: true;
  /** This approval was the last one needed: the gate is in bypass now. */
  readonly activated: boolean;
  readonly card: BypassCard;
}

/**
 * A person's sign-in at their identity provider, from the link they were given to the approval in
 * the log. A link is 32 random bytes in base64url, good for one person, one request and ten minutes;
 * it is a secret, and appears in no log. Every answer may be a refusal; what throws is a fault.
 */
export interface SignIns {
  /** What a link asks for. Changes nothing, so that previews and prefetches use nothing up. */
  show(link: string): Promise<PreparedApproval | SignInRefusal>;
  /**
   * Records the signing keys that the provider publishes now, unless they are those recorded last,
   * and with witnesses configured waits, bounded, until they have cosigned that. To be called before
   * the browser is sent away, and again before a token is believed: a token may be verified with
   * recorded keys alone. Public members are recorded and nothing else.
   *
   * @param keys the `keys` of the provider's JWK Set (RFC 7517), as fetched.
   * @returns the statement of the `provider.keys` entry.
   */
  relyOn(
    link: string,
    keys: readonly JsonValue[],
  ): Promise<{ readonly entry: Digest } | SignInRefusal>;
  /**
   * The key sets that were relied on since the press, oldest first: the only ones that may verify a
   * token, so a key that left the set in between is none of them.
   */
  reliedOn(
    link: string,
  ): Promise<
    readonly { readonly entry: Digest; readonly keys: readonly JsonValue[] }[] | SignInRefusal
  >;
  /**
   * Keeps what must survive until the browser comes back to any replica (private key, PKCE verifier,
   * hash of the browser's cookie), sealed and for as long as the link. An earlier attempt of the same
   * link ends. The handle is 32 random bytes in base64url: `state`, or the field of a form.
   */
  begin(link: string, secret: Uint8Array): Promise<{ readonly handle: string } | SignInRefusal>;
  /**
   * Gives what was kept, and forgets it: a second call, on any replica, is `attempt-over`.
   *
   * @param isOwner whether who asks is who it was kept for. If not, it is `other-browser` and stays
   *   kept: a handle stands in addresses, which others may open.
   */
  resume(
    handle: string,
    isOwner: (secret: Uint8Array) => boolean,
  ): Promise<Resumed | SignInRefusal>;
  /**
   * Binds the account that signed in to the link's approver, who was shown both and confirmed. Its
   * address must be the one that the policy states for them. Bound
   * already to the same account, it changes nothing.
   */
  bind(link: string, signIn: VerifiedSignIn): Promise<{ readonly bound: true } | SignInRefusal>;
  /**
   * Whether `complete` would take this sign-in: what it refuses here needs no certificate, and
   * `not-bound` here leads to the page that asks to bind. The nonce is not judged.
   */
  check(
    link: string,
    signIn: VerifiedSignIn,
  ): Promise<{ readonly mode: SignInMode } | SignInRefusal>;
  /**
   * Commits the approval with the bundle that was signed on the sign-in, judged again as of now. Once:
   * of two calls with the same link at the same moment, one is `link-used`. `not-bound` says that
   * signature, nonce and keys are good, and only the account is not bound yet. After `not-approved` and
   * `statement-moved` the link is spent; after every other refusal it may be tried again.
   *
   * @throws LookUpFailed and database errors: nothing changed, and the same call may be tried again.
   */
  complete(link: string, handedIn: HandedIn): Promise<Completed | SignInRefusal>;
}

export interface Resumed {
  readonly link: string;
  readonly prepared: PreparedApproval;
  readonly secret: Uint8Array;
}

/** Reads and verifies the bundle of a sign-in. */
export interface BundleReader {
  /**
   * `null` for a bundle that does not verify: under the service's trusted root where it has one, else
   * at least as a signature over the statement by the key of its certificate.
   */
  read(bundle: JsonValue, statement: Uint8Array): SignedBundle | null;
}

/** What the certificate of a bundle says. */
export interface SignedBundle {
  /** Its one rfc822Name. */
  readonly email: string;
  readonly issuer: string;
  /** The token's `sub` (1.3.6.1.4.1.57264.1.24). */
  readonly subject: string;
  /** The public key, SPKI in DER. */
  readonly spki: Uint8Array;
}

/** What the witnesses of the tenant's log have seen. */
export interface Cosigned {
  /**
   * When a witness first cosigned a checkpoint over the first `size` entries or more, by its clock;
   * `null` if none has. May wait some seconds for it.
   */
  cosignedAt(tenant: TenantId, size: number): Promise<Instant | null>;
}

/** What sign-ins need beyond the stores. */
export interface SignInSetting {
  readonly provider: ProviderSetting;
  readonly bundles: BundleReader;
  /** `null` where no witness is configured: then keys are relied on once they are recorded. */
  readonly cosigned: Cosigned | null;
}

/** Finds whose a link or handle is, before a tenant is known. */
export interface SignInDirectory {
  /** `null` for what nobody gave out. @param hash as `linkHash` and `handleHash` make it. */
  find(hash: Uint8Array): Promise<{ readonly tenant: TenantId; readonly id: string } | null>;
}
