import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { alone, builtCi, startJob } from '#test/support/gates/ci-file';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';

const FILE = 'breakglass-ci.mjs';
const NAMED = ['--gate=image-policy', '--service=checkout', '--environment=production'];
const DIGEST = 'a'.repeat(64);
const OLDER = '/usr/bin/node';

/** The Node of this project, and an older one where the machine has it. */
function nodes(): (readonly [string, string])[] {
  const own = [process.version, process.execPath] as const;
  const version = existsSync(OLDER) ? execFileSync(OLDER, ['--version']).toString().trim() : '';
  const isOlder = /^v2[02]\./.test(version);
  if (!isOlder) process.stderr.write(`skipped: no Node 20 or 22 at ${OLDER} to run ${FILE} with\n`);
  return isOlder ? [own, [version, OLDER]] : [own];
}

describe.each(nodes())('the one file, run by Node %s', (_, node) => {
  let folder: string;
  beforeAll(async () => {
    folder = await alone(await builtCi(), FILE);
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    startJob(node, [join(folder, FILE), ...args], {
      cwd: folder,
      env: { RUNNER_TEMP: folder, BREAKGLASS_TOKEN: 'bg_s3cret', ...env },
    }).ended;

  it('needs no other file', async () => {
    expect(await readdir(folder)).toContain(FILE);
    const source = await readFile(join(folder, FILE), 'utf8');
    const imported = [...source.matchAll(/^import .*? from "(.+?)";$/gm)].map(([, name]) => name);
    expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });

  it('says what it can do', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain('gate');
    expect((await run(['deploy', '--help'])).out).toContain('--hold-max');
    expect(await run([])).toMatchObject({ code: 2 });
    expect(await run(['gate', ...NAMED])).toMatchObject({ code: 2 });
  });

  it('fails as the check did, and passes under a bypass, which the deploy keeps', async () => {
    await using service = await startScriptedService((): Answer => ({ decision: 'enforce' }));
    const env = { BREAKGLASS_URL: service.url };
    const asked = [...NAMED, '--deploy-id=r7', `--artifact=checkout@sha256:${DIGEST}`];
    const check = [process.execPath, '-e', 'process.exit(3)'];
    const enforced = await run(['gate', ...asked, '--', ...check], env);
    expect(enforced).toMatchObject({ code: 3, out: '' });
    expect(enforced.err).toContain(
      'no bypass covers checkout in production at sha256:aaaaaaaaaaaa… (no-bypass).\nIf this is an incident, type in Slack: /breakglass image-policy checkout production 1h <why>',
    );
    const deploy = ['deploy', ...asked, '--', process.execPath, '-e', 'console.log("shipped")'];
    expect(await run(deploy, env)).toMatchObject({ code: 1, out: '' });

    service.answer = () => ({ decision: 'bypass' });
    const bypassed = await run(['gate', ...asked, '--', ...check], env);
    expect(bypassed.code).toBe(0);
    expect(bypassed.err).toMatch(/^image-policy: bypass for 1[45] min more, entry sha256:e+\n$/);
    expect(await run(deploy, env)).toMatchObject({ code: 0, out: 'shipped\n' });
    expect(service.asked.map(({ phase }) => phase)).toEqual([
      'start',
      'start',
      'recheck',
      'finish',
    ]);
    expect(new Set(service.tokens)).toEqual(new Set(['Bearer bg_s3cret']));
    expect(enforced.err + bypassed.err).not.toContain('s3cret');
  });

  it('hands the job’s input to the check, and its arguments as they are', async () => {
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const odd = ['--', '', 'a b', '"$(id)"', "'", '$HOME\n*', 'ü'];
    const ran = await run([
      'gate',
      ...NAMED,
      '--deploy-id=r8',
      '--',
      process.execPath,
      '-e',
      script,
      ...odd,
    ]);
    // Node takes the first -- for itself.
    expect(JSON.parse(ran.out)).toEqual(odd.slice(1));
  });

  it.each([
    ['plain http', { BREAKGLASS_URL: 'http://breakglass.internal' }, 'BREAKGLASS_PLAIN_HTTP'],
    ['no address', {}, 'BREAKGLASS_URL'],
    ['a name in the address', { BREAKGLASS_URL: 'https://me:pw@bg.example' }, 'without name'],
  ])('asks nobody over %s', async (_name, env, said) => {
    const ran = await run(
      ['gate', ...NAMED, '--deploy-id=r9', '--', process.execPath, '-e', 'process.exit(4)'],
      env,
    );
    expect(ran.code).toBe(4);
    expect(ran.err).toContain(said);
    expect(ran.err).not.toContain('pw@');
  });
});
