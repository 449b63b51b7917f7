import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const SOURCE = new URL('../src/cli/ci/', import.meta.url);
const BESIDE = ['action.yml', 'gitlab.yml'];

/**
 * Writes the commands for CI as one file that needs nothing but Node 20 or newer, with the Action and
 * the template that run it.
 */
export async function buildCi(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    input: fileURLToPath(new URL('main.ts', SOURCE)),
    platform: 'node',
    // Runners of GitLab and images of CI are older than what the service itself runs on.
    transform: { target: 'node20' },
    output: { file: join(folder, 'breakglass-ci.mjs'), format: 'esm', codeSplitting: false },
    logLevel: 'warn',
  });
  for (const name of BESIDE) copyFileSync(new URL(name, SOURCE), join(folder, name));
}
