import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { startFakeCluster } from '#test/support/gates/fake-cluster';
import { startFakeOpa } from '#test/support/gates/fake-opa';
import { clockFunction } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, policy } from '#test/support/service/acme';
import { askGate } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const LONGEST = { timeout: LONGEST_MS, interval: 100 };
const TTL_MS = 15 * 60_000;
const GATES = ['admission', 'deploy-rules', GATE];
const WATCH_TOKEN = 'w'.repeat(32);
const ABOUT = { service: 'checkout', environment: 'staging', run: 'run-1' };

const ALL_KINDS = policy().replace(
  '\ngroups:',
  `
  deploy-rules: { kind: opa }
  admission: { kind: kyverno, policy: ValidatingPolicy/release-images }
  ship-it: { kind: all, gates: [${GATES.join(', ')}], description: All that stands in the way }
groups:`,
);

/** What OPA holds for a gate, by bypass. */
type Exceptions = Readonly<Record<string, { readonly entry: string }>>;

/** Three gates as people have them: one asks, two hold what is pushed to them. */
async function startGates() {
  const opa = await startFakeOpa();
  onTestFinished(() => opa[Symbol.asyncDispose]());
  opa.decisions.set('breakglass/gate/decision', { decision: 'enforce' });
  const cluster = await startFakeCluster();
  onTestFinished(() => cluster[Symbol.asyncDispose]());
  const denies = { spec: { validationActions: ['Deny'] } };
  const path = '/apis/policies.kyverno.io/v1/validatingpolicies/release-images';
  cluster.policies.set(path, denies);
  const acme = await layOut(onTestFinished, { policy: ALL_KINDS });
  const tokenFile = join(acme.dataDir, 'kubernetes-token');
  await writeFile(tokenFile, cluster.token);
  await acme.start({
    OPA_URL: opa.url,
    OPA_WATCH_TOKEN: WATCH_TOKEN,
    KYVERNO_API_URL: cluster.url,
    KYVERNO_TOKEN_FILE: tokenFile,
    KYVERNO_EXCEPTION_NAMESPACE: 'breakglass-exceptions',
    KYVERNO_WATCH_TOKEN: 'k'.repeat(32),
  });
  const held = (): Exceptions => {
    const { exceptions = {} } = (opa.data['breakglass'] ?? {}) as {
      exceptions?: Record<string, Exceptions>;
    };
    return exceptions['deploy-rules'] ?? {};
  };
  return { acme, cluster, held };
}

/** OPA tells that it let the run through by the exception that it holds. */
async function tellOfDeploy(url: string, held: Exceptions) {
  const [[bypass, { entry }] = ['', { entry: '' }]] = Object.entries(held);
  const facts = { gate: 'deploy-rules', service: 'checkout', environment: 'staging' };
  const answer = { bypass, entry, facts: { ...facts, branch: null, artifact: null } };
  const result = { breakglass: { decision: 'bypass', ...answer, deploy: 'run-1#1' } };
  const event = { decision_id: 'opa-1', timestamp: new Date().toISOString(), result };
  const { status } = await fetch(`${url}/v1/watch/opa`, {
    method: 'POST',
    headers: { authorization: `Bearer ${WATCH_TOKEN}`, 'content-encoding': 'gzip' },
    body: new Uint8Array(gzipSync(JSON.stringify([event]))),
  });
  expect(status).toBe(200);
}

test('one bypass opens three gates; at its TTL all of them enforce, and each deploy ends by its own gate', async () => {
  const { acme, cluster, held } = await startGates();
  const tokens = { [GATE]: await acme.token(GATE), admission: await acme.token('admission') };
  const ask = async (gate: keyof typeof tokens) =>
    (await askGate(acme.url, tokens[gate] ?? '', { gate, ...ABOUT })).decision;
  /** What stands at each of them: what is answered, and how many exceptions are held. */
  const open = async () => [await ask(GATE), Object.keys(held()).length, cluster.exceptions.size];
  expect(await open()).toEqual(['enforce', 0, 0]);

  const incident = await request(acme.workspace, 'ship-it checkout staging 15m INC-1');
  const named = '`admission`, `deploy-rules` and `image-policy`';
  await incident.cardSays(`*3 gates open together:* ${named}`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('*3 gates are in bypass together:*');
  await vi.waitFor(async () => expect(await open()).toEqual(['bypass', 1, 1]), LONGEST);
  await tellOfDeploy(acme.url, held());

  // Short before the end the run asks once more at two of them, so that it is in flight then.
  const database = (await runningServerUrl(acme.dataDir)) ?? '';
  await query(database, clockFunction(TTL_MS - 60_000));
  expect([await ask(GATE), await ask('admission')]).toEqual(['bypass', 'bypass']);
  await query(database, clockFunction(TTL_MS));
  const ends = async () =>
    ofType(await storedLog(database), 'deploy.reverted').map(
      ({ event }) =>
        `${String(event['member'])} ${String(event['deploy'])} ${String(event['result'])}`,
    );
  await vi.waitFor(async () => expect(await open()).toEqual(['enforce', 0, 0]), LONGEST);
  await vi.waitFor(
    async () =>
      expect((await ends()).toSorted()).toEqual([
        'admission run-1#1 pending',
        'deploy-rules run-1#1 pending',
        // It was through before anybody could stop it: OPA lets pass, and keeps nothing.
        'deploy-rules run-1#1 too-late',
        'image-policy run-1#1 done',
        'image-policy run-1#1 pending',
      ]),
    LONGEST,
  );

  const readBack = async () =>
    new Map(
      ofType(await storedLog(database), 'gate.read-back').map(({ event }) => [
        event['member'],
        event['enforces'],
      ]),
    );
  const enforce = new Map(GATES.map((gate) => [gate, true]));
  await vi.waitFor(async () => expect(await readBack()).toEqual(enforce), LONGEST);
  await incident.cardSays('All 3 gates of *ship-it* enforce again');

  // The third never said what became of it.
  await query(database, clockFunction(TTL_MS + 5 * 60_000));
  await vi.waitFor(
    async () => expect(await ends()).toContain('admission run-1#1 unknown'),
    LONGEST,
  );
  const closed = ofType(await storedLog(database), 'bypass.closed');
  expect(closed.map(({ event }) => [event['how'], event['gates']])).toEqual([['expired', GATES]]);

  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
});
