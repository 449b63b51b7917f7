import { createHash, randomUUID } from 'node:crypto';
import type { JsonValue } from '#ledger/canonical-json';
import type { VerifyBundle } from '#ledger/verify/checks';
import { attest, type SigningServices } from './attest.ts';
import type { Issuer } from './issuer.ts';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';
import { errorText } from './parse-bundle.ts';

/** Whom the certificate of a check names: nobody (RFC 2606 §2). */
const EMAIL = 'check@breakglass.invalid';
const BUDGET_MS = 20_000;

export type SigstoreCheck =
  | {
      readonly ok: true;
      readonly tookMs: number;
      readonly issuer: string;
      /** Epoch milliseconds. */
      readonly signedAt: readonly number[];
    }
  | {
      readonly ok: false;
      /** Whether signing failed, or what was signed does not verify. */
      readonly at: 'signing' | 'verifying';
      readonly code: string;
      readonly detail: string;
    };

/**
 * Signs a statement that is no entry, as an approval is signed, and verifies it under the pinned
 * trusted root: what auditors will accept or refuse of what these services sign.
 */
export async function checkSigstore(
  issuer: Issuer,
  services: SigningServices,
  verify: VerifyBundle,
): Promise<SigstoreCheck> {
  const { bytes, digest } = checkStatement(randomUUID());
  const begun = performance.now();
  try {
    const token = { sub: digest, email: EMAIL, now: new Date(), jti: randomUUID() };
    const identityToken = await issuer.mintToken(token);
    const bundle = await attest({
      statementBytes: bytes,
      identityToken,
      services,
      budgetMs: BUDGET_MS,
    });
    const tookMs = Math.round(performance.now() - begun);
    const verdict = verify(JSON.parse(JSON.stringify(bundle)) as JsonValue, bytes);
    if (!verdict.ok) return unverified(verdict.code, 'see the trusted root');
    const { identity, issuer: named, tokenSubject, signedAt } = verdict;
    if (identity !== EMAIL || named !== issuer.issuerUrl || tokenSubject !== digest)
      return unverified('other-name', `the certificate names ${identity} by ${named}`);
    return { ok: true, tookMs, issuer: named, signedAt };
  } catch (error) {
    if (!(error instanceof SignerUnavailable || error instanceof SigningRefused)) throw error;
    const because = error.cause === undefined ? '' : ` (${errorText(error.cause)})`;
    return { ok: false, at: 'signing', code: error.code, detail: `${error.message}${because}` };
  }
}

const unverified = (code: string, detail: string): SigstoreCheck => ({
  ok: false,
  at: 'verifying',
  code,
  detail,
});

// Of a type of its own: nobody can take it for an entry, and no verifier of entries accepts it.
function checkStatement(name: string): { readonly bytes: Buffer; readonly digest: string } {
  const sha256 = createHash('sha256').update(name).digest('hex');
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicate: {},
    predicateType: 'https://safeguard.sh/breakglass/sigstore-check/v1',
    subject: [{ digest: { sha256 }, name: `check/${name}` }],
  };
  const bytes = Buffer.from(JSON.stringify(statement));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { bytes, digest };
}
