import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
const GATES = [GATE, 'deploy-rules', 'admission'] as const;

const ALL_KINDS = policy().replace(
  '\ngroups:',
  `
  deploy-rules: { kind: opa }
  admission: { kind: kyverno, policy: ValidatingPolicy/release-images }
groups:`,
);

test('the gates of one incident open, and at the TTL all of them enforce and are read back', async () => {
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
    OPA_WATCH_TOKEN: 'w'.repeat(32),
    KYVERNO_API_URL: cluster.url,
    KYVERNO_TOKEN_FILE: tokenFile,
    KYVERNO_EXCEPTION_NAMESPACE: 'breakglass-exceptions',
    KYVERNO_WATCH_TOKEN: 'k'.repeat(32),
  });
  const token = await acme.token(GATE);
  const asked = async () => {
    const about = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };
    return (await askGate(acme.url, token, about)).decision;
  };
  /** What stands at each of them: what is answered, and how many exceptions are held. */
  const open = async () => {
    const { exceptions } = (opa.data['breakglass'] ?? {}) as {
      exceptions?: Record<string, object>;
    };
    const held = Object.keys(exceptions?.['deploy-rules'] ?? {}).length;
    return [await asked(), held, cluster.exceptions.size];
  };
  expect(await open()).toEqual(['enforce', 0, 0]);

  for (const gate of GATES) {
    const incident = await request(acme.workspace, `${gate} checkout staging 15m INC-1`);
    expect(await incident.approve(PEOPLE.peer)).toBe(true);
    await incident.cardSays('is in bypass');
  }
  await vi.waitFor(async () => expect(await open()).toEqual(['bypass', 1, 1]), LONGEST);

  const database = (await runningServerUrl(acme.dataDir)) ?? '';
  await query(database, clockFunction(TTL_MS));
  await vi.waitFor(async () => expect(await open()).toEqual(['enforce', 0, 0]), LONGEST);
  const readBack = async () =>
    new Map(
      ofType(await storedLog(database), 'gate.read-back').map(({ event }) => [
        event['gate'],
        event['enforces'],
      ]),
    );
  const enforce = new Map(GATES.map((gate) => [gate, true]));
  await vi.waitFor(async () => expect(await readBack()).toEqual(enforce), LONGEST);
  const closed = ofType(await storedLog(database), 'bypass.closed');
  expect(closed.map(({ event }) => event['how'])).toEqual(['expired', 'expired', 'expired']);

  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
});
