import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { runBreakglass, type BreakglassProcess } from '#test/support/service/breakglass-process';
import { request } from '#test/support/service/incident';
import { layOut, type Installation } from '#test/support/service/installation';
import { exportLog, saveCheckpoint } from '#test/support/service/saved-audit';

const database = await testDatabase();
const firstKek = randomBytes(32).toString('base64');
const secondKek = randomBytes(32).toString('base64');

let acme: Installation;
let service: BreakglassProcess;
let checkpoint: string;
let pinned: string;
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());

beforeAll(async () => {
  acme = await layOut((one) => cleanUp.defer(one), { databaseUrl: database.url, kek: firstKek });
  service = await acme.start();
  await incident('before');
  checkpoint = await saveCheckpoint(acme, await exportLog(acme, 'before.jsonl'));
  pinned = (await acme.pins()).logKey;
});

/** A bypass that is asked for, approved in the approver's name, used and reviewed. */
async function incident(id: string): Promise<void> {
  const opened = await request(acme.workspace, `${GATE} checkout staging 15m ${id}`);
  await opened.approve(PEOPLE.peer);
  await opened.cardSays('is in bypass');
  await opened.press(PEOPLE.onCall, 'bypass_close');
  await opened.completeReview(PEOPLE.onCall);
}

async function keys(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await acme.run('keys', ...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout;
}

const verifiedUnder = async (file: string, logKey: string): Promise<string> => {
  const { trustedRoot } = await acme.pins();
  const pins = ['--log-key', logKey, '--trusted-root', trustedRoot, '--checkpoint', checkpoint];
  const { code, stdout, stderr } = await runBreakglass(['audit', 'verify', file, ...pins], {});
  expect({ code, stdout: code === 0 ? '' : stdout, stderr: code === 0 ? '' : stderr }).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  return stdout;
};

test('keys of a running service are replaced, and its log verifies under the old pin and the new', async () => {
  const log = await keys('rotate', 'log', '--tenant', 'acme');
  expect(log).toContain(`before  ${pinned}`);
  const { logKey } = await acme.pins();
  expect(logKey).not.toBe(pinned);
  expect(log).toContain(`--log-key '${logKey}'`);
  await incident('after-log');
  const service_ = await keys('rotate', 'service', '--tenant', 'acme');
  expect(service_).toContain('--service-key ');
  await incident('after-service');

  const file = await exportLog(acme, 'rotated.jsonl');
  for (const each of [pinned, logKey])
    expect(await verifiedUnder(file, each)).toContain(`rotated to log key ${logKey}`);
  await verifiedUnder(join(acme.dataDir, 'before.jsonl'), pinned);
});

test('the keys that others fetch are published before they sign', async () => {
  const published = await keys('rotate', 'issuer');
  expect(published).toMatch(/The issuer key 2 is published now and signs from 20/);
  expect(await keys('rotate', 'issuer')).toContain('nothing was changed');
  await keys('rotate', 'decision');
  const listed = await keys('list', '--tenant', 'acme');
  expect(listed).toContain('in force');
  expect(listed).toMatch(/issuer key 2 {2}\S+ {2}published; signs from 20/);
  expect(listed).toMatch(/decision key 1 {2}\S+ {2}signs until 20/);
  const kids = async (path: string): Promise<readonly string[]> => {
    const { keys: all } = (await (await fetch(`${acme.url}${path}`)).json()) as {
      readonly keys: readonly { readonly kid: string }[];
    };
    return all.map((one) => one.kid);
  };
  // The service looks every twenty seconds.
  for (const path of ['/.well-known/jwks.json', '/.well-known/breakglass/decision-keys.json'])
    await expect
      .poll(async () => (await kids(path)).length, { timeout: 100_000, interval: 500 })
      .toBe(2);
  for (const kid of await kids('/.well-known/jwks.json')) expect(listed).toContain(kid);
});

test('the embedded authority is rotated while the service is stopped', async () => {
  const refused = await acme.run('keys', 'rotate', 'authority');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('Stop the service');
  service.signal('SIGTERM');
  await service.ended;
  expect(await keys('rotate', 'authority')).toContain('verifies under it');
  service = await acme.start();
  await incident('after-authority');
  await verifiedUnder(await exportLog(acme, 'new-authority.jsonl'), pinned);
});

test('secrets are sealed under another key-encryption key, and the former one is dropped', async () => {
  service.signal('SIGTERM');
  await service.ended;
  const withKek = (kek: string) => ({ ...acme.settings, BREAKGLASS_KEK: kek });
  const both = `${secondKek},${firstKek}`;
  const listed = await runBreakglass(['keys', 'list'], withKek(both));
  expect(listed.stdout).toMatch(/seals 0 {2}the first/);
  const resealed = await runBreakglass(['keys', 'reseal'], withKek(both));
  expect(resealed.code).toBe(0);
  expect(resealed.stderr).toMatch(/(\d+) of \1 sealed anew\n$/);
  expect(resealed.stdout).toMatch(/[0-9a-f]{16} may be dropped from BREAKGLASS_KEK/);
  const again = await runBreakglass(['keys', 'reseal'], withKek(both));
  expect(again.stdout).toContain('sealed under the first key already');
  const lost = await runBreakglass(['keys', 'reseal'], withKek(firstKek));
  expect(lost.code).toBe(1);
  expect(lost.stderr).toContain('BREAKGLASS_KEK does not list');
  service = await acme.start({ BREAKGLASS_KEK: secondKek });
  await incident('after-reseal');
  service.signal('SIGTERM');
  await service.ended;
  expect(await readFile(join(acme.dataDir, 'log-key.txt'), 'utf8')).not.toContain(pinned);
});

test.each([
  ['a log key without its tenant', ['rotate', 'log']],
  ['a key that is none', ['rotate', 'front-door']],
  ['a tenant that is none', ['rotate', 'service', '--tenant', 'acne']],
])('%s is wrong usage', async (_, args) => {
  const { code, stdout, stderr } = await acme.run('keys', ...args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
});
