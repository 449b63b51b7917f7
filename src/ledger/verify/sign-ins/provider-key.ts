import { canonicalJson, type JsonValue } from '../../canonical-json.ts';
import { hex, sha256 } from '../../digest.ts';
import { membersOf } from '../../shape.ts';

/** A public key of an identity provider. */
export interface ProviderKey {
  /** SHA-256 thumbprint (RFC 7638), in hex: the same key, whatever else stands beside it. */
  readonly thumbprint: string;
  readonly keyId: string | null;
  /** The algorithm that it is for alone, if it says. */
  readonly alg: string | null;
  readonly jwk: JsonValue;
}

/** The members that make the key, by its type (RFC 7638 §3.2, RFC 8037 §2). No symmetric key. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/** The members of a public key and of its use (RFC 7517 §4, RFC 7518 §6); no private one is among them. */
const SHOWN = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'] as const;

/** Members of private and of symmetric keys (RFC 7518 §6). */
const SECRET = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth'];

/** Whether a value is a JWK that holds nothing secret, of whatever kind. */
export function isPublic(jwk: JsonValue | undefined): boolean {
  const members = membersOf(jwk);
  return members !== undefined && 'kty' in members && !SECRET.some((one) => one in members);
}

/** A public JWK (RFC 7517) for signatures; `undefined` for any other, and for a private one. */
export function readProviderKey(jwk: JsonValue | undefined): ProviderKey | undefined {
  const members = membersOf(jwk);
  if (members === undefined || !isPublic(jwk)) return undefined;
  const { use = 'sig', kid = null, alg = null, kty } = members;
  const names = MEMBERS.get(typeof kty === 'string' ? kty : '');
  if (names === undefined || use !== 'sig') return undefined;
  if (!isTextOrNull(kid) || !isTextOrNull(alg)) return undefined;
  const own = names.map((name) => [name, members[name]] as const);
  if (!own.every((pair): pair is [string, string] => isText(pair[1]))) return undefined;
  const thumbprint = hex(sha256(canonicalJson(Object.fromEntries(own))));
  // Only what makes the key goes to whoever verifies with it.
  return { thumbprint, keyId: kid, alg, jwk: Object.fromEntries(own) };
}

/**
 * A key as a provider publishes it, without whatever else stands beside it; `undefined` for one that
 * `readProviderKey` would not take, with which nobody could verify a token later.
 */
export function publicSigningKey(jwk: JsonValue): Readonly<Record<string, string>> | undefined {
  const members = membersOf(jwk) ?? {};
  const shown = SHOWN.flatMap((name) => {
    const value = members[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const key = Object.fromEntries(shown);
  return readProviderKey(key) === undefined ? undefined : key;
}

/** A lone surrogate has no UTF-8: no thumbprint could be taken of it, and no entry could hold it. */
const isText = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && value.isWellFormed();

const isTextOrNull = (value: JsonValue | undefined): value is string | null =>
  value === null || isText(value);
