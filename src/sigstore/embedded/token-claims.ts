import { z } from 'zod';

/** An issuer that the authority accepts tokens from, as Fulcio's `oidc-issuers` names it. */
export interface TrustedIssuer {
  /** Compared with `iss` and with the discovery document, exactly. */
  readonly issuer: string;
  /** The audience that tokens must carry: `sigstore`. */
  readonly clientId: string;
  /** What becomes the certificate's name: the `email` claim, or `sub` as a URI. */
  readonly type: 'email' | 'uri';
  /** For `uri`: scheme and host that every `sub` must have, such as `https://ci.example.com`. */
  readonly subjectDomain?: string;
}

/** Whom a certificate is for. */
export interface TokenIdentity {
  readonly type: 'email' | 'uri';
  /** The address or URI; also what the proof of possession is over. */
  readonly name: string;
  readonly issuer: string;
  /** The raw `sub`. */
  readonly subject: string;
}

/** Claims of a token whose signature is good. */
export interface AcceptedClaims {
  readonly identity: TokenIdentity;
  readonly tokenId: string | undefined;
  readonly expiresAt: Date;
}

/** Why a token is refused. */
export type TokenRefusal =
  | 'malformed'
  | 'issuer-not-trusted'
  | 'issuer-unreachable'
  | 'algorithm-not-allowed'
  | 'signature-invalid'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'expired'
  | 'not-yet-valid'
  | 'no-subject'
  | 'email-missing'
  | 'email-not-verified'
  | 'subject-not-in-domain'
  | 'already-used';

// As go-oidc, which Fulcio uses: none for exp, five minutes for nbf.
const NOT_BEFORE_LEEWAY_S = 300;

const claims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  sub: z.string().optional(),
  jti: z.string().min(1).optional(),
  email: z.string().optional(),
  email_verified: z.unknown().optional(),
});

/** Judges the claims of a token whose signature has been checked with `issuer`'s keys. */
export function judgeClaims(
  payload: unknown,
  issuer: TrustedIssuer,
  now: Date,
): AcceptedClaims | TokenRefusal {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return 'malformed';
  const token = parsed.data;
  const seconds = now.getTime() / 1000;
  if (token.iss !== issuer.issuer) return 'wrong-issuer';
  if (![token.aud].flat().includes(issuer.clientId)) return 'wrong-audience';
  if (token.exp <= seconds) return 'expired';
  if (token.nbf !== undefined && token.nbf > seconds + NOT_BEFORE_LEEWAY_S) return 'not-yet-valid';
  const identity = identityOf(token, issuer);
  if (typeof identity === 'string') return identity;
  return { identity, tokenId: token.jti, expiresAt: new Date(token.exp * 1000) };
}

function identityOf(
  token: z.infer<typeof claims>,
  { issuer, type, subjectDomain }: TrustedIssuer,
): TokenIdentity | TokenRefusal {
  const subject = token.sub;
  if (subject === undefined || subject === '') return 'no-subject';
  if (type === 'uri') {
    if (!isUnder(subject, subjectDomain)) return 'subject-not-in-domain';
    return { type, name: subject, issuer, subject };
  }
  const { email } = token;
  if (email === undefined || !isAddress(email)) return 'email-missing';
  if (token.email_verified !== true) return 'email-not-verified';
  return { type, name: email, issuer, subject };
}

// The name goes into an IA5String, which has no room for anything but ASCII; readers that mask the
// high bit would see another address.
function isAddress(email: string): boolean {
  return email.length <= 254 && /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(email);
}

function isUnder(subject: string, domain: string | undefined): boolean {
  if (domain === undefined || !/^[\x21-\x7e]+$/.test(subject)) return false;
  if (!URL.canParse(subject) || !URL.canParse(domain)) return false;
  const [actual, expected] = [new URL(subject), new URL(domain)];
  return actual.protocol === expected.protocol && actual.hostname === expected.hostname;
}
