import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';

interface Program {
  /** The package that is built. */
  readonly source: string;
  /** Its module, where that replaces others: `go install` takes no such, so it is built in its folder. */
  readonly module?: string;
  readonly version: string;
  /** Build tags, where it is built without parts of it. */
  readonly tags?: string;
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
  opa: {
    source: 'github.com/open-policy-agent/opa',
    version: 'v1.22.2',
    built: 'opa',
    purpose: 'decisions of a real OPA',
  },
  kyverno: {
    source: 'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno',
    module: 'github.com/kyverno/kyverno',
    version: 'v1.19.1',
    built: 'kubectl-kyverno',
    purpose: 'exceptions in a real Kyverno',
  },
  promtool: {
    source: 'github.com/prometheus/prometheus/cmd/promtool',
    // Without the finders of targets, which bring half of all clouds along.
    tags: 'remove_all_sd',
    version: 'v0.316.0',
    built: 'promtool',
    purpose: 'alert rules in Prometheus itself',
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
  kyverno: {
    module: 'github.com/kyverno/kyverno',
    file: 'config/crds/policies.kyverno.io/policies.kyverno.io_policyexceptions.yaml',
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
 * A file that is kept beside a program: Trillian's tables for PostgreSQL, of cosign a bundle that was
 * signed by Sigstore's public instance, and of Kyverno the definition of its exceptions.
 */
export function keptFile(name: ProgramName): string {
  return join(folderOf(name), basename(KEPT[name]?.file ?? ''));
}

export function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0;
}

/** Builds a program; gives what Go said if it could not. */
export function build(name: ProgramName): string | undefined {
  const { source, version, module, built, tags = '' }: Program = PROGRAMS[name];
  mkdirSync(folderOf(name), { recursive: true });
  const [args, cwd] =
    module === undefined
      ? // `go install` of a version must not see a go.mod of whatever folder this runs in.
        [['install', '-tags', tags, `${source}@${version}`], cacheFolder()]
      : [
          ['build', '-trimpath', '-o', join(folderOf(name), built), source],
          moduleFolder(`${module}@${version}`),
        ];
  const env = { ...process.env, GOBIN: folderOf(name), GOFLAGS: '' };
  const { status, stderr } = spawnSync('go', args, { cwd, encoding: 'utf8', env });
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? 'no reason given';
  keep(name);
  return undefined;
}

function keep(name: ProgramName): void {
  const kept = KEPT[name];
  if (kept === undefined) return;
  const folder = moduleFolder(`${kept.module}@${PROGRAMS[name].version}`);
  copyFileSync(join(folder, kept.file), keptFile(name));
}

/** Where Go keeps the source of a module; it is brought there if it is not yet. */
function moduleFolder(module: string): string {
  const told = execFileSync('go', ['mod', 'download', '-json', module], {
    cwd: cacheFolder(),
    encoding: 'utf8',
  });
  return z.object({ Dir: z.string() }).parse(JSON.parse(told)).Dir;
}
