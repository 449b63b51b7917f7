import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose';
import { z } from 'zod';
import { SignInFailed } from './sign-in-failed.ts';

/** A public signing key of a provider (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>>;

// Asymmetric alone: with a shared secret, whoever verifies could have signed.
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
  'Ed25519',
];

// What a verifier needs of a key, and nothing else of what a provider may have written beside it.
const MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'] as const;
const MOST_KEYS = 64;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MOST_KEYS) });

/** The public keys for signatures in a JWK Set. @throws SignInFailed «provider-unusable». */
export function publishedKeys(document: unknown): readonly PublicJwk[] {
  const parsed = keySet.safeParse(document);
  if (!parsed.success) throw new SignInFailed('provider-unusable', 'no key set');
  const keys = parsed.data.keys.filter(
    (key) => key.kty !== 'oct' && (key['use'] ?? 'sig') === 'sig',
  );
  if (keys.length === 0) throw new SignInFailed('provider-unusable', 'no keys in its key set');
  return keys.map(publicMembers);
}

function publicMembers(key: Readonly<Record<string, unknown>>): PublicJwk {
  const members = MEMBERS.flatMap((name) => {
    const value = key[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(members);
}

/**
 * The payload of a compact JWS that one of the published keys signed (RFC 7515 §5.2).
 * @param algorithms those that the provider says it signs with.
 * @throws SignInFailed with «token-malformed» or «token-signature».
 */
export async function verifySignature(
  token: string,
  keys: readonly PublicJwk[],
  algorithms: readonly string[],
): Promise<unknown> {
  const { alg, kid } = headerOf(token);
  if (!ALGORITHMS.includes(alg) || !algorithms.includes(alg)) {
    throw new SignInFailed('token-signature', 'an algorithm that is not offered');
  }
  const candidates = keys.filter(
    (key) =>
      (kid === undefined || key['kid'] === undefined || key['kid'] === kid) &&
      (key['alg'] ?? alg) === alg,
  );
  for (const key of candidates) {
    const payload = await payloadSignedBy(token, key, alg);
    if (payload !== undefined) return parsePayload(payload);
  }
  throw new SignInFailed('token-signature');
}

async function payloadSignedBy(
  token: string,
  key: PublicJwk,
  alg: string,
): Promise<Uint8Array | undefined> {
  try {
    const verified = await compactVerify(token, await importJWK({ ...key }, alg), {
      algorithms: [alg],
    });
    return verified.payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    if (error instanceof errors.JWSInvalid) throw malformed();
    // A key of another kind than the algorithm, or one that cannot be read, is not the signer's.
    return undefined;
  }
}

function headerOf(token: string): { readonly alg: string; readonly kid: string | undefined } {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    if (typeof alg === 'string') return { alg, kid };
  } catch {
    // jose's words quote the token; ours say enough.
  }
  throw malformed();
}

function parsePayload(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed();
  }
}

const malformed = (): SignInFailed => new SignInFailed('token-malformed');
