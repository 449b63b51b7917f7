import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditChecks } from '#cli/audit-checks';
import { attest } from '#sigstore/attest';
import { rootThresholds } from '#sigstore/root-thresholds';
import { bundleReader } from '#sigstore/sign-in/bundle-reader';
import { startWorld, STATEMENT, type World } from '../sigstore/signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What the service takes, and what an auditor takes who pinned the same root. */
async function taken(left: 'ctlogs' | 'tlogs' | null, options: { readonly logged: boolean }) {
  const root = { ...Object(world.authority.trustedRoot), ...(left === null ? {} : { [left]: [] }) };
  const { rekorUrl: _, ...unlogged } = world.services;
  const bundle = JSON.parse(
    JSON.stringify(
      await attest({
        statementBytes: STATEMENT,
        identityToken: await world.mint(),
        services: options.logged ? world.services : unlogged,
        budgetMs: 10_000,
      }),
    ),
  );
  return {
    service: bundleReader(root).read(bundle, STATEMENT) !== null,
    auditor: auditChecks(root).verifyBundle(bundle, STATEMENT).ok,
  };
}

test.each([
  ['with all it could have', null, true, true],
  ['with an SCT of no log of the root', 'ctlogs', true, false],
  ['without a log entry, under a root without a log', 'tlogs', false, true],
  ['without a log entry, under a root that has a log', null, false, false],
] as const)('a bundle %s is taken by the service as by an auditor', async (_, left, logged, ok) => {
  expect(await taken(left, { logged })).toEqual({ service: ok, auditor: ok });
});

test('a root without a certificate log asks for no SCT', () => {
  const root = { ...Object(world.authority.trustedRoot), ctlogs: [] };
  expect(rootThresholds(root)).toEqual({ tlogThreshold: 1, ctlogThreshold: 0, tsaThreshold: 1 });
});
