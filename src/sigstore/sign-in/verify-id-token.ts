import { compactVerify, errors, importJWK } from 'jose';
import { readIdToken, type JwsAlgorithm } from '#ledger/verify/sign-ins/id-token';
import type { PublicJwk } from './published-keys.ts';
import { SignInFailed } from './sign-in-failed.ts';

/**
 * The payload of an ID token that one of the published keys signed (RFC 7515 §5.2), read as an
 * auditor reads it: what they would not take must never stand in a log, which nobody can mend. A
 * signature can be spelled in other letters by whoever hands the token in.
 *
 * @param algorithms those that the provider says it signs with.
 * @throws SignInFailed with «token-malformed» or «token-signature».
 */
export async function verifyIdToken(
  token: string,
  keys: readonly PublicJwk[],
  algorithms: readonly string[],
): Promise<unknown> {
  const { alg, kid } = headerOf(token);
  if (!algorithms.includes(alg)) throw notOffered();
  const candidates = keys.filter(
    (key) =>
      (kid === null || key['kid'] === undefined || key['kid'] === kid) &&
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

function headerOf(token: string): { readonly alg: JwsAlgorithm; readonly kid: string | null } {
  const reading = readIdToken(token);
  if (!reading.ok) throw reading.code === 'id-token-algorithm' ? notOffered() : malformed();
  return { alg: reading.token.alg, kid: reading.token.keyId };
}

function parsePayload(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed();
  }
}

const notOffered = (): SignInFailed =>
  new SignInFailed('token-signature', 'an algorithm that is not offered');

const malformed = (): SignInFailed => new SignInFailed('token-malformed');
