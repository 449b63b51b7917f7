import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Attester } from '#application/ports/attester';
import { generateDecisionKey, type DecisionJwk } from '#http/decision-key';
import { createDecisionSigner } from '#http/decision-signer';
import type { Route } from '#http/compose-routes';
import { INSTALLATION, type SecretStore } from '#postgres/store/secret-store';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import { createIssuer, generateIssuerKey, type IssuerKey } from '#sigstore/issuer';
import { brokerAttester } from './broker-attester.ts';
import type { Config, SigstoreUrls } from './config/read-config.ts';

export interface Signing {
  readonly attester: Attester;
  readonly decisionSigner: ReturnType<typeof createDecisionSigner>;
  readonly routes: readonly Route[];
  readonly embedded: boolean;
  readonly trustedRootFile: string | null;
}

/** Who signs: the issuer of identity tokens, Sigstore or its embedded stand-in, the decision key. */
export async function openSigning(
  config: Config,
  secrets: SecretStore,
  publicUrl: string,
  log: Logger,
  cleanup: AsyncDisposableStack,
  authorityClock?: () => Date,
): Promise<Signing> {
  const issuerKey = await jsonSecret<IssuerKey>(secrets, 'issuer-key', generateIssuerKey);
  const issuer = createIssuer({ issuerUrl: publicUrl, keys: [issuerKey] });
  const issuerApp = issuer.routes();
  const decision = await jsonSecret<{ privateJwk: DecisionJwk; keyId: string }>(
    secrets,
    'decision-key',
    generateDecisionKey,
  );
  const { urls, trustedRootFile } =
    config.sigstore === 'embedded'
      ? await embeddedAuthority(config, publicUrl, cleanup, authorityClock)
      : { urls: config.sigstore, trustedRootFile: null };
  return {
    attester: brokerAttester(issuer, urls, log),
    decisionSigner: createDecisionSigner({ ...decision, issuer: publicUrl }),
    routes: [
      { prefix: '/.well-known/openid-configuration', fetch: (request) => issuerApp.fetch(request) },
      { prefix: '/.well-known/jwks.json', fetch: (request) => issuerApp.fetch(request) },
    ],
    embedded: config.sigstore === 'embedded',
    trustedRootFile,
  };
}

async function embeddedAuthority(
  config: Config,
  publicUrl: string,
  cleanup: AsyncDisposableStack,
  clock?: () => Date,
): Promise<{ urls: SigstoreUrls; trustedRootFile: string }> {
  const folder = join(config.dataDir, 'sigstore');
  const authority = await startEmbeddedAuthority({
    folder,
    issuers: [{ issuer: publicUrl, clientId: 'sigstore', type: 'email' }],
    ...(clock === undefined ? {} : { clock }),
  });
  cleanup.defer(() => authority.close());
  await mkdir(config.dataDir, { recursive: true });
  const trustedRootFile = join(config.dataDir, 'trusted-root.json');
  await writeFile(trustedRootFile, `${JSON.stringify(authority.trustedRoot, null, 2)}\n`);
  const { url } = authority;
  return { urls: { fulcioUrl: url, tsaUrl: url, rekorUrl: url }, trustedRootFile };
}

async function jsonSecret<T>(
  secrets: SecretStore,
  purpose: string,
  make: () => Promise<T>,
): Promise<T> {
  const bytes = await secrets.getOrMake(INSTALLATION, purpose, async () =>
    new TextEncoder().encode(JSON.stringify(await make())),
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
