import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { DecideLinks } from '#application/ports/decide-links';
import type { SignIns, SignInSetting } from '#application/ports/sign-in';
import type { Instant } from '#domain/instant';
import type { Route } from '#http/compose-routes';
import { isOfLink } from '#http/decide/come-back';
import { decideRoutes } from '#http/decide/decide-routes';
import { DECIDE_PATH } from '#http/decide/paths';
import type { FetchHandler } from '#http/problem';
import { SIGN_IN_PATH } from '#http/sign-in/paths';
import { signInRoutes } from '#http/sign-in/sign-in-routes';
import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { bundleReader } from '#sigstore/sign-in/bundle-reader';
import { relyingParty } from '#sigstore/sign-in/relying-party';
import { signInSigner } from '#sigstore/sign-in/sign-in-signer';
import type { SigningCircuits } from '#sigstore/signing-circuits';
import type { Config, Secrets } from './config/read-config.ts';
import { servicesAt, type SigstoreUrls } from './config/sigstore-urls.ts';

/** Sign-ins at the tenant's identity provider, as the service offers them. */
export interface SignInService {
  readonly setting: Omit<SignInSetting, 'cosigned'>;
  routes(signIns: SignIns, links: DecideLinks, now: () => Promise<Instant>): readonly Route[];
  /** Says in the log what is wrong with the provider. Sign-ins alone depend on it: nothing goes down. */
  tellIfUnusable(): Promise<void>;
}

/** The file of SIGSTORE_TRUSTED_ROOT is missing or no trusted root. */
class TrustedRootUnreadable extends Error {
  override name = 'TrustedRootUnreadable';
  readonly code = 'unreadable';
}

interface Signer {
  readonly urls: SigstoreUrls;
  readonly circuits: SigningCircuits;
  /** Of the embedded authority; `null` with a Sigstore of your own. */
  readonly trustedRoot: unknown;
}

/** @returns `null` where no provider is configured. @throws TrustedRootUnreadable */
export async function openSignIn(
  config: Config,
  secrets: Pick<Secrets, 'signInClientSecret'>,
  publicUrl: string,
  { urls, circuits, trustedRoot: embeddedRoot }: Signer,
  log: Logger,
): Promise<SignInService | null> {
  const { signIn } = config;
  if (signIn === null) return null;
  const { issuer, clientId } = signIn;
  const provider = relyingParty({ issuer, clientId, clientSecret: secrets.signInClientSecret });
  const trustedRoot = embeddedRoot ?? (await trustedRootIn(config.trustedRoot));
  return {
    setting: {
      provider: {
        issuer,
        ssoClient: clientId,
        ownKeyClient: signIn.ownKeyClientId,
        linkBase: `${publicUrl}${SIGN_IN_PATH}/`,
      },
      bundles: bundleReader(trustedRoot),
    },
    routes: (signIns, links, now) => {
      const signer = signInSigner({ services: servicesAt(urls), circuits, log });
      const { proxies } = config;
      const common = { provider, publicUrl, now, log, proxies };
      const signing = signInRoutes({ ...common, signIns, signer, sigstore: urls });
      const deciding = decideRoutes({ ...common, links });
      // The provider knows one address of ours, whatever a sign-in is for.
      const either: FetchHandler = (request, sender) =>
        (isOfLink(new URL(request.url)) ? deciding : signing)(request, sender);
      return [
        { prefix: SIGN_IN_PATH, fetch: either },
        { prefix: DECIDE_PATH, fetch: deciding },
      ];
    },
    async tellIfUnusable() {
      const told = 'nobody can sign in: the identity provider of SIGN_IN_ISSUER cannot be used';
      try {
        const found = await provider.keys();
        if ('failed' in found) log.error({ issuer, code: found.failed, said: found.said }, told);
        else log.info({ issuer, keys: found.keys.length }, 'the identity provider answers');
      } catch (error) {
        log.error({ issuer, err: error }, told);
      }
    },
  };
}

async function trustedRootIn(file: string | null): Promise<unknown> {
  if (file === null) return null;
  const root = await readJson(file);
  if (isTrustedRoot(root)) return root;
  throw new TrustedRootUnreadable(`SIGSTORE_TRUSTED_ROOT: ${file} is no Sigstore trusted root`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new TrustedRootUnreadable(`SIGSTORE_TRUSTED_ROOT: ${file} cannot be read as JSON`, {
      cause,
    });
  }
}
