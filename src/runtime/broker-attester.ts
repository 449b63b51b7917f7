import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Instant } from '#domain/instant';
import type { Attester, Stages } from '#application/ports/attester';
import type { JsonValue } from '#ledger/canonical-json';
import { attest, type AttestOptions } from '#sigstore/attest';
import { attestPatiently, PATIENT_BUDGETS } from '#sigstore/attest-patiently';
import type { AttestedBundle } from '#sigstore/bundle';
import type { Issuer } from '#sigstore/issuer';
import type { SigningCircuits } from '#sigstore/signing-circuits';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import { stageGuard, type StageBudgets } from '#sigstore/stage-guard';
import { fromStoredStage, toStoredStage } from '#sigstore/stored-stage';
import { servicesAt, type SigstoreUrls } from './config/sigstore-urls.ts';

/** A person waits for this at 02:00; beyond it the tier's attestation rule says what happens. */
const ATTEST_BUDGET_MS = 2_500;
/** A Rekor v2 answers once its checkpoint covers the entry, which takes it a second or two. */
const ATTEST_BUDGET_V2_MS = 4_000;

const BUDGETS: StageBudgets = { fulcio: 1_500, tsa: 1_000, rekor: 1_500 };
const BUDGETS_V2: StageBudgets = { ...BUDGETS, rekor: 3_000 };

/** Broker mode: a token of ours for one statement, then Sigstore in stages. */
export function brokerAttester(
  issuer: Issuer,
  urls: SigstoreUrls,
  circuits: SigningCircuits,
  log: Pick<Logger, 'warn'>,
): Attester {
  const services = servicesAt(urls);
  const isV2 = services.rekorVersion === 2;
  const budgetMs = isV2 ? ATTEST_BUDGET_V2_MS : ATTEST_BUDGET_MS;
  const guard = stageGuard(isV2 ? BUDGETS_V2 : BUDGETS, circuits);
  const patientGuard = stageGuard(PATIENT_BUDGETS, circuits);
  const options = (
    statementBytes: Uint8Array,
    digest: string,
    email: string,
    now: Instant,
    stages: Stages,
  ): Omit<AttestOptions, 'budgetMs'> => {
    const from = fromStoredStage(stages.from, statementBytes, new Date(now));
    return {
      statementBytes,
      services,
      identityToken: () =>
        issuer.mintToken({ sub: digest, email, now: new Date(now), jti: randomUUID() }),
      onStage: (state) => stages.reached(toStoredStage(state)),
      ...(from === undefined ? {} : { from }),
    };
  };
  return {
    async attest(...[statement, digest, email, now, stages]) {
      const asked = options(statement, digest, email, now, stages);
      const answer = await answered(stages, () => attest({ ...asked, guard, budgetMs }));
      if (answer.ok) return answer;
      log.warn({ err: answer.error, code: answer.error.code }, 'Sigstore did not sign an approval');
      return { ok: false, fault: answer.fault };
    },
    async attestPatiently(...[statement, digest, email, now, stages]) {
      const asked = options(statement, digest, email, now, stages);
      const answer = await answered(stages, () =>
        attestPatiently({ ...asked, guard: patientGuard }),
      );
      if (answer.ok) return answer.bundle;
      log.warn({ err: answer.error, code: answer.error.code }, 'an approval stays provisional');
      return null;
    },
  };
}

type Answer =
  | { readonly ok: true; readonly bundle: JsonValue }
  | {
      readonly ok: false;
      readonly fault: 'unavailable' | 'refused';
      readonly error: SignerUnavailable | SigningRefused;
    };

async function answered(stages: Stages, work: () => Promise<AttestedBundle>): Promise<Answer> {
  try {
    return { ok: true, bundle: (await work()) as unknown as JsonValue };
  } catch (error) {
    if (error instanceof SignerUnavailable) return { ok: false, fault: 'unavailable', error };
    if (!(error instanceof SigningRefused)) throw error;
    // The same again would be refused again.
    stages.reached(null);
    return { ok: false, fault: 'refused', error };
  }
}
