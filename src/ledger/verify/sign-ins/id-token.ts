import type { JsonValue } from '../../canonical-json.ts';
import {
  anyText,
  flag,
  integer,
  listOf,
  membersOf,
  scalar,
  text,
  type Shape,
  type Shaped,
} from '../../shape.ts';

/**
 * The signature algorithms that are taken (RFC 7518 §3.1, RFC 8037): those of public keys. Neither
 * `none` nor an HMAC, whose key whoever verifies would hold too.
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

export type JwsAlgorithm = (typeof ALGORITHMS)[number];

/** What an ID token says (OpenID Connect Core 1.0 §2). Nothing in it is verified yet. */
export interface IdToken {
  readonly alg: JwsAlgorithm;
  /** Which of the provider's keys signed, if the token says. */
  readonly keyId: string | null;
  readonly issuer: string;
  readonly subject: string;
  /** Who asked: `azp`, else the one audience; `null` for a token of several without `azp`. */
  readonly client: string | null;
  readonly nonce: string | null;
  /** Verified by the provider; `null` where there is none, or one that is not verified. */
  readonly email: string | null;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When the person signed in, where the token says; epoch milliseconds. */
  readonly authenticatedAt: number | null;
  /** What the signature is over, in ASCII. */
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

export type IdTokenReading =
  | { readonly ok: true; readonly token: IdToken }
  | { readonly ok: false; readonly code: 'id-token-malformed' | 'id-token-algorithm' };

const MALFORMED = { ok: false, code: 'id-token-malformed' } as const;

/** Reads a JWT in the compact form (RFC 7519, RFC 7515 §7.1). */
export function readIdToken(compact: string): IdTokenReading {
  const [head = '', body = '', sealed = '', ...more] = compact.split('.');
  const [header, claims] = [jsonOf(head), claimsOf(jsonOf(body))];
  const signature = bytesOf(sealed);
  const members = membersOf(header);
  // Extensions that must be understood (`crit`) are none that this reader understands.
  if (more.length > 0 || members === undefined || 'crit' in members) return MALFORMED;
  if (signature === undefined || claims === undefined) return MALFORMED;
  const alg = ALGORITHMS.find((one) => one === members['alg']);
  if (alg === undefined) return { ok: false, code: 'id-token-algorithm' };
  const keyId = members['kid'] ?? null;
  if (keyId !== null && typeof keyId !== 'string') return MALFORMED;
  const signingInput = new TextEncoder().encode(`${head}.${body}`);
  return { ok: true, token: { alg, keyId, ...claims, signingInput, signature } };
}

/** In ms. A time that cannot be counted exactly is none. */
const seconds: Shape<number> = (value, path) => {
  // Some providers write fractions; what is told here is held to minutes.
  const whole = typeof value === 'number' ? Math.floor(value) : value;
  const read = integer(whole, path);
  if (!read.ok) return read;
  const ms = read.value * 1000;
  return Number.isSafeInteger(ms) ? { ok: true, value: ms } : integer(null, path);
};

const audience: Shape<readonly string[]> = (value, path) =>
  Array.isArray(value) ? listOf(text())(value, path) : one(text()(value, path));

const one = (read: Shaped<string>): Shaped<readonly string[]> =>
  read.ok ? { ok: true, value: [read.value] } : read;

/** A boolean, or one in quotes, as some providers write `email_verified`. */
const verified: Shape<boolean> = (value, path) =>
  value === 'true' || value === 'false' ? { ok: true, value: value === 'true' } : flag(value, path);

const optional =
  <Value>(shape: Shape<Value>): Shape<Value | null> =>
  (value, path) =>
    value === undefined || value === null ? { ok: true, value: null } : shape(value, path);

type Claims = Omit<IdToken, 'alg' | 'keyId' | 'signingInput' | 'signature'>;

const CLAIMS = {
  iss: text(),
  sub: text(),
  aud: audience,
  azp: optional(text()),
  exp: seconds,
  iat: seconds,
  auth_time: optional(seconds),
  nonce: optional(scalar((value) => (typeof value === 'string' ? value : undefined))),
  email: optional(anyText),
  email_verified: optional(verified),
};

type Read = { readonly [Name in keyof typeof CLAIMS]: ReturnType<(typeof CLAIMS)[Name]> };

/** The claims that are looked at; a token may hold any others. */
function claimsOf(json: JsonValue | undefined): Claims | undefined {
  const members = membersOf(json);
  if (members === undefined) return undefined;
  const read = Object.fromEntries(
    Object.entries(CLAIMS).map(([name, shape]) => [
      name,
      shape(Object.hasOwn(members, name) ? members[name] : undefined, name),
    ]),
  ) as Read;
  const { iss, sub, aud, azp, exp, iat, auth_time: authTime, nonce, email } = read;
  const { email_verified: isVerified } = read;
  if (!iss.ok || !sub.ok || !aud.ok || !azp.ok || !exp.ok || !iat.ok) return undefined;
  if (!authTime.ok || !nonce.ok || !email.ok || !isVerified.ok) return undefined;
  const sole = aud.value.length === 1 ? (aud.value[0] ?? null) : null;
  return {
    issuer: iss.value,
    subject: sub.value,
    client: azp.value ?? sole,
    nonce: nonce.value,
    email: isVerified.value === true ? email.value : null,
    issuedAt: iat.value,
    expiresAt: exp.value,
    authenticatedAt: authTime.value,
  };
}

/** Base64url without padding, in its one spelling (RFC 7515 §2, RFC 4648 §3.5). */
function bytesOf(encoded: string): Uint8Array | undefined {
  const bytes = Buffer.from(encoded, 'base64url');
  return encoded !== '' && bytes.toString('base64url') === encoded
    ? new Uint8Array(bytes)
    : undefined;
}

function jsonOf(encoded: string): JsonValue | undefined {
  const bytes = bytesOf(encoded);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
  } catch {
    return undefined;
  }
}
