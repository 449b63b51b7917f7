import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Attester } from '#application/ports/attester';
import { createDecisionSigner } from '#http/decision-signer';
import type { Route } from '#http/compose-routes';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { TrustedIssuer } from '#sigstore/embedded/token-claims';
import { createIssuer } from '#sigstore/issuer';
import type { SigningCircuits } from '#sigstore/signing-circuits';
import { brokerAttester } from './broker-attester.ts';
import type { Config } from './config/read-config.ts';
import type { SigstoreUrls } from './config/sigstore-urls.ts';
import { openInstallationKeys, watchInstallationKeys } from './installation-keys.ts';
import { UNOBSERVED, type Observer } from './observe/observer.ts';
import { watchedAttester, watchedCircuits } from './observe/watched-signing.ts';
import { openCircuits } from './open-circuits.ts';
import type { Stores } from './stores.ts';

export interface Signing {
  readonly attester: Attester;
  readonly decisionSigner: ReturnType<typeof createDecisionSigner>;
  readonly routes: readonly Route[];
  readonly embedded: boolean;
  readonly trustedRootFile: string | null;
  readonly urls: SigstoreUrls;
  readonly circuits: SigningCircuits;
  /** The embedded authority's; `null` with a Sigstore of your own. */
  readonly trustedRoot: unknown;
}

interface SigningSurroundings {
  /** The embedded authority's. */
  readonly authorityClock?: () => Date;
  readonly observer?: Observer;
}

/** Who signs: the issuer of identity tokens, Sigstore or its embedded stand-in, the decision key. */
export async function openSigning(
  config: Config,
  { secrets, installationKeys }: Pick<Stores, 'secrets' | 'installationKeys'>,
  publicUrl: string,
  log: Logger,
  cleanup: AsyncDisposableStack,
  { authorityClock, observer = UNOBSERVED }: SigningSurroundings = {},
): Promise<Signing> {
  if (config.plainHttp.length > 0)
    log.warn(
      { settings: config.plainHttp },
      'these addresses are plain http: whoever is on the way reads who approves, and can keep it from being signed; where tokens go, they can sign as that person',
    );
  const keys = await openInstallationKeys(secrets, installationKeys);
  const watch = watchInstallationKeys(keys, installationKeys, config.keyRotationMs, log);
  cleanup.defer(() => watch.stop());
  const issuer = createIssuer({ issuerUrl: publicUrl, keys: () => keys.issuer.keys() });
  const issuerApp = issuer.routes();
  const { urls, trustedRootFile, trustedRoot } =
    config.sigstore === 'embedded'
      ? await embeddedAuthority(config, publicUrl, cleanup, authorityClock)
      : { urls: config.sigstore, trustedRootFile: null, trustedRoot: null };
  const circuits = watchedCircuits(openCircuits(log), observer);
  return {
    attester: watchedAttester(brokerAttester(issuer, urls, circuits, log), observer.tracing),
    decisionSigner: createDecisionSigner({
      keys: () => keys.decision.keys(),
      issuer: publicUrl,
    }),
    routes: [
      { prefix: '/.well-known/openid-configuration', fetch: (request) => issuerApp.fetch(request) },
      { prefix: '/.well-known/jwks.json', fetch: (request) => issuerApp.fetch(request) },
    ],
    embedded: config.sigstore === 'embedded',
    trustedRootFile,
    urls,
    circuits,
    trustedRoot,
  };
}

async function embeddedAuthority(
  config: Config,
  publicUrl: string,
  cleanup: AsyncDisposableStack,
  clock?: () => Date,
): Promise<{ urls: SigstoreUrls; trustedRootFile: string; trustedRoot: unknown }> {
  const folder = join(config.dataDir, 'sigstore');
  const authority = await startEmbeddedAuthority({
    folder,
    issuers: [
      { issuer: publicUrl, clientId: 'sigstore', type: 'email' },
      ...signInIssuer(config.signIn),
    ],
    ...(clock === undefined ? {} : { clock }),
  });
  cleanup.defer(() => authority.close());
  await mkdir(config.dataDir, { recursive: true });
  const trustedRootFile = join(config.dataDir, 'trusted-root.json');
  await writeFile(trustedRootFile, `${JSON.stringify(authority.trustedRoot, null, 2)}\n`);
  const { url } = authority;
  const rekorVersion = config.embeddedRekorVersion;
  const urls = { fulcioUrl: url, tsaUrl: url, rekorUrl: url, rekorVersion };
  return { urls, trustedRootFile, trustedRoot: authority.trustedRoot };
}

/** The provider whose ID tokens approvers bring from their sign-ins. */
function signInIssuer(signIn: Config['signIn']): readonly TrustedIssuer[] {
  if (signIn === null) return [];
  const { issuer, audience, clientId } = signIn;
  return [{ issuer, clientId: audience ?? clientId, type: 'email' }];
}
