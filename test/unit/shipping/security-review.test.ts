import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { textOf } from './written-settings.ts';

const review = textOf('docs/security.md');
const manifest = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(JSON.parse(textOf('package.json')));
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({ integrity: z.string().optional(), hasInstallScript: z.boolean().optional() }),
    ),
  })
  .parse(JSON.parse(textOf('package-lock.json')));
const installed = Object.entries(lock.packages).filter(([path]) => path !== '');

/** How many requirements each section of OWASP ASVS 5.0.0 has, of the chapters that are reviewed. */
const SECTIONS: Readonly<Record<string, number>> = {
  '2.1': 3,
  '2.2': 3,
  '2.3': 5,
  '2.4': 2,
  '8.1': 4,
  '8.2': 4,
  '8.3': 3,
  '8.4': 2,
  '9.1': 3,
  '9.2': 4,
  '11.1': 4,
  '11.2': 5,
  '11.3': 5,
  '11.4': 4,
  '11.5': 2,
  '11.6': 2,
  '11.7': 2,
  '13.1': 4,
  '13.2': 6,
  '13.3': 4,
  '13.4': 7,
  '15.1': 5,
  '15.2': 5,
  '15.3': 7,
  '15.4': 4,
  '16.1': 1,
  '16.2': 5,
  '16.3': 4,
  '16.4': 3,
  '16.5': 4,
};

describe('the security review', () => {
  it('names files that there are', () => {
    const named = [...review.matchAll(/`((?:test|src|docs|deploy|\.github)\/[^`\s]+)`/g)];
    const files = named.map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(100);
    const missing = files.filter(
      (file) => !existsSync(new URL(`../../../${file}`, import.meta.url)),
    );
    expect(missing).toEqual([]);
  });

  it('has a row for each requirement of its chapters, and one alone', () => {
    const all = Object.entries(SECTIONS).flatMap(([section, most]) =>
      Array.from({ length: most }, (_, index) => `${section}.${index + 1}`),
    );
    const rows = [...review.matchAll(/^\| (\d+\.\d+\.\d+) +\|/gm)].map(([, id]) => id ?? '');
    expect(rows).toEqual(all);
  });

  it('has a row for each package that runs in production', () => {
    const [, listed = ''] = review.split('## Packages');
    const rows = [...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
    const missing = Object.keys(manifest.dependencies).filter((name) => !rows.includes(name));
    expect(missing).toEqual([]);
  });
});

describe('packages', () => {
  it('are of one version each', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    const loose = Object.entries(all).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('are held to their digests', () => {
    const without = installed.filter(([, one]) => !one.integrity?.startsWith('sha512-'));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('run no install script but those that are allowed', () => {
    const running = installed.filter(([, one]) => one.hasInstallScript === true);
    const names = running.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13));
    const allowed = Object.keys(manifest.allowScripts).filter((one) => manifest.allowScripts[one]);
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });
});
