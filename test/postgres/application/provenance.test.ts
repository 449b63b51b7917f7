import { expect, test } from 'vitest';
import { loadCard } from '#application/card/load-card';
import type { Fetched } from '#application/ports/provenance';
import { checkProvenance } from '#application/provenance/check-provenance';
import type { BypassId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { digestOf, type Digest } from '#ledger/digest';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';
import { IMAGE, inBundle, slsaStatement } from '#test/support/provenance/attestations';

const installation = await testInstallation();
const [replica] = installation.replicas;
const { world, database } = installation;

const BUNDLE = new TextEncoder().encode(JSON.stringify(inBundle(slsaStatement())));
const OTHERS = new TextEncoder().encode(
  JSON.stringify(slsaStatement([`sha256:${'0'.repeat(64)}`])),
);
const lies = (bytes: Uint8Array): Fetched => ({ kind: 'bytes', bytes });

let addresses = 0;

/** A tenant with a bypass, and an address of its own at which this lies. */
async function shipped(
  there: Fetched | null,
  { bytes = BUNDLE, artifact = IMAGE }: { bytes?: Uint8Array; artifact?: string | null } = {},
) {
  const uri = `https://ci.example/${(addresses += 1)}.intoto.jsonl`;
  if (there !== null) world.attestations.set(uri, there);
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  const provenance = { uri, digest: digestOf(bytes) };
  const asked = {
    provenance,
    ...(artifact === null ? {} : { artifact: { name: 'checkout', digest: artifact } }),
  };
  const answer = await ci.ask(asked);
  expect([answer.reason, ci.errors]).toEqual(['bypassed', []]);
  await tenant.settled();
  return { tenant, bypass, ci, uri, asked };
}

async function checks(tenant: TestTenant, bypass: BypassId) {
  return (await tenant.events(bypass)).filter((one) => one.type === 'provenance.checked');
}

async function alarms(tenant: TestTenant) {
  const { rows } = await database.pool.query<{ code: string; about: Record<string, string> }>(
    `SELECT code, about FROM app.alarm WHERE tenant_id = $1 AND code = 'provenance-differs'`,
    [tenant.id],
  );
  return rows.map(({ about }) => about['result']);
}

const timesFetched = (uri: string): number => world.fetched.filter((one) => one === uri).length;

async function entryOf(tenant: TestTenant): Promise<Digest> {
  const { rows } = await database.pool.query<{ digest: Digest }>(
    `SELECT statement_digest AS digest FROM app.log_entry
      WHERE tenant_id = $1 AND type = 'deploy.annotated' ORDER BY index DESC LIMIT 1`,
    [tenant.id],
  );
  if (rows[0] === undefined) throw new RangeError('no deploy');
  return rows[0].digest;
}

test('provenance of what was deployed matches', async () => {
  const { tenant, bypass, uri } = await shipped(lies(BUNDLE));
  expect(await checks(tenant, bypass)).toMatchObject([
    {
      deploy: 'run-1#1',
      result: 'matches',
      artifact: IMAGE,
      provenance: { digest: digestOf(BUNDLE) },
    },
  ]);
  expect(timesFetched(uri)).toBe(1);
  expect(await alarms(tenant)).toEqual([]);
});

test('provenance of something else, or something else, is recorded and an alarm', async () => {
  const other = await shipped(lies(OTHERS), { bytes: OTHERS });
  expect(await checks(other.tenant, other.bypass)).toMatchObject([{ result: 'other-artifact' }]);
  expect(await alarms(other.tenant)).toEqual(['other-artifact']);
  const replaced = await shipped(lies(OTHERS));
  expect(await checks(replaced.tenant, replaced.bypass)).toMatchObject([
    { result: 'other-digest' },
  ]);
  expect(await alarms(replaced.tenant)).toEqual(['other-digest']);
});

test.each([
  [
    'what cannot be read',
    lies(new Uint8Array([123])),
    { bytes: new Uint8Array([123]) },
    'unreadable',
  ],
  ['what is too large', { kind: 'unreadable' }, {}, 'unreadable'],
  ['an address that is never fetched', { kind: 'not-fetched' }, {}, 'not-fetched'],
  [
    'provenance of a deploy that names no artifact',
    lies(BUNDLE),
    { artifact: null },
    'no-artifact',
  ],
] as const)('%s is recorded as that, and no alarm', async (_, there, named, result) => {
  const { tenant, bypass } = await shipped(there, named);
  expect(await checks(tenant, bypass)).toMatchObject([{ result }]);
  expect(await alarms(tenant)).toEqual([]);
});

test('by another algorithm than SHA-256 nothing is fetched', async () => {
  const { tenant, bypass, ci, uri } = await shipped(lies(BUNDLE));
  const digest = `sha512:${'ab'.repeat(64)}`;
  await ci.ask({ deploy: { id: 'run-2', attempt: 1 }, provenance: { uri, digest } });
  await tenant.settled();
  expect((await checks(tenant, bypass)).map((one) => one.result)).toEqual([
    'matches',
    'not-fetched',
  ]);
  expect(timesFetched(uri)).toBe(1);
});

test('what does not answer is tried again, also after the bypass closed', async () => {
  const { tenant, bypass, uri } = await shipped({ kind: 'unreachable' });
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  await installation.advance(10 * MINUTE_MS);
  await tenant.hurry();
  expect(await checks(tenant, bypass)).toEqual([]);
  world.attestations.set(uri, lies(BUNDLE));
  await tenant.hurry();
  expect(await checks(tenant, bypass)).toMatchObject([{ result: 'matches' }]);
});

test('what does not answer for half an hour is unreachable', async () => {
  const { tenant, bypass, uri } = await shipped({ kind: 'unreachable' });
  await installation.advance(30 * MINUTE_MS - 5 * SECOND_MS);
  await tenant.hurry();
  await installation.advance(10 * SECOND_MS);
  await tenant.hurry();
  expect(await checks(tenant, bypass)).toMatchObject([{ result: 'unreachable' }]);
  const tries = timesFetched(uri);
  await tenant.hurry();
  expect(timesFetched(uri)).toBe(tries);
  expect(await alarms(tenant)).toEqual([]);
});

test('is looked at once, whatever asks for it again', async () => {
  const { tenant, bypass, ci, asked } = await shipped(lies(OTHERS), { bytes: OTHERS });
  await ci.ask({ ...asked, phase: 'recheck' });
  const entry = await entryOf(tenant);
  const ports = { ...replica.ports, provenance: world.provenance };
  await Promise.all([1, 2, 3].map(() => checkProvenance(ports, tenant.id, entry)));
  expect(await checks(tenant, bypass)).toHaveLength(1);
  expect(await alarms(tenant)).toHaveLength(1);
});

test('an alarm that a killed process owed is raised by the next try', async () => {
  const { tenant, bypass } = await shipped({ kind: 'unreachable' }, { bytes: OTHERS });
  const entry = await entryOf(tenant);
  const killed = {
    ...replica.ports,
    provenance: { fetch: async () => lies(OTHERS) },
    alarms: { ...replica.ports.alarms, raise: () => Promise.reject(new RangeError('killed')) },
  };
  await expect(checkProvenance(killed, tenant.id, entry)).rejects.toThrow('killed');
  expect(await checks(tenant, bypass)).toMatchObject([{ result: 'other-artifact' }]);
  expect(await alarms(tenant)).toEqual([]);
  await tenant.hurry();
  expect(await alarms(tenant)).toEqual(['other-artifact']);
});

test('what a deploy says since is looked at by itself', async () => {
  const { tenant, bypass, ci, asked } = await shipped(lies(BUNDLE));
  const old = await entryOf(tenant);
  await ci.ask({ ...asked, artifact: { name: 'checkout', digest: `sha256:${'0'.repeat(64)}` } });
  await tenant.settled();
  expect((await checks(tenant, bypass)).map((one) => one.result)).toEqual([
    'matches',
    'other-artifact',
  ]);
  const ports = { ...replica.ports, provenance: world.provenance };
  await checkProvenance(ports, tenant.id, old);
  expect(await checks(tenant, bypass)).toHaveLength(2);
});

test('a deploy that names its provenance only later has it looked at then, once', async () => {
  const { tenant, bypass, ci, asked } = await shipped(lies(OTHERS), { bytes: OTHERS });
  const { provenance: _, ...first } = { ...asked, deploy: { id: 'run-2', attempt: 1 } };
  await ci.ask(first);
  for (const phase of ['recheck', 'recheck'] as const) await ci.ask({ ...asked, ...first, phase });
  // Left out again, it still stands.
  await ci.ask({ ...first, phase: 'recheck' });
  await tenant.settled();
  const found = (await checks(tenant, bypass)).map(({ deploy, result }) => `${deploy} ${result}`);
  expect(new Set(found)).toEqual(new Set(['run-1#1 other-artifact', 'run-2#1 other-artifact']));
  expect(found).toHaveLength(2);
});

test('what stands only in another tenant is nothing', async () => {
  const { tenant } = await shipped(lies(BUNDLE));
  const entry = await entryOf(tenant);
  const other = await installation.tenant();
  const before = world.fetched.length;
  await checkProvenance({ ...replica.ports, provenance: world.provenance }, other.id, entry);
  expect(world.fetched).toHaveLength(before);
});

test('an address that was erased is not fetched', async () => {
  const { tenant, bypass } = await shipped({ kind: 'unreachable' });
  await database.pool.query(
    `DELETE FROM app.log_opening WHERE tenant_id = $1 AND name = 'provenanceUri'`,
    [tenant.id],
  );
  await tenant.hurry();
  expect(await checks(tenant, bypass)).toMatchObject([{ result: 'not-fetched' }]);
});

test('the card names the address and what was found', async () => {
  const { tenant, bypass, uri } = await shipped(lies(OTHERS));
  const card = await replica.ports.store.read(tenant.id, (tx) =>
    loadCard(replica.ports, tx, bypass),
  );
  expect(card?.deploys).toMatchObject([
    {
      key: 'run-1#1',
      provenance: { digest: digestOf(BUNDLE), result: 'other-digest' },
      provenanceUri: uri,
    },
  ]);
  expect(world.cardsOf(bypass).at(-1)?.card.deploys).toMatchObject([{ provenanceUri: uri }]);
});
