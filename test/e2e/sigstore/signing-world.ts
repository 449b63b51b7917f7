import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { attest } from '#sigstore/attest';
import type { SigningServices } from '#sigstore/attest';
import type { AttestedBundle } from '#sigstore/bundle';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import type { EmbeddedAuthority } from '#sigstore/embedded/authority';
import type { TrustedIssuer } from '#sigstore/embedded/token-claims';
import { createIssuer, generateIssuerKey } from '#sigstore/issuer';
import type { Issuer, IssuerKey, TokenRequest } from '#sigstore/issuer';

export const STATEMENT_DIGEST = 'sha256:5f0c1d';

export const STATEMENT = Buffer.from(
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    predicate: { type: 'approval-granted' },
    predicateType: 'https://safeguard.sh/breakglass/audit-entry/v1',
    subject: [{ digest: { sha256: 'c'.repeat(64) }, name: 'entry' }],
  }),
);

export interface RunningIssuer extends AsyncDisposable {
  readonly issuer: Issuer;
  readonly key: IssuerKey;
}

/** Our issuer, served on loopback as the service would serve it. */
export async function startIssuer(): Promise<RunningIssuer> {
  const key = await generateIssuerKey();
  const server = createServer();
  const issuer = createIssuer({ issuerUrl: await listen(server), keys: [key] });
  const serve = getRequestListener(issuer.routes().fetch);
  server.on('request', (request, response) => void serve(request, response));
  return { issuer, key, [Symbol.asyncDispose]: () => stop(server) };
}

export interface World extends RunningIssuer {
  readonly folder: string;
  readonly authority: EmbeddedAuthority;
  readonly services: Services;
  mint(overrides?: Partial<TokenRequest>): Promise<string>;
  attest(statement?: Uint8Array): Promise<AttestedBundle>;
}

/** An issuer and an authority that trusts it. */
export async function startWorld(
  options: {
    readonly clock?: () => Date;
    readonly type?: TrustedIssuer['type'];
    /** More issuers of e-mail identities. */
    readonly alsoTrusts?: readonly string[];
  } = {},
): Promise<World> {
  const running = await startIssuer();
  const { issuer } = running;
  const folder = await mkdtemp(join(tmpdir(), 'authority-'));
  const clock = options.clock ?? (() => new Date());
  const more = (options.alsoTrusts ?? []).map((url) => trusted(url));
  const issuers = [trusted(issuer.issuerUrl, options.type ?? 'email'), ...more];
  const authority = await startEmbeddedAuthority({ folder, issuers, clock });
  const services = servicesOf(authority);
  const mint: World['mint'] = (overrides = {}) => {
    const email = { email: 'amy@example.com' };
    const jti = randomUUID();
    return issuer.mintToken({ sub: STATEMENT_DIGEST, ...email, now: clock(), jti, ...overrides });
  };
  return {
    ...running,
    folder,
    authority,
    services,
    mint,
    attest: async (statementBytes = STATEMENT) =>
      await attest({ statementBytes, identityToken: await mint(), services, budgetMs: 10_000 }),
    [Symbol.asyncDispose]: async () => {
      await authority.close();
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export function trusted(issuer: string, type: TrustedIssuer['type'] = 'email'): TrustedIssuer {
  const subjectDomain = 'https://ci.example.com';
  return { issuer, clientId: 'sigstore', type, ...(type === 'uri' ? { subjectDomain } : {}) };
}

/** Every service there is. */
export type Services = Required<Omit<SigningServices, 'rekorVersion'>>;

export function servicesOf({ url }: EmbeddedAuthority): Services {
  return { fulcioUrl: url, tsaUrl: url, rekorUrl: url };
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

export async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
