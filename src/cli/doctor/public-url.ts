import type { Config } from '#runtime/config/read-config';
import { about, type Finding } from './finding.ts';

const TIMEOUT_MS = 5_000;
const DISCOVERY = '/.well-known/openid-configuration';

/**
 * Whether PUBLIC_URL leads to a running service that goes by this name: Fulcio reads the issuer's keys
 * there, and gates ask there.
 */
export async function publicUrlFindings({ publicUrl }: Config): Promise<readonly Finding[]> {
  const { ok, warning, failed, skipped } = about('PUBLIC_URL');
  if (publicUrl === null) return [skipped('Not set: the service is for this machine alone.')];
  const remedy = 'If the service runs: see that what stands in front of it hands on to it.';
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(publicUrl + DISCOVERY, { signal, redirect: 'error' });
    if (!answer.ok) return [failed(`${publicUrl}${DISCOVERY} answers ${answer.status}.`, remedy)];
    const issuer = issuerOf(await answer.json());
    if (issuer === publicUrl) return [ok(`${publicUrl} leads to a service of that name.`)];
    return [
      failed(
        `${publicUrl} leads to a service that calls itself something else.`,
        'Set the same PUBLIC_URL everywhere, letter by letter.',
      ),
    ];
  } catch {
    // Refused, not resolved, late, or no JSON: there is one thing to do about all of them.
    return [warning(`Nothing of ours answers at ${publicUrl}.`, `Start the service. ${remedy}`)];
  }
}

const issuerOf = (document: unknown): unknown =>
  typeof document === 'object' && document !== null && 'issuer' in document
    ? document.issuer
    : null;
