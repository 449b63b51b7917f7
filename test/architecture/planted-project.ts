import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folderNames } from './folders.ts';

const planted = new URL('planted/', import.meta.url).pathname;

/** The rules that have a planted violation, by the name of its folder. */
export async function plantedRules(): Promise<string[]> {
  return (await readdir(planted)).toSorted();
}

/**
 * A small project with one module in every folder, our own package.json (so that `#domain/…`
 * resolves as it does here) and the files planted for one rule. Gives its folder, which the
 * caller removes.
 */
export async function plantedProject(rule: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'planted-'));
  const project = join(import.meta.dirname, '../..');
  await cp(join(project, 'package.json'), join(root, 'package.json'));
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'));
  for (const name of [...folderNames, 'gates/github', 'gates/kyverno']) {
    await writeModule(join(root, 'src', name, 'here.ts'), 'export type Here = true;');
  }
  await writeModule(
    join(root, 'test/support/here.ts'),
    "export type { Here } from '#domain/here';",
  );
  await cp(join(planted, rule), root, { recursive: true });
  return root;
}

async function writeModule(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}
