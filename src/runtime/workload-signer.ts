import type { Logger } from 'pino';
import type { WorkloadSigner } from '#application/ports/workload';
import type { JsonValue } from '#ledger/canonical-json';
import { attestWithClient, NotAttested } from '#sigstore/attest-with-client';
import { attestPatiently, PATIENT_BUDGETS } from '#sigstore/attest-patiently';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import { stageGuard } from '#sigstore/stage-guard';
import {
  githubActionsToken,
  tokenInFile,
  WorkloadTokenUnavailable,
  type WorkloadTokenSource,
} from '#sigstore/workload-token';
import type { WorkloadConfig } from './config/sigstore-settings.ts';
import { servicesAt } from './config/sigstore-urls.ts';
import { openCircuits } from './open-circuits.ts';

/**
 * Signs with the token that the platform gives this process, at a Sigstore of its own perhaps.
 *
 * @param stopping ends a signature under way: a stop does not wait for a service that is silent.
 */
export function workloadSigner(
  { token, audience, sigstore }: WorkloadConfig,
  log: Pick<Logger, 'info' | 'warn'>,
  stopping: AbortSignal,
): WorkloadSigner {
  const source = sourceOf(token, audience);
  const guard = stageGuard(PATIENT_BUDGETS, openCircuits(log));
  const services = servicesAt(sigstore);
  return {
    async sign(statementBytes) {
      const common = { statementBytes, services, signal: stopping };
      try {
        // Sigstore's own client suffices where it can speak to the log.
        const bundle: unknown =
          services.rekorVersion === 2
            ? await attestPatiently({ ...common, guard, identityToken: () => source.token() })
            : await attestWithClient({ ...common, identityToken: await source.token() });
        return bundle as JsonValue;
      } catch (err) {
        if (!isExpected(err)) throw err;
        log.warn({ err, code: err.code }, 'the workload did not vouch for the log');
        return null;
      }
    },
  };
}

function sourceOf(token: WorkloadConfig['token'], audience: string): WorkloadTokenSource {
  return token.kind === 'file'
    ? tokenInFile(token.path)
    : githubActionsToken(audience, process.env);
}

const isExpected = (
  error: unknown,
): error is NotAttested | SignerUnavailable | SigningRefused | WorkloadTokenUnavailable =>
  error instanceof NotAttested ||
  error instanceof SignerUnavailable ||
  error instanceof SigningRefused ||
  error instanceof WorkloadTokenUnavailable;
