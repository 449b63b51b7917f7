import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '#http/listen';
import type { FetchHandler } from '#http/problem';
import { signInRoutes } from '#http/sign-in/sign-in-routes';
import type { PreparedApproval } from '#application/ports/sign-in';
import { startEmbeddedAuthority, type EmbeddedAuthority } from '#sigstore/embedded/authority';
import { relyingParty } from '#sigstore/sign-in/relying-party';
import { signInSigner } from '#sigstore/sign-in/sign-in-signer';
import { signingCircuits } from '#sigstore/signing-circuits';
import { startIdentityProvider, type IdentityProvider } from '../oidc/identity-provider.ts';
import { ACCOUNTS } from '../oidc/people.ts';
import { freePort } from '../service/free-port.ts';
import { preparedApproval } from './prepared.ts';
import { signInsInMemory, type SignInsInMemory } from './sign-ins-in-memory.ts';

/** Keeps what was logged. */
export interface KeptLog {
  readonly lines: unknown[][];
  error(this: void, ...line: unknown[]): void;
  warn(this: void, ...line: unknown[]): void;
}

/** One link that waits for its approver. */
export interface WaitingLink {
  readonly link: string;
  readonly url: string;
  readonly prepared: PreparedApproval;
  readonly signIns: SignInsInMemory;
  readonly log: KeptLog;
}

/** A provider, an authority that takes its tokens, and the pages of one link at a time. */
export interface SignInWorld extends AsyncDisposable {
  readonly provider: IdentityProvider;
  readonly authority: EmbeddedAuthority;
  readonly trustedRootFile: string;
  readonly origin: string;
  /** The pages serve another link from now on. */
  newLink(): WaitingLink;
}

export async function signInWorld(): Promise<SignInWorld> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-sign-in-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const provider = await startIdentityProvider({
    people: Object.values(ACCOUNTS),
    redirectUris: [`${origin}/sign-in/callback`],
    audience: 'sigstore',
  });
  cleanup.defer(() => provider.close());
  const authority = await startEmbeddedAuthority({
    folder: join(folder, 'authority'),
    issuers: [{ issuer: provider.issuer, clientId: 'sigstore', type: 'email' }],
  });
  cleanup.defer(() => authority.close());
  const trustedRootFile = join(folder, 'trusted-root.json');
  await writeFile(trustedRootFile, JSON.stringify(authority.trustedRoot));
  const served: { handler?: FetchHandler } = {};
  const notYet = (): Response => new Response(null, { status: 503 });
  const server = await listen((request) => (served.handler ?? notYet)(request), {
    port,
    log: keptLog(),
  });
  cleanup.defer(() => server.close());
  const newLink = (): WaitingLink => {
    const made = waitingLink(origin, provider);
    served.handler = pagesOf(made, origin, provider, authority);
    return made;
  };
  const running = cleanup.move();
  return {
    provider,
    authority,
    trustedRootFile,
    origin,
    newLink,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function waitingLink(origin: string, provider: IdentityProvider): WaitingLink {
  const link = randomBytes(32).toString('base64url');
  const prepared = preparedApproval({
    issuer: provider.issuer,
    ssoClient: provider.webClient.id,
    ownKeyClient: provider.nativeClient.id,
    linkBase: `${origin}/sign-in/`,
  });
  const signIns = signInsInMemory(link, prepared);
  return { link, url: `${origin}/sign-in/${link}`, prepared, signIns, log: keptLog() };
}

function pagesOf(
  { signIns, log }: WaitingLink,
  publicUrl: string,
  provider: IdentityProvider,
  { url }: EmbeddedAuthority,
): FetchHandler {
  const { id: clientId, secret: clientSecret } = provider.webClient;
  const services = { fulcioUrl: url, tsaUrl: url, rekorUrl: url, rekorVersion: 1 } as const;
  return signInRoutes({
    signIns,
    provider: relyingParty({ issuer: provider.issuer, clientId, clientSecret }),
    signer: signInSigner({ services, circuits: signingCircuits(), log }),
    sigstore: services,
    publicUrl,
    now: async () => Date.now(),
    log,
  });
}

function keptLog(): KeptLog {
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]): void => void lines.push(line);
  return { lines, error: keep, warn: keep };
}
