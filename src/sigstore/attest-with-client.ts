import { attest, type SignOptions } from 'sigstore';
import type { SigningServices } from './attest.ts';
import { IN_TOTO } from './attestation-state.ts';
import { redact } from './redact.ts';

/** Sigstore's own client gave up, after its retries. Its cause is left out: it can hold the token. */
export class NotAttested extends Error {
  override name = 'NotAttested';
  readonly code = 'not-attested';
}

export interface ClientAttestOptions {
  readonly statementBytes: Uint8Array;
  /** An OIDC token for this statement; secret. */
  readonly identityToken: string;
  readonly services: SigningServices;
  /** Stops waiting. The client cannot be told to stop, so its open call ends by its own timeout. */
  readonly signal: AbortSignal;
}

/**
 * Attests a statement with Sigstore's own client, its timeouts and its retries: for what nobody waits
 * for and what need not be resumed. The client speaks Rekor v1 alone; a log of version 2 wants
 * `attestPatiently`.
 *
 * @throws NotAttested
 */
export async function attestWithClient({
  statementBytes,
  identityToken,
  services: { fulcioUrl, tsaUrl, rekorUrl },
  signal,
}: ClientAttestOptions): Promise<unknown> {
  const options: SignOptions = {
    fulcioURL: fulcioUrl,
    identityToken,
    ...(tsaUrl === undefined ? {} : { tsaServerURL: tsaUrl }),
    ...(rekorUrl === undefined ? { tlogUpload: false } : { rekorURL: rekorUrl }),
  };
  try {
    return await Promise.race([
      attest(Buffer.from(statementBytes), IN_TOTO, options),
      given(signal),
    ]);
  } catch (error) {
    if (error instanceof NotAttested) throw error;
    const said = error instanceof Error ? redact(error.message) : 'an unknown error';
    // oxlint-disable-next-line preserve-caught-error -- the cause can hold the token
    throw new NotAttested(`Sigstore did not attest: ${said}`);
  }
}

function given(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new NotAttested('Sigstore did not attest: the service is stopping'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
