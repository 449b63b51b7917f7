import { attest, type SignOptions } from 'sigstore';
import { IN_TOTO } from './attestation-state.ts';
import { redact } from './redact.ts';
import type { SigningServices } from './attest.ts';

/** Sigstore's own client gave up, after its retries. Its cause is left out: it can hold the token. */
export class NotAttested extends Error {
  override name = 'NotAttested';
  readonly code = 'not-attested';
}

/**
 * Attests a statement with Sigstore's own client, its timeouts and its retries: for what nobody
 * waits for. An approval that somebody waits for goes through `attest`, which keeps a budget.
 *
 * @param identityToken an OIDC token for this statement; secret.
 * @throws NotAttested
 */
export async function attestPatiently(
  statementBytes: Uint8Array,
  identityToken: string,
  { fulcioUrl, tsaUrl, rekorUrl }: SigningServices,
): Promise<unknown> {
  const options: SignOptions = {
    fulcioURL: fulcioUrl,
    tsaServerURL: tsaUrl,
    identityToken,
    ...(rekorUrl === undefined ? { tlogUpload: false } : { rekorURL: rekorUrl }),
  };
  try {
    return await attest(Buffer.from(statementBytes), IN_TOTO, options);
  } catch (error) {
    const said = error instanceof Error ? redact(error.message) : 'an unknown error';
    // oxlint-disable-next-line preserve-caught-error -- the cause can hold the token
    throw new NotAttested(`Sigstore did not attest: ${said}`);
  }
}
