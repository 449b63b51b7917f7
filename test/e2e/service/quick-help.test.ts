import { expect, test } from 'vitest';
import { runBreakglass } from '#test/support/service/breakglass-process';

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
    const run = await runBreakglass(command.split(' '), { NODE_OPTIONS: LOADER });
    expect(run.code).toBe(0);
    const loaded = run.stderr.split(' ');
    expect(loaded).toContain('commander');
    const heavy = ['pg', 'pg-boss', '@slack/bolt', '@sigstore/verify', 'hono'];
    expect(loaded.filter((name) => heavy.includes(name))).toEqual([]);
  },
);
