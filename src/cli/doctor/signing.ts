import type { Config } from '#runtime/config/read-config';
import { readText } from '../read-text.ts';
import { trustedRootIn } from '../trusted-root-file.ts';
import { UsageError } from '../report-failure.ts';
import { sigstoreCheck } from '../sigstore-check.ts';
import { about, type Finding } from './finding.ts';

/** Signs something that is no entry and verifies it, as `breakglass sigstore check` does. */
export async function signingFindings(
  { sigstore }: Config,
  trustedRoot: string | null,
): Promise<readonly Finding[]> {
  const { ok, failed, skipped } = about('signing');
  // The embedded authority answers nobody but its own process.
  if (sigstore === 'embedded') return [];
  if (trustedRoot === null)
    return [skipped('Not tried: give --trusted-root, and nothing is signed but a trial.')];
  try {
    const read = trustedRootIn(await readText('--trusted-root', trustedRoot), trustedRoot);
    if ('problem' in read) return [failed(read.problem, 'Get the trusted root anew.')];
    const checked = await sigstoreCheck(read.root);
    if (checked.ok) return [ok(`A trial was signed in ${checked.tookMs} ms, and verifies.`)];
    const where = checked.at === 'signing' ? 'Nothing was signed' : 'Signed, but not verified';
    return [failed(`${where}: ${checked.code}, ${checked.detail}.`, 'docs/sigstore.md')];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [failed(error.message, 'See breakglass doctor --help.')];
  }
}
