import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const run = promisify(execFile);

/** Says at the end which packages were loaded, by name. */
const TELL_PACKAGES = `
import { registerHooks } from 'node:module';
const names = new Set();
registerHooks({
  load(url, context, next) {
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
    if (name !== undefined) names.add(name);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write([...names].join(' ')));`;

const LOADER = `--import data:text/javascript,${encodeURIComponent(TELL_PACKAGES)}`;

test.for(['--help', 'start --help', 'token create --help', 'audit verify --help'])(
  'breakglass %s loads nothing of what only a running command needs',
  async (command) => {
    const env = { ...process.env, NODE_OPTIONS: LOADER };
    const { stderr } = await run(process.execPath, [MAIN, ...command.split(' ')], { env });
    const loaded = stderr.split(' ');
    expect(loaded).toContain('commander');
    const heavy = ['pg', 'pg-boss', '@slack/bolt', '@sigstore/verify', 'hono'];
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
  },
);
