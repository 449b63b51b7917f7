import { z } from 'zod';
import type { Instant } from '#domain/instant';
import { SIGN_IN_SKEW_MS } from '#domain/sign-in';
import type { TokenFailureCode } from '#application/ports/identity-provider';
import type { VerifiedSignIn } from '#application/ports/sign-in';

/** Who may have asked whom for a token. */
export interface ExpectedToken {
  /** Letter by letter. */
  readonly issuer: string;
  readonly clients: readonly string[];
  readonly now: Instant;
}

/** The act that a sign-in must be for. */
export interface ExpectedAct {
  readonly nonce: string;
  /** When the person was sent to the provider. */
  readonly begunAt: Instant;
  readonly now: Instant;
}

/** NumericDate (RFC 7519 §2), as far as it can be counted in ms. */
const numericDate = z.number().refine((seconds) => Number.isSafeInteger(msOf(seconds)));

const idToken = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  azp: z.string().min(1).optional(),
  exp: numericDate,
  iat: numericDate,
  nonce: z.string().optional(),
  auth_time: numericDate.optional(),
  email: z.string().optional(),
  email_verified: z.unknown().optional(),
});

type IdToken = z.infer<typeof idToken>;

/** Judges the claims of an ID token whose signature is good (OpenID Connect Core §3.1.3.7). */
export function judgeIdToken(
  payload: unknown,
  { issuer, clients, now }: ExpectedToken,
): VerifiedSignIn | TokenFailureCode {
  const parsed = idToken.safeParse(payload);
  if (!parsed.success) return 'token-malformed';
  const token = parsed.data;
  if (token.iss !== issuer) return 'token-issuer';
  const client = clientOf(token);
  if (client === undefined || !clients.includes(client)) return 'token-audience';
  if (token.exp * 1000 <= now) return 'token-expired';
  if (token.iat * 1000 > now + SIGN_IN_SKEW_MS) return 'token-from-the-future';
  return {
    issuer: token.iss,
    subject: token.sub,
    email: token.email ?? null,
    // Some providers write it as a string; Fulcio takes no such token, so neither do we.
    emailVerified: token.email_verified === true,
    nonce: token.nonce ?? null,
    client,
    issuedAt: msOf(token.iat),
    authenticatedAt: token.auth_time === undefined ? null : msOf(token.auth_time),
  };
}

/** Some providers write fractions. An auditor leaves them out, and must come to the same. */
function msOf(seconds: number): Instant {
  return Math.floor(seconds) * 1000;
}

/** Whether the person signed in for this very act, with an e-mail that a certificate can name. */
export function judgeAct(
  signIn: VerifiedSignIn,
  { nonce, begunAt, now }: ExpectedAct,
): TokenFailureCode | undefined {
  if (signIn.nonce !== nonce) return 'token-nonce';
  const { authenticatedAt: at, issuedAt } = signIn;
  const earliest = begunAt - SIGN_IN_SKEW_MS;
  if (at === null || at < earliest || issuedAt < earliest) return 'sign-in-not-fresh';
  if (at > now + SIGN_IN_SKEW_MS) return 'token-from-the-future';
  if (signIn.email === null || !isAddress(signIn.email)) return 'email-missing';
  return signIn.emailVerified ? undefined : 'email-not-verified';
}

// Several audiences say nothing of who asked, so then `azp` must, and it must be among them.
function clientOf({ aud, azp }: IdToken): string | undefined {
  const audiences = [aud].flat();
  const client = azp ?? (audiences.length === 1 ? audiences[0] : undefined);
  return client !== undefined && audiences.includes(client) ? client : undefined;
}

// As Fulcio writes it into a certificate: ASCII, in an IA5String.
function isAddress(email: string): boolean {
  return email.length <= 254 && /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(email);
}
