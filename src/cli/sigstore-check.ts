import { openInstallationKeys } from '#runtime/installation-keys';
import { servicesAt } from '#runtime/config/sigstore-urls';
import { checkSigstore, type SigstoreCheck } from '#sigstore/check-sigstore';
import { createIssuer } from '#sigstore/issuer';
import { auditChecks } from './audit-checks.ts';
import { withStores } from './open-stores.ts';
import { readEnvironment } from './read-environment.ts';
import { UsageError } from './report-failure.ts';

/**
 * `breakglass sigstore check`, with the settings and keys of the installation: Fulcio asks the
 * running service for the keys of its issuer.
 */
export async function sigstoreCheck(trustedRoot: unknown): Promise<SigstoreCheck> {
  const { config } = readEnvironment();
  const { sigstore, publicUrl } = config;
  if (sigstore === 'embedded' || publicUrl === null)
    throw new UsageError('Set FULCIO_URL and PUBLIC_URL as the service has them.');
  return await withStores(process.env, async ({ secrets, installationKeys }) => {
    const keys = await openInstallationKeys(secrets, installationKeys);
    const issuer = createIssuer({ issuerUrl: publicUrl, keys: () => keys.issuer.keys() });
    return await checkSigstore(issuer, servicesAt(sigstore), auditChecks(trustedRoot).verifyBundle);
  });
}
