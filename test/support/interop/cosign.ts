import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PREDICATE_TYPE } from '#ledger/statement';
import { programPath } from './programs.ts';
import type { Expected, Verdict } from './verdict.ts';
import type { InteropWorld } from './world.ts';

const run = promisify(execFile);

/** `cosign verify-blob-attestation` over a bundle, with the trusted root and nothing else. */
export async function cosignVerdict(
  world: Pick<InteropWorld, 'folder' | 'hasCtLog'>,
  bundle: unknown,
  expected: Expected,
): Promise<Verdict> {
  const file = join(world.folder, 'bundle.json');
  await writeFile(file, JSON.stringify(bundle));
  const args = [
    'verify-blob-attestation',
    `--bundle=${file}`,
    `--trusted-root=${join(world.folder, 'trusted-root.json')}`,
    `--certificate-identity=${expected.identity}`,
    `--certificate-oidc-issuer=${expected.issuer}`,
    `--type=${PREDICATE_TYPE}`,
    '--use-signed-timestamps',
    `--digest=${expected.subjectSha256}`,
    '--digestAlg=sha256',
    ...(world.hasCtLog ? [] : ['--insecure-ignore-sct']),
  ];
  try {
    // A home of its own: nothing that cosign may have stored on this machine takes part.
    await run(programPath('cosign') ?? '', args, { env: { HOME: world.folder, PATH: '' } });
    return { accepted: true };
  } catch (error) {
    return { accepted: false, why: saidBy(error) };
  }
}

function saidBy(error: unknown): string {
  const stderr = String(Object(error).stderr ?? error);
  const line = stderr.split('\n').find((one) => /^(error|Error)/.test(one)) ?? stderr;
  return line
    .replace(/^(error during command execution: |Error: )(failed to verify )?/i, '')
    .trim();
}
