import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Instant } from '#domain/instant';
import type { Attester } from '#application/ports/attester';
import type { JsonValue } from '#ledger/canonical-json';
import { attest } from '#sigstore/attest';
import { attestPatiently, NotAttested } from '#sigstore/attest-patiently';
import type { Issuer } from '#sigstore/issuer';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import type { SigstoreUrls } from './config/read-config.ts';

/** A person waits for this at 02:00; beyond it the tier's attestation rule says what happens. */
const ATTEST_BUDGET_MS = 2_500;

/** Broker mode: a token of ours for one statement, then Sigstore. */
export function brokerAttester(
  issuer: Issuer,
  { fulcioUrl, tsaUrl, rekorUrl }: SigstoreUrls,
  log: Pick<Logger, 'warn'>,
): Attester {
  const services = { fulcioUrl, tsaUrl, ...(rekorUrl === null ? {} : { rekorUrl }) };
  const tokenFor = (digest: string, email: string, now: Instant): Promise<string> =>
    issuer.mintToken({ sub: digest, email, now: new Date(now), jti: randomUUID() });
  return {
    async attest(statementBytes, digest, email, now) {
      try {
        const identityToken = await tokenFor(digest, email, now);
        const budgetMs = ATTEST_BUDGET_MS;
        const bundle = await attest({ statementBytes, identityToken, services, budgetMs });
        return { ok: true, bundle: bundle as unknown as JsonValue };
      } catch (error) {
        if (!(error instanceof SignerUnavailable || error instanceof SigningRefused)) throw error;
        log.warn({ err: error, code: error.code }, 'Sigstore did not sign an approval');
        return { ok: false, fault: error instanceof SigningRefused ? 'refused' : 'unavailable' };
      }
    },
    async attestPatiently(statementBytes, digest, email, now) {
      try {
        const bundle = await attestPatiently(
          statementBytes,
          await tokenFor(digest, email, now),
          services,
        );
        return bundle as JsonValue;
      } catch (error) {
        if (!(error instanceof NotAttested)) throw error;
        log.warn({ err: error }, 'an approval stays provisional');
        return null;
      }
    },
  };
}
