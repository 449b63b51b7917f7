import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { SECOND_MS, type Instant } from '#domain/instant';
import type { PersonId } from '#domain/ids';
import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import { readProviderKey, type ProviderKey } from '#ledger/verify/sign-ins/provider-key';
import { emailOf } from '#test/support/replay/history';

export const PROVIDER = 'https://id.example.com';
export const SSO_CLIENT = 'breakglass-signing';
export const OWN_KEY_CLIENT = 'breakglass-own-key';

export const subjectAt = (person: PersonId): string => `00u-${person}`;

/** What an ID token says; each left out is what it should be. */
export type Claims = Readonly<Record<string, JsonValue | undefined>>;

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An OpenID provider as far as tokens go: it signs whatever it is asked to. */
export interface TestProvider {
  readonly issuer: string;
  /** As `provider.keys` records them. */
  readonly recorded: readonly string[];
  /** As an auditor pins them. */
  readonly pinned: readonly ProviderKey[];
  readonly key: KeyObject;
  /** Signed with ES256, unless another key and algorithm are given. */
  token(claims: Claims, how?: Signed): Promise<string>;
}

export interface Signed {
  readonly alg?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly keyId?: string;
}

/** A provider with keys of its own. */
export function newProvider(issuer = PROVIDER): TestProvider {
  const pairs = {
    'ec-1': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'rsa-1': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  const jwks = Object.entries(pairs).map(([kid, pair]) => jwkOf(pair, kid));
  return {
    issuer,
    recorded: jwks.map(canonicalText).toSorted(),
    pinned: jwks.map(readProviderKey).filter((one) => one !== undefined),
    key: pairs['ec-1'].privateKey,
    token: (claims, { alg = 'ES256', key = pairs['ec-1'].privateKey, keyId = 'ec-1' } = {}) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg, kid: keyId, typ: 'JWT' }).sign(key),
  };
}

function jwkOf({ publicKey }: KeyPair, kid: string): JsonValue {
  const jwk = publicKey.export({ format: 'jwk' });
  return { ...(jwk as Readonly<Record<string, JsonValue>>), kid, use: 'sig' };
}

/** The claims of a fresh sign-in, a little after the approval's press. */
export function claimsOf(
  person: PersonId,
  { nonce, client, approvedAt }: { nonce: string; client: string; approvedAt: Instant },
): Claims {
  const authTime = Math.floor((approvedAt + 5 * SECOND_MS) / 1000);
  return {
    iss: PROVIDER,
    sub: subjectAt(person),
    aud: client,
    azp: client,
    iat: authTime + 1,
    auth_time: authTime,
    exp: authTime + 3_601,
    nonce,
    email: emailOf(person),
    email_verified: true,
  };
}

/** The provider's JWK Set (RFC 7517 §5), as its `jwks_uri` gives it. */
export const jwksOf = ({ recorded }: Pick<TestProvider, 'recorded'>): string =>
  JSON.stringify({ keys: recorded.map((one) => JSON.parse(one) as JsonValue) });
