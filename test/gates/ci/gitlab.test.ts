import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCi, startJob, type Ran } from '#test/support/gates/ci-file';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';

const GITLAB_CI_LOCAL = fileURLToPath(
  new URL('../../../node_modules/gitlab-ci-local/dist/index.js', import.meta.url),
);
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** The pipeline of the page on GitLab, with a check that fails and a deploy that runs for ever. */
const pipeline = (url: string, script: readonly string[]): string => `
include:
  - local: /gitlab.yml
    inputs: { url: '${url}', audience: breakglass/acme }
deploy:
  extends: .breakglass
  variables:
    BG_GATE: image-policy
    BG_SERVICE: checkout
    BG_ENVIRONMENT: production
    BG_ARTIFACT: checkout@${DIGEST}
  script:
${script.map((line) => `    - ${line}`).join('\n')}
`;

const missing = ['git', 'bash'].filter((name) => spawnSync(name, ['--version']).status !== 0);
if (missing.length > 0)
  process.stderr.write(`skipped: the GitLab template needs ${missing.join(' and ')} to be run\n`);

/**
 * gitlab-ci-local copies the project by rsync before each pipeline, for jobs in containers. Jobs of the
 * shell executor run in the project itself, so that where there is no rsync one that does nothing will do.
 */
async function pathWithRsync(): Promise<string> {
  const path = process.env['PATH'] ?? '';
  if (spawnSync('rsync', ['--version']).status === 0) return path;
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-rsync-'));
  await writeFile(join(folder, 'rsync'), '#!/bin/sh\n', { mode: 0o755 });
  return `${folder}:${path}`;
}

describe.skipIf(missing.length > 0)('the template of GitLab', () => {
  let ci: string;
  beforeAll(async () => {
    ci = await builtCi();
  });

  /** A pipeline run by gitlab-ci-local in a repository of its own. */
  async function run(url: string, script: readonly string[]): Promise<Ran & { shipped: string }> {
    const cwd = await mkdtemp(join(tmpdir(), 'breakglass-gitlab-'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd, stdio: 'ignore' });
    for (const name of ['gitlab.yml', 'breakglass-ci.mjs'])
      await cp(join(ci, name), join(cwd, name));
    await writeFile(join(cwd, '.gitlab-ci.yml'), pipeline(url, script));
    await writeFile(join(cwd, 'shipped'), '');
    await appendFile(join(cwd, '.gitignore'), 'shipped\n.gitlab-ci-local\n');
    git('init', '-b', 'main');
    git('config', 'user.email', 'ci@acme.example');
    git('config', 'user.name', 'ci');
    git('remote', 'add', 'origin', 'git@gitlab.com:acme/checkout.git');
    git('add', '.');
    git('commit', '-m', 'pipeline');
    const variables = {
      // gitlab-ci-local knows `id_tokens` and makes none; GitLab sets this variable by them.
      BREAKGLASS_ID_TOKEN: 'token-of-gitlab',
      // It calls itself no GitLab.
      GITLAB_CI: 'true',
    };
    const named = Object.entries(variables).flatMap(([name, value]) => [
      '--variable',
      `${name}=${value}`,
    ]);
    const options = ['--shell-executor-no-image', '--no-color', ...named];
    const env = { HOME: cwd, CI: 'true', PATH: await pathWithRsync() };
    const ran = await startJob(process.execPath, [GITLAB_CI_LOCAL, ...options], { cwd, env }).ended;
    return { ...ran, shipped: await readFile(join(cwd, 'shipped'), 'utf8') };
  }

  const GATE = 'breakglass gate --check-name cosign -- false';

  it('is enforced where the check fails and no bypass covers the deploy', async () => {
    await using service = await startScriptedService((): Answer => ({ decision: 'enforce' }));
    const ran = await run(service.url, [GATE, 'breakglass deploy -- sh -c "echo x > shipped"']);
    expect(ran.code).not.toBe(0);
    expect(ran.out + ran.err).toContain('/breakglass image-policy checkout production 1h <why>');
    expect(ran.shipped).toBe('');
    expect(service.asked).toHaveLength(1);
  });

  it('passes under a bypass, asked for with the token of the job', async () => {
    await using service = await startScriptedService((): Answer => ({ decision: 'bypass' }));
    const ran = await run(service.url, [GATE, 'breakglass deploy -- sh -c "echo x > shipped"']);
    expect(ran).toMatchObject({ code: 0, shipped: 'x\n' });
    expect(service.asked.map(({ phase }) => phase)).toEqual(['start', 'recheck', 'finish']);
    expect(service.asked[0]).toMatchObject({
      gate: 'image-policy',
      service: 'checkout',
      environment: 'production',
      branch: 'main',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      artifact: { name: 'checkout', digest: DIGEST },
      check: { name: 'cosign', result: 'exit code 1' },
      deploy: { id: expect.stringMatching(/^gitlab-\d+$/), attempt: 1 },
    });
    expect(new Set(service.tokens)).toEqual(new Set(['Bearer token-of-gitlab']));
  });

  it('cancels a deploy whose bypass ends, and says so', async () => {
    let rechecks = 0;
    await using service = await startScriptedService(({ phase }): Answer => {
      rechecks += phase === 'recheck' ? 1 : 0;
      const ends = rechecks > 1 || phase === 'finish';
      return ends
        ? { decision: 'enforce', reason: 'expired' }
        : { decision: 'bypass', claims: { inFlight: 'cancel' } };
    });
    const ran = await run(service.url, [
      GATE,
      `breakglass deploy -- sh -c "trap 'echo told > shipped; exit 9' TERM; while :; do sleep 0.1; done"`,
    ]);
    expect(ran.code).not.toBe(0);
    expect(ran.shipped).toBe('told\n');
    expect(ran.out + ran.err).toContain('image-policy enforces again (expired)');
    expect(service.asked.at(-1)).toMatchObject({ phase: 'finish', outcome: 'cancelled' });
  });

  it('passes by its own check while nothing of ours answers', async () => {
    const ran = await run('http://127.0.0.1:1', [
      'breakglass gate -- true',
      'breakglass deploy -- sh -c "echo x > shipped"',
    ]);
    expect(ran).toMatchObject({ code: 0, shipped: 'x\n' });
  });
});
