// Builds `dist/` for publishing; the service itself runs from `src/` without a build.
// `dist/package.json` is the nearest one for every built module, so it is the one that says what
// `#domain/…` means there. Without it the built code would import `src/`, which is not published.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundleClient } from '../src/workspace/client-assets.ts';
import { buildCi } from './ci-file.ts';

const { imports } = JSON.parse(readFileSync('package.json', 'utf8'));

// A module that was renamed since the last build must not linger.
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

const clients = ['workspace/client', 'cli/demo/client'];
// What stands beside the file for CI is copied with it.
const isSource = (path) => /\.(tsx?|yml)$/.test(path) || path.endsWith('tsconfig.json');
cpSync('src', 'dist', { recursive: true, filter: (path) => !isSource(path) });
for (const client of clients) {
  const { script, styles } = await bundleClient(new URL(`../src/${client}/`, import.meta.url));
  writeFileSync(`dist/${client}/client.js`, script);
  writeFileSync(`dist/${client}/client.css`, styles);
}

await buildCi('dist/ci');

const built = Object.entries(imports)
  .filter(([, path]) => path.startsWith('./src/'))
  .map(([name, path]) => [name, path.replace('./src/', './').replace(/\.ts$/, '.js')]);
const manifest = { type: 'module', imports: Object.fromEntries(built) };
writeFileSync('dist/package.json', `${JSON.stringify(manifest, null, 2)}\n`);
