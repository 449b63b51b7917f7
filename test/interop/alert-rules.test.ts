import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { findProgram } from '#test/support/gates/find-program';

const FOLDER = fileURLToPath(new URL('../../deploy/monitoring/', import.meta.url));
const program = findProgram('promtool', 'PROMTOOL_BIN', 'promtool');
const why =
  program === undefined
    ? ' (skipped: no promtool: `npm run interop` builds it, or name one in PROMTOOL_BIN)'
    : '';

function promtool(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program ?? '', args, {
    cwd: FOLDER,
    encoding: 'utf8',
  });
  return { status, said: `${stdout}${stderr}` };
}

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

/** As rules, which is how promtool reads queries; `$__rate_interval` is Grafana's. */
async function queriesAsRules(): Promise<string> {
  const text = await readFile(join(FOLDER, 'dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as Dashboard;
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries.map((expr, place) => ({
    record: `dashboard:query:${place}`,
    expr: expr.replaceAll('$__rate_interval', '5m'),
  }));
  expect(rules.length).toBeGreaterThan(40);
  return stringify({ groups: [{ name: 'dashboard', rules }] });
}

describe.skipIf(program === undefined)(`the alert rules, in Prometheus itself${why}`, () => {
  it('can be read', () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toMatchObject({ status: 0 });
  });

  it('tell what they are to tell, and nothing else', () => {
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toMatchObject({ status: 0 });
  });

  it('and the queries of the dashboard can be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'rules.yaml'), await queriesAsRules());
    expect(promtool('check', 'rules', join(folder, 'rules.yaml'))).toMatchObject({ status: 0 });
  });
});
