import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sigstoreCommands } from '#cli/commands/sigstore';
import type { Issuer, IssuerKey } from '#sigstore/issuer';
import type { SigningServices } from '#sigstore/attest';
import { startIssuer, startWorld } from '#test/e2e/sigstore/signing-world';
import {
  startCtLog,
  startFulcio,
  startRekor,
  startRekorTiles,
  startTimestampServer,
} from './services.ts';
import { startTrillian } from './trillian.ts';

/** A Sigstore that our code signs with, and what an outsider is given to verify by. */
export interface InteropWorld extends AsyncDisposable {
  readonly name: string;
  readonly services: SigningServices;
  readonly issuer: Issuer;
  /** A second issuer that the authority believes too. */
  readonly otherIssuer: Issuer;
  readonly otherKey: IssuerKey;
  /** The same authority, with no certificate log behind it. */
  readonly fulcioWithoutLog?: string;
  readonly trustedRoot: unknown;
  /** Scratch; the trusted root lies in it as `trusted-root.json`. */
  readonly folder: string;
  /** Whether certificates carry an SCT. */
  readonly hasCtLog: boolean;
}

/** The name that the logs sign with; verifiers look for it in the trusted root. */
const REKOR = 'rekor.internal';
/** The folder of the compose file. */
export const EXAMPLE = fileURLToPath(new URL('../../../examples/sigstore/', import.meta.url));

/** The authority that is embedded in the service. */
export async function embeddedWorld(): Promise<InteropWorld> {
  await using opened = new AsyncDisposableStack();
  const other = opened.use(await startIssuer());
  const world = opened.use(await startWorld({ alsoTrusts: [other.issuer.issuerUrl] }));
  const folder = await scratch(opened);
  const { services, issuer } = world;
  const { trustedRoot } = world.authority;
  await writeFile(join(folder, 'trusted-root.json'), JSON.stringify(trustedRoot));
  return asWorld(opened.move(), {
    name: 'the embedded authority',
    services,
    issuer,
    otherIssuer: other.issuer,
    otherKey: other.key,
    trustedRoot,
    folder,
    hasCtLog: true,
  });
}

/** Fulcio, its certificate log, Rekor v1 and timestamp-authority: the real programs. */
export async function realWorld(): Promise<InteropWorld> {
  await using opened = new AsyncDisposableStack();
  const base = await layOut(opened);
  const { folder, state } = base;
  // Before Rekor: both want port 2112 for their metrics, and only Rekor does without.
  const tsa = opened.use(await startTimestampServer(state));
  const trillian = opened.use(await startTrillian());
  const rekor = opened.use(await startRekor(state, REKOR, trillian));
  const ctLog = opened.use(await startCtLog(state, trillian));
  const fulcio = opened.use(await startFulcio(state, ctLog.url));
  const withoutLog = opened.use(await startFulcio(state));
  await writeFile(join(state, 'rekor', 'public-v1.pem'), rekor.publicKey);
  const trustedRoot = await assembled(folder, state, [
    '--ct-key',
    join(state, 'ct/public.pem'),
    '--rekor-key',
    join(state, 'rekor/public-v1.pem'),
    '--rekor-version',
    '1',
  ]);
  return asWorld(opened.move(), {
    ...base,
    name: 'Fulcio, certificate log, Rekor v1, timestamp-authority',
    services: { fulcioUrl: fulcio.url, tsaUrl: tsa.url, rekorUrl: rekor.url },
    fulcioWithoutLog: withoutLog.url,
    trustedRoot,
    hasCtLog: true,
  });
}

/** What `examples/sigstore/compose.yaml` runs: Fulcio without a certificate log, Rekor v2. */
export async function composedWorld(): Promise<InteropWorld> {
  await using opened = new AsyncDisposableStack();
  const base = await layOut(opened);
  const { folder, state } = base;
  const tsa = opened.use(await startTimestampServer(state));
  const rekor = opened.use(await startRekorTiles(state));
  const fulcio = opened.use(await startFulcio(state));
  const trustedRoot = await assembled(folder, state, [
    '--rekor-key',
    join(state, 'rekor/public.pem'),
    '--rekor-version',
    '2',
  ]);
  return asWorld(opened.move(), {
    ...base,
    name: 'Fulcio, Rekor v2, timestamp-authority',
    services: { fulcioUrl: fulcio.url, tsaUrl: tsa.url, rekorUrl: rekor.url, rekorVersion: 2 },
    trustedRoot,
    hasCtLog: false,
  });
}

/** Two issuers, and the keys and settings of `examples/sigstore` for them. */
async function layOut(opened: AsyncDisposableStack): Promise<{
  readonly issuer: Issuer;
  readonly otherIssuer: Issuer;
  readonly otherKey: IssuerKey;
  readonly folder: string;
  readonly state: string;
}> {
  const [own, other] = [opened.use(await startIssuer()), opened.use(await startIssuer())];
  const folder = await scratch(opened);
  const state = join(folder, 'state');
  execFileSync('sh', [join(EXAMPLE, 'setup.sh'), state], {
    env: {
      ...process.env,
      ISSUER: own.issuer.issuerUrl,
      SSO_ISSUER: other.issuer.issuerUrl,
      SSO_CLIENT: 'sigstore',
    },
  });
  const issuers = { issuer: own.issuer, otherIssuer: other.issuer, otherKey: other.key };
  return { ...issuers, folder, state };
}

/** The trusted root as `breakglass sigstore trusted-root` writes it. */
export async function assembled(
  folder: string,
  state: string,
  logs: readonly string[],
): Promise<unknown> {
  const out = join(folder, 'trusted-root.json');
  const args = [
    'trusted-root',
    '--out',
    out,
    '--fulcio-chain',
    join(state, 'fulcio/chain.pem'),
    '--tsa-chain',
    join(state, 'tsa/chain.pem'),
    ...logs,
  ];
  await sigstoreCommands().parseAsync(args, { from: 'user' });
  return JSON.parse(await readFile(out, 'utf8')) as unknown;
}

export function mint(issuer: Issuer, email: string, sub: string): Promise<string> {
  return issuer.mintToken({ sub, email, now: new Date(), jti: randomUUID() });
}

async function scratch(opened: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'interop-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function asWorld(
  opened: AsyncDisposableStack,
  of: Omit<InteropWorld, typeof Symbol.asyncDispose>,
): InteropWorld {
  return { ...of, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
