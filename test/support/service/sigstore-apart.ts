import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { Environment } from './breakglass-process.ts';
import { holdingProxy, type HoldingProxy } from './holding-proxy.ts';
import type { Defer, Installation } from './installation.ts';

/** A Sigstore outside the service's process, which can be made to hang. */
export interface SigstoreApart {
  readonly proxy: HoldingProxy;
  /** What the service is to be started with. */
  readonly settings: Environment;
}

/**
 * Starts an authority that trusts the installation's issuer, and pins it for the auditor.
 * @param others issuers that it trusts besides, as an identity provider.
 */
export async function sigstoreApart(
  defer: Defer,
  of: Installation,
  others: readonly string[] = [],
): Promise<SigstoreApart> {
  const authority = await startEmbeddedAuthority({
    folder: join(of.dataDir, 'authority'),
    issuers: [of.url, ...others].map((issuer) => ({ issuer, clientId: 'sigstore', type: 'email' })),
  });
  defer(() => authority.close());
  const proxy = await holdingProxy(authority.url);
  defer(() => proxy.close());
  await writeFile(join(of.dataDir, 'trusted-root.json'), JSON.stringify(authority.trustedRoot));
  const { url } = proxy;
  return { proxy, settings: { FULCIO_URL: url, TSA_URL: url, REKOR_URL: url } };
}
