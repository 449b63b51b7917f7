import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A page's script and styles, each a whole file. */
export interface ClientAssets {
  readonly script: string;
  readonly styles: string;
}

const SCRIPT = 'client.js';
const STYLES = 'client.css';

/**
 * The browser client whose files stand in `folder` (a file URL that ends in `/`): as it was built
 * with the package, or else bundled now from `main.tsx`, which takes a second or two.
 *
 * @throws where neither a built script nor the development packages are there
 */
export async function clientAssets(folder: URL): Promise<ClientAssets> {
  const built = await readIfThere(new URL(SCRIPT, folder));
  const styles = await readFile(new URL(STYLES, folder), 'utf8');
  return built === undefined ? await bundleClient(folder) : { script: built, styles };
}

/**
 * Bundles `main.tsx` of a folder with the packages that it uses, and the style sheets that stand
 * anywhere in the folder: `client.css` first, since it has what the others build on.
 */
export async function bundleClient(folder: URL): Promise<ClientAssets> {
  // Only developers have it; what is published carries the bundle instead.
  const { build } = await import('rolldown');
  const { output } = await build({
    input: fileURLToPath(new URL('main.tsx', folder)),
    write: false,
    platform: 'browser',
    transform: {
      jsx: { runtime: 'automatic' },
      define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    },
    output: { format: 'esm', minify: true },
  });
  const blocks = await readFile(
    new URL(import.meta.resolve('slack-blocks-to-jsx/dist/style.css')),
    'utf8',
  );
  return { script: output[0].code, styles: [blocks, ...(await ownStyles(folder))].join('\n') };
}

async function ownStyles(folder: URL): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const others = names.filter((name) => name.endsWith('.css') && name !== STYLES).sort();
  return Promise.all([STYLES, ...others].map((name) => readFile(new URL(name, folder), 'utf8')));
}

async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
