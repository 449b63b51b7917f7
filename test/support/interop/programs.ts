import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';

interface Program {
  /** The package that `go install` builds. */
  readonly source: string;
  readonly version: string;
  /** What Go calls the program: the last part of its path. */
  readonly built: string;
  /** What it is checked for, in words. */
  readonly purpose: string;
}

/** Pinned, so that a run today and one in a year check against the same programs. */
export const PROGRAMS = {
  fulcio: {
    source: 'github.com/sigstore/fulcio',
    version: 'v1.8.8',
    built: 'fulcio',
    purpose: 'certificates from a real Fulcio',
  },
  timestampServer: {
    source: 'github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server',
    version: 'v2.1.2',
    built: 'timestamp-server',
    purpose: 'timestamps from a real timestamp-authority',
  },
  cosign: {
    source: 'github.com/sigstore/cosign/v3/cmd/cosign',
    version: 'v3.1.3',
    built: 'cosign',
    purpose: 'verification by cosign',
  },
  rekorTiles: {
    source: 'github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix',
    version: 'v2.3.0',
    built: 'posix',
    purpose: 'entries in a real Rekor v2',
  },
  rekor: {
    source: 'github.com/sigstore/rekor/cmd/rekor-server',
    version: 'v1.5.4',
    built: 'rekor-server',
    purpose: 'entries in a real Rekor v1',
  },
  trillianServer: {
    source: 'github.com/google/trillian/cmd/trillian_log_server',
    version: 'v1.7.3',
    built: 'trillian_log_server',
    purpose: 'the trees of Rekor v1 and of the certificate log',
  },
  trillianSigner: {
    source: 'github.com/google/trillian/cmd/trillian_log_signer',
    version: 'v1.7.3',
    built: 'trillian_log_signer',
    purpose: 'the trees of Rekor v1 and of the certificate log',
  },
  createTree: {
    source: 'github.com/google/trillian/cmd/createtree',
    version: 'v1.7.3',
    built: 'createtree',
    purpose: 'the trees of Rekor v1 and of the certificate log',
  },
  ctServer: {
    source: 'github.com/google/certificate-transparency-go/trillian/ctfe/ct_server',
    version: 'v1.3.3',
    built: 'ct_server',
    purpose: 'SCTs from a real certificate log',
  },
  litewitness: {
    source: 'filippo.io/torchwood/cmd/litewitness',
    version: 'v0.9.0',
    built: 'litewitness',
    purpose: 'cosignatures of a real C2SP witness',
  },
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** Files of a program's module that are kept beside it. */
const KEPT: Partial<Record<ProgramName, { readonly module: string; readonly file: string }>> = {
  trillianServer: {
    module: 'github.com/google/trillian',
    file: 'storage/postgresql/schema/storage.sql',
  },
  cosign: {
    module: 'github.com/sigstore/cosign/v3',
    file: 'pkg/cosign/testdata/oci-attestation.sigstore.json',
  },
};

/** Outside the tree: `INTEROP_PROGRAMS`, or a folder in the user's cache. */
export function cacheFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return process.env['INTEROP_PROGRAMS'] ?? join(cache, 'breakglass-interop');
}

function folderOf(name: ProgramName): string {
  return join(cacheFolder(), `${name}@${PROGRAMS[name].version}`);
}

/** The path of a program in the pinned version; undefined if it was not built. */
export function programPath(name: ProgramName): string | undefined {
  const path = join(folderOf(name), PROGRAMS[name].built);
  const kept = KEPT[name] === undefined ? path : keptFile(name);
  return existsSync(path) && existsSync(kept) ? path : undefined;
}

/** Those of `names` that are not there. */
export function missing(names: readonly ProgramName[]): readonly ProgramName[] {
  return names.filter((name) => programPath(name) === undefined);
}

/**
 * A file that is kept beside a program: Trillian's tables for PostgreSQL, and of cosign a bundle that
 * was signed by Sigstore's public instance.
 */
export function keptFile(name: ProgramName): string {
  return join(folderOf(name), basename(KEPT[name]?.file ?? ''));
}

export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0;
}

/** Builds a program with `go install`; gives what Go said if it could not. */
export function build(name: ProgramName): string | undefined {
  const { source, version } = PROGRAMS[name];
  mkdirSync(folderOf(name), { recursive: true });
  // `go install` of a version must not see a go.mod of whatever folder this runs in.
  const options = { cwd: cacheFolder(), encoding: 'utf8' } as const;
  const env = { ...process.env, GOBIN: folderOf(name), GOFLAGS: '' };
  const { status, stderr } = spawnSync('go', ['install', `${source}@${version}`], {
    ...options,
    env,
  });
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? 'no reason given';
  keep(name);
  return undefined;
}

function keep(name: ProgramName): void {
  const kept = KEPT[name];
  if (kept === undefined) return;
  const module = `${kept.module}@${PROGRAMS[name].version}`;
  const told = execFileSync('go', ['mod', 'download', '-json', module], {
    cwd: cacheFolder(),
    encoding: 'utf8',
  });
  const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(told));
  copyFileSync(join(Dir, kept.file), keptFile(name));
}
