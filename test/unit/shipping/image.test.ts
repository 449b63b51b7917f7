import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readConfig } from '#runtime/config/read-config';
import { envOf, textOf, yamlOf } from './written-settings.ts';

const manifest = z
  .object({
    engines: z.object({ node: z.string() }),
    devDependencies: z.object({ node: z.string() }),
    bin: z.object({ breakglass: z.string() }),
    files: z.array(z.string()),
  })
  .parse(JSON.parse(textOf('package.json')));

const service = z.object({
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).optional(),
  read_only: z.boolean(),
  cap_drop: z.array(z.string()),
});
const compose = z
  .object({ services: z.object({ breakglass: service, database: service }) })
  .parse(yamlOf('compose.yaml'));

describe('the image', () => {
  const dockerfile = textOf('Dockerfile');

  it('has the Node that everything here runs on', () => {
    const { node } = manifest.devDependencies;
    expect(dockerfile).toContain(`\nARG NODE_IMAGE=node:${node}-`);
    for (const name of ['ci', 'release']) {
      const versions = textOf(`.github/workflows/${name}.yml`).matchAll(/node-version: ([\d.]+)/g);
      expect([...versions].map(([, version]) => version)).toSatisfy(
        (all: string[]) => all.length > 0 && all.every((version) => version === node),
      );
    }
  });

  it('takes what is published, and starts it', () => {
    const published = manifest.files.filter((files) => !files.startsWith('!'));
    for (const folder of published.map((files) => files.split('/', 1).join()))
      expect(dockerfile).toContain(`COPY --from=build /source/${folder} /${folder}`);
    expect(dockerfile).toContain(manifest.bin.breakglass.replace('./', '/opt/breakglass/'));
  });

  it('is given what it copies, and nothing else', () => {
    const lines = textOf('.dockerignore').split('\n');
    const given = lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(
      ([, names]) => names?.split(' ') ?? [],
    );
    expect(lines).toContain('*');
    expect(given.toSorted()).toEqual(copied.toSorted());
  });
});

describe('the compose file', () => {
  it('publishes no port of the database, and ours on this machine alone', () => {
    expect(compose.services.database.ports).toBeUndefined();
    expect(compose.services.breakglass.ports).toEqual(['${BIND:-127.0.0.1}:8080:8080']);
  });

  it('lets neither write where it need not, nor do what it need not', () => {
    for (const one of Object.values(compose.services))
      expect(one).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('starts with the settings that setup.sh makes, once the tokens are in', () => {
    const settings = { ...madeSettings(), ...compose.services.breakglass.environment };
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(readConfig({ ...settings, ...tokens })).toMatchObject({
      ok: true,
      config: { port: 8080, host: '0.0.0.0', database: 'external', sigstore: 'embedded' },
    });
    const page = textOf('docs/operations.md');
    expect(Object.keys(settings).filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });
});

/** Runs setup.sh twice in a copy: the second time changes nothing. */
function madeSettings(): Readonly<Record<string, string>> {
  const root = mkdtempSync(join(tmpdir(), 'compose-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const from = new URL('../../../', import.meta.url);
  for (const path of ['deploy/compose/setup.sh', 'examples/policy.yaml'])
    cpSync(new URL(path, from), join(root, path));
  cpSync(
    new URL('examples/post-mortem.md.liquid', from),
    join(root, 'examples/post-mortem.md.liquid'),
  );
  const file = join(root, 'deploy/compose/state/breakglass.env');
  const run = () => {
    const { status } = spawnSync('sh', [join(root, 'deploy/compose/setup.sh')]);
    expect(status).toBe(0);
    return readFileSync(file, 'utf8');
  };
  const first = run();
  expect(run()).toBe(first);
  expect(statSync(file).mode & 0o077).toBe(0);
  return envOf(first);
}

describe('the workflows', () => {
  it.each(['ci', 'release'])('of %s run others’ steps by their commit alone', (name) => {
    const used = [...textOf(`.github/workflows/${name}.yml`).matchAll(/uses: (\S+)(.*)/g)];
    const others = used.filter(([, what]) => !what?.startsWith('./'));
    expect(others.length).toBeGreaterThan(0);
    for (const [line] of others) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(['ci', 'release'])('of %s may do nothing but what a job is given', (name) => {
    expect(yamlOf(`.github/workflows/${name}.yml`)).toMatchObject({ permissions: {} });
  });
});
