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
  return takenUnder(root, options);
}

async function takenUnder(root: object, options: { readonly logged: boolean }) {
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
  const now = new Date();
  const needs = { tlogThreshold: 1, ctlogThreshold: 0, tsaThreshold: 1 };
  expect(rootThresholds(root)(now)).toEqual(needs);
});

const HOUR_MS = 3_600_000;
const since = (ms: number): string => new Date(Date.now() + ms).toISOString();

test.each([
  ['was there', { start: since(-HOUR_MS) }, false],
  ['was added later', { start: since(HOUR_MS) }, true],
  ['had ended', { start: since(-2 * HOUR_MS), end: since(-HOUR_MS) }, true],
] as const)(
  'no log entry is asked for unless the log %s when the certificate was issued',
  async (_, validFor, ok) => {
    const trusted = Object(world.authority.trustedRoot);
    const tlogs = trusted.tlogs.map((one: { publicKey: object }) => ({
      ...one,
      publicKey: { ...one.publicKey, validFor },
    }));
    const without = await takenUnder({ ...trusted, tlogs }, { logged: false });
    expect(without).toEqual({ service: ok, auditor: ok });
  },
);
