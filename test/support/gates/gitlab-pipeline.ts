import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startJob, type Ran } from './ci-file.ts';

const GITLAB_CI_LOCAL = fileURLToPath(
  new URL('../../../node_modules/gitlab-ci-local/dist/index.js', import.meta.url),
);

/** What a pipeline needs and this machine does not have. */
export const missing = ['git', 'bash'].filter(
  (name) => spawnSync(name, ['--version']).status !== 0,
);
if (missing.length > 0)
  process.stderr.write(`skipped: the GitLab template needs ${missing.join(' and ')} to be run\n`);

export const PIPELINE_DIGEST = `sha256:${'a'.repeat(64)}`;

export interface Pipeline {
  /** The folder with the built template and file. */
  readonly ci: string;
  /** The service's address. */
  readonly url: string;
  /** As the policy names it. */
  readonly environment: string;
  readonly script: readonly string[];
  /** What GitLab would set by `id_tokens`, for the commit that the pipeline runs for. */
  readonly idToken: (commit: string) => Promise<string>;
}

/**
 * Runs a pipeline of the template by gitlab-ci-local in a repository of its own, with the shell
 * executor. `shipped` is what its deploy wrote.
 */
export async function runPipeline(pipeline: Pipeline): Promise<Ran & { shipped: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'breakglass-gitlab-'));
  const commit = await committed(cwd, pipeline);
  const variables = {
    // gitlab-ci-local knows `id_tokens` and makes none; GitLab sets this variable by them.
    BREAKGLASS_ID_TOKEN: await pipeline.idToken(commit),
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

/** The pipeline of the page on GitLab, with a check and a deploy of the test. */
const document = ({ url, environment, script }: Pipeline): string => `
include:
  - local: /gitlab.yml
    inputs: { url: '${url}', audience: breakglass/acme }
deploy:
  extends: .breakglass
  variables:
    BG_GATE: image-policy
    BG_SERVICE: checkout
    BG_ENVIRONMENT: ${environment}
    BG_ARTIFACT: checkout@${PIPELINE_DIGEST}
  script:
${script.map((line) => `    - ${line}`).join('\n')}
`;

async function committed(cwd: string, pipeline: Pipeline): Promise<string> {
  const git = (...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' });
  for (const name of ['gitlab.yml', 'breakglass-ci.mjs'])
    await cp(join(pipeline.ci, name), join(cwd, name));
  await writeFile(join(cwd, '.gitlab-ci.yml'), document(pipeline));
  await writeFile(join(cwd, 'shipped'), '');
  await appendFile(join(cwd, '.gitignore'), 'shipped\n.gitlab-ci-local\n');
  git('init', '--quiet', '-b', 'main');
  git('config', 'user.email', 'ci@acme.example');
  git('config', 'user.name', 'ci');
  git('remote', 'add', 'origin', 'git@gitlab.com:acme/checkout.git');
  git('add', '.');
  git('commit', '--quiet', '-m', 'pipeline');
  return git('rev-parse', 'HEAD').trim();
}

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
