import { createHmac, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { githubStandIn, type GithubStandIn } from '#test/support/gates/github/github-stand-in';
import type { StandInRun } from '#test/support/gates/github/actions-api';
import { requested } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { PEOPLE, policy } from '#test/support/service/acme';
import { ageHeartbeats, freeWhatDeadHeld } from '#test/support/service/at-rest';
import {
  failingService,
  type FailingService,
} from '#test/support/service/failpoints/failing-service';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const ENVIRONMENT = 'staging';
const SECRET = 's'.repeat(32);

const database = await testDatabase();
let acme: Installation;
let github: GithubStandIn;
let service: FailingService;
// vitest takes no new hooks while one runs.
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());

beforeAll(async () => {
  github = await githubStandIn();
  cleanUp.use(github);
  const gate = `deploys: { kind: github, repository: acme/checkout, repository_id: ${github.state.repositoryId} }`;
  const withGate = policy().replace('\ngroups:', `\n  ${gate}\ngroups:`);
  acme = await layOut((one) => cleanUp.defer(one), {
    databaseUrl: database.url,
    policy: withGate,
  });
  const keyFile = join(acme.dataDir, 'app.pem');
  await writeFile(keyFile, github.privateKey);
  service = failingService(acme, {
    GITHUB_APP_ID: github.appId,
    GITHUB_APP_KEY_FILE: keyFile,
    GITHUB_APP_WEBHOOK_SECRET: SECRET,
    GITHUB_APP_API_URL: github.url,
  });
  await service.up();
  const incident = await request(acme.workspace, `deploys checkout ${ENVIRONMENT} 1h INC-1`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');
}, 3 * LONGEST_MS);

let runs = 0;

/** A run that waits, and GitHub's list of what it sent: one that got no answer stands there too. */
function waitingRun(): { readonly run: StandInRun; readonly send: () => Promise<number | null> } {
  runs += 1;
  const run = github.addRun({ id: runs, workflow_id: runs }, ENVIRONMENT);
  const payload = requested(github, runs, ENVIRONMENT);
  const [guid, body] = [randomUUID(), JSON.stringify(payload)];
  const event = 'deployment_protection_rule';
  github.state.deliveries.unshift({
    id: String(1_745_234_567_890_123_000n + BigInt(runs)),
    guid,
    event,
    delivered_at: new Date(Date.UTC(2026, 10, 22, 20, runs)).toISOString(),
    payload,
  });
  const send = async () => {
    const answer = await fetch(`${acme.url}/v1/gates/github/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-delivery': guid,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
      },
      body,
    }).catch(() => null);
    return answer?.status ?? null;
  };
  return { run, send };
}

/** Let through and recorded, both once. */
async function isLetThrough({ id, rules }: StandInRun): Promise<void> {
  await vi.waitFor(
    async () => {
      await ageHeartbeats(database.url);
      expect(rules[ENVIRONMENT]?.state).toBe('approved');
      const left = await query(
        database.url,
        'SELECT delivery_id FROM app.gate_delivery WHERE handled_at IS NULL',
      );
      expect(left).toEqual([]);
    },
    { timeout: LONGEST_MS, interval: 200 },
  );
  const states = rules[ENVIRONMENT]?.said.map(({ state }) => state);
  expect(states?.filter((state) => state === 'approved')).toHaveLength(1);
  const annotated = ofType(await storedLog(database.url), 'deploy.annotated');
  const own = annotated.filter(({ event }) => event['deploy'] === `github-${id}#1`);
  expect(own).toHaveLength(1);
}

test('killed after it was acknowledged, before anything of it is done', async () => {
  const { run, send } = waitingRun();
  const { promise, resolve: release } = Promise.withResolvers<void>();
  github.state.held = promise;
  try {
    expect(await send()).toBe(202);
    await service.end();
  } finally {
    github.state.held = null;
    release();
  }
  expect(run.rules[ENVIRONMENT]?.said).toEqual([]);
  await freeWhatDeadHeld(database.url);
  // GitHub has forgotten it: what was acknowledged must be found here.
  github.state.deliveries.length = 0;
  await service.up();
  await isLetThrough(run);
});

test('killed with all of it done, before its job is ticked off', async () => {
  const { run, send } = waitingRun();
  await service.dieAt({ at: 'before a job is done', of: 'gate-delivery' });
  await send();
  await service.died();
  await service.up();
  await isLetThrough(run);
});

test('killed with it stored, before it was acknowledged', async () => {
  const { run, send } = waitingRun();
  await service.dieAt({ at: 'after COMMIT', of: 'gate delivery' });
  expect(await send()).toBeNull();
  await service.died();
  await service.up();
  await isLetThrough(run);
});

test('killed before it was stored: it is found in GitHub’s list', async () => {
  const { run, send } = waitingRun();
  await service.dieAt({ at: 'before COMMIT', of: 'gate delivery' });
  expect(await send()).toBeNull();
  await service.died();
  await service.up();
  await isLetThrough(run);
});

test('killed with the deploy recorded, before GitHub was told', async () => {
  const { run, send } = waitingRun();
  await service.dieAt({ at: 'after COMMIT', of: 'deploy.annotated' });
  await send();
  await service.died();
  expect(run.rules[ENVIRONMENT]?.said).toEqual([]);
  await service.up();
  await isLetThrough(run);
});

test('the log of all of it verifies', async () => {
  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified).toMatchObject({ code: 0 });
});
