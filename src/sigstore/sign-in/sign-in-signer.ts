import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Logger } from 'pino';
import type { JsonValue } from '#ledger/canonical-json';
import type { SignInSigner } from '#application/ports/sign-in-signer';
import { witness, type SigningServices } from '../attest.ts';
import { toBundle } from '../bundle.ts';
import { ephemeralKey, obtainCertificate, type EphemeralKeyPair } from '../obtain-certificate.ts';
import { signStatement } from '../sign-statement.ts';
import type { SigningCircuits } from '../signing-circuits.ts';
import { SignerUnavailable, SigningRefused } from '../signing-errors.ts';
import { stageGuard, unguarded, type StageBudgets, type StageGuard } from '../stage-guard.ts';

/** Somebody looks at a page that loads; they have signed in already and would have to again. */
const SIGN_BUDGET_MS = 20_000;
const BUDGETS: StageBudgets = { fulcio: 8_000, tsa: 6_000, rekor: 8_000 };

export interface SignInSigning {
  readonly services: SigningServices;
  readonly circuits: SigningCircuits;
  readonly log: Pick<Logger, 'warn'>;
  readonly budgetMs?: number;
}

/** Signs through Sigstore on the ID token of a person's own sign-in. */
export function signInSigner(signing: SignInSigning): SignInSigner {
  const { services, circuits, log, budgetMs = SIGN_BUDGET_MS } = signing;
  const guard = stageGuard(BUDGETS, circuits);
  return {
    newKey() {
      const { privateKey, publicKey } = ephemeralKey();
      return {
        spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
        secret: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
      };
    },
    async sign(statement, secret, idToken) {
      try {
        const signal = AbortSignal.timeout(budgetMs);
        const key = keyPairOf(secret);
        const bundle = await signedOn({ statement, key, idToken, services, guard, signal });
        return { ok: true, bundle };
      } catch (error) {
        if (!(error instanceof SignerUnavailable || error instanceof SigningRefused)) throw error;
        log.warn({ err: error, code: error.code }, 'Sigstore did not sign an approval');
        return { ok: false, fault: error instanceof SigningRefused ? 'refused' : 'unavailable' };
      }
    },
  };
}

/** A sign-in to sign on. */
export interface SigningOn {
  readonly statement: Uint8Array;
  /** The key that the token is bound to. */
  readonly key: EphemeralKeyPair;
  readonly idToken: string;
  readonly services: SigningServices;
  readonly guard?: StageGuard;
  readonly signal: AbortSignal;
}

/**
 * Certificate, signature, timestamp and log entry on one ID token.
 * @throws SignerUnavailable, SigningRefused
 */
export async function signedOn(on: SigningOn): Promise<JsonValue> {
  const { statement, key, idToken, services, guard = unguarded, signal } = on;
  const certified = await guard('fulcio', statement, signal, (within) =>
    obtainCertificate(idToken, services.fulcioUrl, within, key),
  );
  const signed = signStatement(statement, certified);
  const bundle = toBundle(await witness(signed, services, signal, { guard }));
  // An optional member that is absent is written by no JSON, and a bundle is nothing else.
  return JSON.parse(JSON.stringify(bundle)) as JsonValue;
}

function keyPairOf(secret: Uint8Array): EphemeralKeyPair {
  const privateKey = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
