import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { Environment } from './breakglass-process.ts';
import { faultyProxy, type FaultyProxy } from './faulty-proxy.ts';
import type { Defer, Installation } from './installation.ts';

export const PARTS = ['fulcio', 'tsa', 'rekor'] as const;
export type Part = (typeof PARTS)[number];

/** A Sigstore outside the service's process, each of whose services can be broken apart. */
export interface SigstoreInParts {
  readonly parts: Readonly<Record<Part, FaultyProxy>>;
  /** What the service is to be started with. */
  readonly settings: Environment;
}

/** Starts an authority that trusts the installation's issuer, and pins it for the auditor. */
export async function sigstoreInParts(defer: Defer, of: Installation): Promise<SigstoreInParts> {
  const authority = await startEmbeddedAuthority({
    folder: join(of.dataDir, 'authority'),
    issuers: [{ issuer: of.url, clientId: 'sigstore', type: 'email' }],
  });
  defer(() => authority.close());
  const part = async (): Promise<FaultyProxy> => {
    const proxy = await faultyProxy(authority.url);
    defer(() => proxy.close());
    return proxy;
  };
  const parts = { fulcio: await part(), tsa: await part(), rekor: await part() };
  await writeFile(join(of.dataDir, 'trusted-root.json'), JSON.stringify(authority.trustedRoot));
  const { fulcio, tsa, rekor } = parts;
  return { parts, settings: { FULCIO_URL: fulcio.url, TSA_URL: tsa.url, REKOR_URL: rekor.url } };
}
