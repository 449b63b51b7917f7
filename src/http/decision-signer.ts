import { sign } from 'node:crypto';
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

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key with the header of all that it signs, encoded. */
type Opened = ReturnType<typeof readDecisionKey> & { readonly header: string };

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
  const known = new Map<string, Opened>();
  const opened = ({ privateJwk, keyId }: DecisionKeyPair): Opened => {
    const before = known.get(keyId);
    if (before !== undefined) return before;
    const header = encoded({ alg: 'EdDSA', kid: keyId, typ: DECISION_TYPE });
    const key = { ...readDecisionKey(privateJwk, keyId), header };
    known.set(keyId, key);
    return key;
  };
  keys().forEach(opened);
  return {
    // On this thread: handing one signature to another takes longer than making it.
    async sign(claims) {
      const [signing] = keys();
      const { header, privateKey } = opened(signing);
      // RFC 7515 §5.1, steps 3 to 6.
      const input = `${header}.${encoded({ ...claims, iss: issuer })}`;
      const signature = sign(null, Buffer.from(input), privateKey);
      return `${input}.${signature.toString('base64url')}`;
    },
    jwks: () => ({ keys: keys().map((key) => opened(key).published) }),
  };
}
