import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { atRest, expectNoOrphans } from '#test/support/service/at-rest';
import { runBreakglass } from '#test/support/service/breakglass-process';
import {
  failingService,
  type FailingService,
} from '#test/support/service/failpoints/failing-service';
import type { Step } from '#test/support/service/failpoints/steps';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';
import { exportLog, saveCheckpoint } from '#test/support/service/saved-audit';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();
let acme: Installation;
let service: FailingService;
let firstPin: string;
let checkpoint: string;
// vitest takes no new hooks while one runs.
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());

beforeAll(async () => {
  acme = await layOut((one) => cleanUp.defer(one), { databaseUrl: database.url });
  service = failingService(acme);
  await service.up();
  await incident('before');
  firstPin = (await acme.pins()).logKey;
  checkpoint = await saveCheckpoint(acme, await exportLog(acme, 'before.jsonl'));
}, 3 * LONGEST_MS);

/** A bypass that is asked for, approved and closed. */
async function incident(id: string): Promise<void> {
  const opened = await request(acme.workspace, `${GATE} checkout staging 15m ${id}`);
  await opened.approve(PEOPLE.peer);
  await opened.cardSays('is in bypass');
  await opened.press(PEOPLE.onCall, 'bypass_close');
  await opened.cardSays('enforces again');
}

/** How often a key was replaced, by the log; the head and the stored keys must say the same. */
async function rotations(): Promise<Readonly<Record<string, number>>> {
  const entries = ofType(await storedLog(database.url), 'key.rotated');
  const of = (purpose: string) =>
    entries.filter(({ event }) => event['purpose'] === purpose).length;
  const counted = { log: of('log'), service: of('service') };
  const [head] = await query<{ log: number; service: number }>(
    database.url,
    'SELECT log_key AS log, service_key AS service FROM app.log_head',
  );
  expect(head).toEqual({ log: counted.log + 1, service: counted.service + 1 });
  const later = await query(
    database.url,
    `SELECT purpose FROM app.secret WHERE purpose ~ '^(log|service)-key:'`,
  );
  expect(later).toHaveLength(counted.log + counted.service);
  return counted;
}

const STEPS: readonly (readonly ['log' | 'service', string, Step, number])[] = (
  ['log', 'service'] as const
).flatMap((key) => [
  [key, 'before its commit', { at: 'before COMMIT', of: 'key.rotated' }, 0],
  [key, 'after its commit', { at: 'after COMMIT', of: 'key.rotated' }, 1],
]);

test.each(STEPS)(
  'a rotation of the %s key that is killed %s happened or did not, and the service goes on',
  async (key, _, step, more) => {
    const before = await rotations();
    await service.runUntil(step, 'keys', 'rotate', key, '--tenant', 'acme');
    expect(await rotations()).toEqual({ ...before, [key]: (before[key] ?? 0) + more });
    await incident('between');
    const again = await acme.run('keys', 'rotate', key, '--tenant', 'acme');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(await rotations()).toEqual({ ...before, [key]: (before[key] ?? 0) + more + 1 });
    await incident('after');
  },
);

test('the service killed with an approval signed signs on with the key that came meanwhile', async () => {
  const opened = await request(acme.workspace, `${GATE} checkout staging 15m INC-2`);
  await service.dieAt({ at: 'after signing' });
  await opened.approve(PEOPLE.peer);
  await service.died();
  for (const key of ['log', 'service'])
    expect((await acme.run('keys', 'rotate', key, '--tenant', 'acme')).code).toBe(0);
  await service.up();
  await atRest(database.url);
  await opened.cardSays('is in bypass');
  const log = await storedLog(database.url);
  const bypass = ofType(log, 'request.opened').at(-1)?.bypass;
  const given = ofType(log, 'approval.given').filter((one) => one.bypass === bypass);
  expect(given).toMatchObject([{ event: { signing: 'attested' } }]);
  await expectNoOrphans(database.url);
});

test('the log verifies under the first key and under the last', async () => {
  const file = await exportLog(acme, 'export.jsonl');
  const { logKey, trustedRoot } = await acme.pins();
  expect(logKey).not.toBe(firstPin);
  for (const pin of [firstPin, logKey]) {
    const pins = ['--log-key', pin, '--trusted-root', trustedRoot, '--checkpoint', checkpoint];
    const verified = await runBreakglass(['audit', 'verify', file, ...pins], {});
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  }
});
