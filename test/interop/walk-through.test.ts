import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { programPath } from '#test/support/interop/programs';
import { tell } from '#test/support/interop/results';
import { skips } from '#test/support/interop/skip';
import { PEOPLE } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog } from '#test/support/service/saved-audit';

const run = promisify(execFile);
const PAGE = fileURLToPath(new URL('../../docs/verify-without-our-code.md', import.meta.url));
const TOOLS = ['openssl', 'jq', 'python3', 'sha256sum'];
const skipped = skips('the page "Verify without our code"', ['cosign'], TOOLS);

/** The commands of the page, one script, each block with the words that begin it. */
async function commands(): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block ?? '');
  expect(blocks).toHaveLength(8);
  return ['set -e', ...blocks].join('\n');
}

test.skipIf(skipped)(
  'the commands of the page verify an export, and only for whom it is expected of',
  async () => {
    const acme = await layOut(onTestFinished);
    await acme.start();
    const incident = await request(acme.workspace, 'image-policy checkout staging 15m');
    await incident.approve(PEOPLE.peer);
    await incident.cardSays('is in bypass');
    await exportLog(acme, 'export.jsonl');
    const { trustedRoot } = await acme.pins();
    expect(dirname(trustedRoot)).toBe(acme.dataDir);
    const script = await commands();
    const { PATH = '' } = process.env;
    const env = {
      PATH: `${PATH}:${dirname(programPath('cosign') ?? '')}`,
      HOME: acme.dataDir,
      EMAIL: 'peer@acme.example',
      ISSUER: acme.url,
    };
    const options = { cwd: acme.dataDir, env };
    const { stdout } = await run('sh', ['-c', script], options);
    tell({
      world: 'the page',
      check: 'its commands',
      by: 'jq…python',
      outcome: 'accepted',
      agrees: true,
    });
    expect(stdout.match(/Verified OK/g)).toHaveLength(3);
    expect(stdout).toContain('Verification: OK');
    for (const whole of ['service-key.der', 'leaf.pem', 'email.bin'])
      expect(stdout).toContain(`${whole}: OK`);
    expect(stdout).toContain('email:peer@acme.example');
    expect(stdout).toContain('Signature Verified Successfully');
    const named = /^\S+ \d+ (\S+)$/m.exec(stdout)?.[1];
    expect(stdout).toContain(`7 ${named}\n`);
    await expect(
      run('sh', ['-c', script], { ...options, env: { ...env, EMAIL: 'eve@acme.example' } }),
    ).rejects.toThrow();
  },
  3 * LONGEST_MS,
);
