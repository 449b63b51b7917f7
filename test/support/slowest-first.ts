import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take the longest, as `.ci/run` lists them at its end. Most of their time they wait,
 * for processes that start and for deadlines; begun first, they leave the cores to the others, and
 * none of them is left over at the end, when nothing else is there to fill its pauses.
 */
export const SLOWEST = [
  'faults/service/killed-at-each-step',
  'faults/histories',
  'faults/service/killed-while-signing-in',
  'e2e/gates/hostile-callers',
  'e2e/browser/incidents',
  'e2e/browser/workspace-client',
  'e2e/gates/service-away',
  'interop/bundles',
  'e2e/service/commands',
  'e2e/sign-in/browser',
  'e2e/service/keys',
  'faults/service/killed-at-a-delivery',
  'e2e/browser/demo-page',
  'faults/service/killed-while-rotating',
  'faults/races',
  'e2e/service/events',
  'e2e/demo/page',
  'faults/service/sigstore-outages',
  'faults/service/postgres-killed',
  'e2e/service/start-up',
  'postgres/embedded-postgres',
  'e2e/corpus/statements',
  'gates/opa/real-opa',
  'gates/ci/deploy',
  'gates/kyverno/real-kyverno',
  'postgres/application/decisions',
  'e2e/corpus/sign-ins',
  'postgres/application/gate-adapters',
  'postgres/application/sign-ins',
];

/** Those first that take the longest, then the folders whose tests wait, then the rest. */
const FOLDERS = ['faults/', 'e2e/service/', 'e2e/', 'interop/', 'postgres/'];

const LAST = SLOWEST.length + FOLDERS.length + 1;

/** Where a file stands in the order; the lower, the earlier. */
export function rankOf(file: string): number {
  const known = SLOWEST.indexOf(file.replace(/\.test\.ts$/, ''));
  if (known !== -1) return known;
  const folder = FOLDERS.findIndex((one) => file.startsWith(one));
  return SLOWEST.length + (folder === -1 ? FOLDERS.length : folder);
}

/**
 * Starts test files in that order, whatever was measured on this machine before. Those that share a
 * worker come last, one after the other: between others, each worker would have to begin anew.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project: { config }, moduleId }: TestSpecification): number =>
      rankOf(relative('test', relative(config.root, moduleId))) + (config.isolate ? 0 : LAST);
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
