import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { startFakeOpa, type FakeOpa } from '#test/support/gates/fake-opa';
import { clockFunction } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, policy } from '#test/support/service/acme';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const WATCH_TOKEN = 'w'.repeat(32);
const ABOUT = { gate: GATE, service: 'checkout', environment: 'staging' };
const deploy = (run: string): Deploy => ({ ...ABOUT, run });

const LONGEST = { timeout: LONGEST_MS, interval: 100 };
/** Before the end: longer than it takes to ask, shorter than a lease. */
const LAST_MS = 30_000;

/** What stands at the OPA for the gate. */
function standing({ data }: FakeOpa): Readonly<Record<string, { readonly entry: string }>> {
  const { exceptions } = (data['breakglass'] ?? {}) as { exceptions?: Record<string, object> };
  return (exceptions?.[GATE] ?? {}) as Record<string, { readonly entry: string }>;
}

/** Decides as `breakglass.rego` does for this scope: what stands lets it through. */
function decideByWhatStands(opa: FakeOpa): void {
  const decided = () => {
    const [found] = Object.entries(standing(opa));
    return found === undefined
      ? { decision: 'enforce' }
      : { decision: 'bypass', bypass: found[0], entry: found[1].entry };
  };
  opa.decisions.get = decided;
}

test('one bypass opens its gate wherever it stands, and at its end all of it enforces', async () => {
  const opa = await startFakeOpa('opa-token');
  onTestFinished(() => opa[Symbol.asyncDispose]());
  decideByWhatStands(opa);
  opa.data = { breakglass: { exceptions: { 'of-nobody': { old: {} } } } };
  const acme = await layOut(onTestFinished, {
    policy: policy().replace('kind: http', 'kind: opa'),
    settings: { OPA_URL: opa.url, OPA_TOKEN: 'opa-token', OPA_WATCH_TOKEN: WATCH_TOKEN },
  });
  await acme.start();
  const token = await acme.token(GATE);
  const signed = (run: string, phase?: 'recheck' | 'finish') =>
    askGate(acme.url, token, deploy(run), phase);
  const byStatus = async (run: string) => {
    const members = { service: ABOUT.service, environment: ABOUT.environment, deploy: run };
    const { status } = await fetch(`${acme.url}/v1/gates/${GATE}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(members),
    });
    return status;
  };
  const watched = async (deployed: string) => {
    const [found] = Object.entries(standing(opa));
    const facts = { ...ABOUT, branch: null, artifact: null };
    const result = { decision: 'bypass', bypass: found?.[0], entry: found?.[1].entry, facts };
    const told = { decision_id: 'opa-1', timestamp: new Date().toISOString() };
    const { status } = await fetch(`${acme.url}/v1/watch/opa`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WATCH_TOKEN}`, 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify([{ ...told, result: { ...result, deploy: deployed } }])),
    });
    return status;
  };

  // What an earlier installation left behind is gone with the start.
  await vi.waitFor(() => expect(JSON.stringify(opa.data)).not.toContain('of-nobody'), LONGEST);
  expect([(await signed('run-1')).decision, await byStatus('run-3')]).toEqual(['enforce', 403]);
  expect(standing(opa)).toEqual({});

  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');
  await vi.waitFor(() => expect(Object.keys(standing(opa))).toHaveLength(1), LONGEST);

  const during = await signed('run-1');
  expect(during).toMatchObject({ decision: 'bypass' });
  // The gate that holds the bypass holds the entry that the one that asks is told.
  expect(Object.values(standing(opa))).toMatchObject([{ entry: during.entry, ...ABOUT }]);
  expect((await signed('run-2')).decision).toBe('bypass');
  expect(await byStatus('run-3')).toBe(200);
  expect(await watched('run-4#1')).toBe(200);
  await incident.cardSays('run-4');

  const database = (await runningServerUrl(acme.dataDir)) ?? '';
  const passedMs = (during.expiresAt ?? Number.NaN) - (during.serverTime ?? Number.NaN) - LAST_MS;
  await query(database, clockFunction(passedMs));
  for (const run of ['run-1', 'run-2'])
    expect((await signed(run, 'recheck')).decision).toBe('bypass');
  expect(await byStatus('run-3')).toBe(200);
  await query(database, clockFunction(passedMs + LAST_MS));

  await incident.cardSays('enforces again');
  expect((await signed('run-1', 'recheck')).decision).toBe('enforce');
  expect(await byStatus('run-5')).toBe(403);
  expect(standing(opa)).toEqual({});
  await signed('run-2', 'finish');

  const ends = async () => {
    const results: Record<string, unknown[]> = {};
    for (const { event } of ofType(await storedLog(database), 'deploy.reverted'))
      (results[String(event['deploy'])] ??= []).push(event['result']);
    return results;
  };
  await vi.waitFor(
    async () =>
      expect(await ends()).toMatchObject({
        'run-1#1': ['pending', 'done'],
        'run-2#1': ['pending', 'too-late'],
        'run-3#1': ['pending'],
        'run-4#1': ['pending', 'too-late'],
      }),
    LONGEST,
  );
  const log = await storedLog(database);
  expect(ofType(log, 'gate.read-back').map(({ event }) => event['enforces'])).toEqual([true]);
  const facts = ofType(log, 'deploy.annotated').map(({ event }) => event['facts']);
  expect(new Set(facts)).toEqual(new Set(['claimed', 'observed']));

  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
  expect(verified.code).toBe(0);
});
