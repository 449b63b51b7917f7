import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cruiseProject } from './cruise.ts';
import { folderNames } from './folders.ts';
import { plantedProject, plantedRules } from './planted-project.ts';
import { rules } from './rules.ts';

const project = join(import.meta.dirname, '../..');

// Raised as the project grows: a cruise that loses sight of the source must not pass.
const fewestModules = 80;

async function sourceFiles(): Promise<string[]> {
  const names = await readdir(join(project, 'src'), { recursive: true });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => `src/${name}`);
}

describe('the imports of the project', async () => {
  const result = await cruiseProject(project);
  const seen = result.modules
    .map((module) => module.source)
    .filter((path) => path.startsWith('src/'));

  it('are all seen', async () => {
    const files = await sourceFiles();
    expect(seen.toSorted()).toEqual(files.toSorted());
    expect(seen.length).toBeGreaterThanOrEqual(fewestModules);
  });

  it('start from a folder of the table', () => {
    const folders = folderNames.map((name) => (name === 'gates' ? 'gates/[^/]+' : name));
    const inTable = new RegExp(`^src/(${folders.join('|')})/`);
    expect(seen.filter((path) => !inTable.test(path))).toEqual([]);
  });

  it('keep to the table', () => {
    const broken = result.summary.violations.map(
      ({ rule, from, to, unresolvedTo }) => `${rule.name}: ${from} → ${unresolvedTo ?? to}`,
    );
    expect(broken).toEqual([]);
  });
});

describe('a planted violation', async () => {
  const planted = await plantedRules();

  it('exists for every rule', () => {
    expect(new Set(planted)).toEqual(new Set(rules.map((rule) => rule.name)));
  });

  // Each file named `wrong-…` breaks the rule of its folder; the files beside it break none.
  it.each(planted)('of `%s` is caught by that rule alone', async (rule) => {
    const root = await plantedProject(rule);
    onTestFinished(() => rm(root, { recursive: true }));
    const { modules, summary } = await cruiseProject(root);
    const wrong = modules
      .map((module) => module.source)
      .filter((path) => basename(path).startsWith('wrong-'));

    const caught = summary.violations.flatMap((found) => [
      found.from,
      ...(found.cycle ?? []).map((step) => step.name),
    ]);

    expect(wrong).not.toEqual([]);
    expect([...new Set(summary.violations.map((found) => found.rule.name))]).toEqual([rule]);
    expect([...new Set(caught)].toSorted()).toEqual(wrong.toSorted());
  });
});
