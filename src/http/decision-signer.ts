import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { DecisionSigner } from '#application/ports/decisions';
import { readDecisionKey, type DecisionKeyPair, type PublicDecisionKey } from './decision-key.ts';

/** `typ` of a signed decision, so that no other token of ours can pass for one (RFC 8725 §3.11). */
export const DECISION_TYPE = 'breakglass-decision+jwt';

export interface DecisionSignerOptions {
  /** The first one signs; the others are published: one that follows, and former ones. */
  readonly keys: () => readonly [DecisionKeyPair, ...DecisionKeyPair[]];
  /** `iss`: the public address of this service. */
  readonly issuer: string;
}

/** On another thread: while one answer is signed, other questions are read. */
const signBeside = promisify(sign);

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWK Set (RFC 7517 §5) of public keys. */
export interface DecisionJwks {
  readonly keys: readonly PublicDecisionKey[];
}

/**
 * Signs decisions as compact JWS with EdDSA over Ed25519 (RFC 7515, RFC 8037).
 * @throws DecisionKeyInvalid, at once for the keys of now.
 */
export function createDecisionSigner({
  keys,
  issuer,
}: DecisionSignerOptions): DecisionSigner & { jwks(): DecisionJwks } {
  const known = new Map<string, ReturnType<typeof readDecisionKey>>();
  const opened = ({ privateJwk, keyId }: DecisionKeyPair) => {
    const key = known.get(keyId) ?? readDecisionKey(privateJwk, keyId);
    known.set(keyId, key);
    return key;
  };
  keys().forEach(opened);
  return {
    async sign(claims) {
      const [signing] = keys();
      const header = encoded({ alg: 'EdDSA', kid: signing.keyId, typ: DECISION_TYPE });
      // RFC 7515 §5.1, steps 3 to 6.
      const input = `${header}.${encoded({ ...claims, iss: issuer })}`;
      const signature = await signBeside(null, Buffer.from(input), opened(signing).privateKey);
      return `${input}.${signature.toString('base64url')}`;
    },
    jwks: () => ({ keys: keys().map((key) => opened(key).published) }),
  };
}
