import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, policy } from '#test/support/service/acme';
import { runBreakglass } from '#test/support/service/breakglass-process';
import { request } from '#test/support/service/incident';
import { layOut, type Installation } from '#test/support/service/installation';
import { exportLog, saveCheckpoint, verifyExport } from '#test/support/service/saved-audit';

const STACK_TRACE = /^\s+at .+:\d+/m;

describe('every command', () => {
  test.for([
    '',
    'start',
    'demo',
    'migrate',
    'policy',
    'policy check',
    'people unbind',
    'people erase',
    'token create',
    'token list',
    'token rotate',
    'token revoke',
    'audit export',
    'audit verify',
    'audit checkpoint',
    'audit proof',
    'audit verify-proof',
    'doctor',
    'statistics',
    'jobs list',
    'jobs retry',
    'keys list',
    'log compare',
    'log acknowledge',
    'keys rotate',
    'keys reseal',
  ])('breakglass %s --help says what it does', async (command) => {
    const { code, stdout } = await runBreakglass([...wordsOf(command), '--help'], {});
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: ${`breakglass ${command}`.trim()}`);
  });

  test.for([
    '--no-such-option',
    'no-such-command',
    'policy check',
    'token create --tenant acme',
    'token create --tenant acme --gate image-policy --expires-in soon',
    'token revoke --tenant acme',
    'token create --tenant acme --log --gate image-policy',
    'audit proof --tenant acme --entry -1',
    'people unbind --tenant acme --person U0PEER',
    'people erase --tenant acme --person U0PEER',
    'audit verify export.jsonl --trusted-root root.json --no-such-option',
    'jobs retry no-such-queue',
    'migrate',
  ])('breakglass %s is told to be wrong usage', async (command) => {
    const { code, stdout, stderr } = await runBreakglass(wordsOf(command), {});
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(STACK_TRACE);
  });
});

describe('policy check', () => {
  const check = async (document: string) => {
    const { policyFile, run } = await layOut(onTestFinished, { policy: document });
    return { policyFile, ...(await run('policy', 'check', policyFile)) };
  };

  test('says that a good one can be used', async () => {
    const { code, stdout } = await check(policy());
    expect(code).toBe(0);
    expect(stdout).toMatch(/can be used\. Tenant acme:.*\nVersion sha256:[0-9a-f]{64}\n$/);
  });

  test('takes a sign-in where a provider is set, or is said to be', async () => {
    const document = policy().replace('ttl:', 'step_up: sso\n    ttl:');
    const { code, stderr } = await check(document);
    expect(code).toBe(2);
    expect(stderr).toContain('SIGN_IN_ISSUER');
    const { policyFile, run } = await layOut(onTestFinished, { policy: document });
    expect(await run('policy', 'check', '--sign-in', policyFile)).toMatchObject({ code: 0 });
  });

  test('names line and key of each mistake in a bad one', async () => {
    const document = policy()
      .replace('default: low', 'default: lowest')
      .replace('5 business', '5 buisness');
    const { code, stdout, stderr, policyFile } = await check(document);
    const lineOf = (text: string) =>
      document.split('\n').findIndex((line) => line.includes(text)) + 1;
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${policyFile}:${lineOf('lowest')}:10: default: `);
    expect(stderr).toMatch(new RegExp(`:${lineOf('buisness')}:\\d+: post_mortem\\.due: `));
    expect(stderr).not.toMatch(STACK_TRACE);
  });
});

describe('migrate', async () => {
  const empty = await testDatabase('template0');

  test('brings an empty database to the schema, and again has nothing to do', async () => {
    const settings = { DATABASE_URL: empty.url };
    const first = await runBreakglass(['migrate'], settings);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('applied 0001');
    const second = await runBreakglass(['migrate'], settings);
    expect(second).toMatchObject({ code: 0, stdout: 'nothing to apply\n' });
  });

  test('tells a database that cannot be reached, without its password', async () => {
    const settings = { DATABASE_URL: 'postgres://breakglass:hunter2@127.0.0.1:1/x' };
    const { code, stdout, stderr } = await runBreakglass(['migrate'], settings);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stderr).not.toMatch(STACK_TRACE);
  });
});

describe('of an installation with an incident behind it', async () => {
  const database = await testDatabase();
  let acme: Installation;
  let checkpoint: string;
  let file: string;
  // vitest takes no new hooks while one runs.
  const cleanUp = new AsyncDisposableStack();
  afterAll(() => cleanUp.disposeAsync());

  beforeAll(async () => {
    acme = await layOut((one) => cleanUp.defer(one), { databaseUrl: database.url });
    const service = await acme.start();
    checkpoint = await saveCheckpoint(acme, await exportLog(acme, 'before.jsonl'));
    const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-1`);
    await incident.approve(PEOPLE.peer);
    await incident.cardSays('is in bypass');
    await incident.press(PEOPLE.onCall, 'bypass_close');
    await incident.completeReview(PEOPLE.onCall);
    service.signal('SIGTERM');
    await service.ended;
    file = await exportLog(acme, 'after.jsonl');
  });

  test('token create prints a token alone, and keeps it nowhere', async () => {
    const args = ['token', 'create', '--tenant', 'acme', '--gate', GATE];
    const { code, stdout, stderr } = await acme.run(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bg_[\w-]{43}\n$/);
    expect(stderr).not.toContain(stdout.trim());
  });

  test('a token is listed, rotated and revoked by its first characters', async () => {
    const of = ['--tenant', 'acme'];
    const names = ['--gate', GATE, '--name', 'old CI'];
    const made = (await acme.run('token', 'create', ...of, ...names)).stdout.trim();
    const first = made.slice(0, 8);
    const rotated = await acme.run('token', 'rotate', first, ...of, '--keep', '10m');
    expect(rotated.stdout).toMatch(/^bg_[\w-]{43}\n$/);
    expect((await acme.run('token', 'revoke', first, ...of)).stdout).toBe(
      `${first}… is revoked.\n`,
    );
    const again = await acme.run('token', 'revoke', first, ...of);
    expect([again.code, again.stderr.includes('revoked before')]).toEqual([2, true]);
    const { stdout } = await acme.run('token', 'list', ...of);
    expect(stdout).toMatch(new RegExp(`^${first}…  revoked  old CI  gate ${GATE}, every`, 'm'));
    expect(stdout).toContain(`${rotated.stdout.slice(0, 8)}…  usable  old CI`);
    expect(stdout).not.toContain(made);
  });

  test('a token for what the policy does not name is refused with what was meant', async () => {
    const flags = ['--tenant', 'acme', '--gate', `${GATE}x`];
    const { code, stdout, stderr } = await acme.run('token', 'create', ...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`no gate "${GATE}x". Did you mean ${GATE}?`);
  });

  test.for([
    [PEOPLE.peer, 'has bound no account'],
    ['U0NOBODY', 'Nobody here has the account U0NOBODY'],
  ] as const)('people unbind takes nothing from %s', async ([person, words]) => {
    const flags = ['--tenant', 'acme', '--person', person, '--reason', 'a new account'];
    const { code, stderr } = await acme.run('people', 'unbind', ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('a tenant that is not there is told, and leaves nothing behind', async () => {
    const out = join(acme.dataDir, 'acne.jsonl');
    for (const args of [
      ['token', 'create', '--tenant', 'acne', '--gate', GATE],
      ['audit', 'export', '--tenant', 'acne', '--out', out],
    ]) {
      const { code, stdout, stderr } = await acme.run(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('There is no tenant acne here');
      expect(stderr).not.toMatch(STACK_TRACE);
    }
    await expect(stat(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('the wrong key is told, and not shown', async () => {
    const settings = { ...acme.settings, BREAKGLASS_KEK: Buffer.alloc(32, 7).toString('base64') };
    const out = join(acme.dataDir, 'never.jsonl');
    const args = ['audit', 'export', '--tenant', 'acme', '--out', out];
    const { code, stderr } = await runBreakglass(args, settings);
    expect(code).toBe(1);
    expect(stderr).toContain('BREAKGLASS_KEK');
    expect(stderr).not.toContain(settings.BREAKGLASS_KEK);
    expect(stderr).not.toMatch(STACK_TRACE);
  });

  test('audit export writes over nothing', async () => {
    const args = ['audit', 'export', '--tenant', 'acme', '--out', file];
    const before = await readFile(file, 'utf8');
    const { code, stderr } = await acme.run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('exists already');
    expect(stderr).not.toMatch(STACK_TRACE);
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  test('audit verify verifies, and says that the tail is unproven', async () => {
    const { code, stdout } = await verifyExport(acme, file);
    expect(code).toBe(0);
    expect(stdout).toContain('Tail unproven');
  });

  test('audit verify --require-checkpoint without one is exit code 3', async () => {
    expect(await verifyExport(acme, file, '--require-checkpoint')).toMatchObject({ code: 3 });
  });

  test('audit verify proves that the log grew since the checkpoint saved earlier', async () => {
    const more = ['--checkpoint', checkpoint, '--require-checkpoint'];
    const { code, stdout } = await verifyExport(acme, file, ...more);
    expect(code).toBe(0);
    expect(stdout).toContain('✓ proved  consistency');
    expect(stdout).not.toContain('Tail unproven');
  });

  test('a log that lost its end since a checkpoint is refused', async () => {
    const later = await saveCheckpoint(acme, file);
    const shorter = join(acme.dataDir, 'before.jsonl');
    const { code, stdout } = await verifyExport(acme, shorter, '--checkpoint', later);
    expect(code).toBe(1);
    expect(stdout).toContain('✗ REFUSED  consistency');
  });

  test('audit verify --json is the report alone', async () => {
    const { code, stdout } = await verifyExport(acme, file, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, tail: 'unproven', findings: [] });
  });

  test.for([
    ['a word of a statement', (text: string) => text.replace('"ttlMs":900000', '"ttlMs":3600000')],
    ['what somebody typed', (text: string) => text.replace('Checkout is down', 'Nothing is down')],
  ] as const)('a copy with %s changed is refused', async ([, change]) => {
    const lines = (await readFile(file, 'utf8')).split('\n');
    const copy = join(acme.dataDir, `tampered.jsonl`);
    await writeFile(copy, lines.map((line) => tampered(line, change)).join('\n'));
    expect(await readFile(copy, 'utf8')).not.toBe(lines.join('\n'));
    const { code, stdout } = await verifyExport(acme, copy);
    expect(code).toBe(1);
    expect(stdout).toContain('REFUSED: this log does not hold');
  });

  test('what cannot be read is exit code 2', async () => {
    const { logKey, trustedRoot } = await acme.pins();
    const verify = (...args: string[]) => runBreakglass(['audit', 'verify', ...args], {});
    const nowhere = join(acme.dataDir, 'nowhere');
    const pinned = ['--log-key', logKey, '--trusted-root', trustedRoot];
    for (const args of [
      [nowhere, ...pinned],
      [file, '--log-key', logKey, '--trusted-root', nowhere],
      [file, '--log-key', 'nonsense', '--trusted-root', trustedRoot],
      [file, '--log-key', `@${nowhere}`, '--trusted-root', trustedRoot],
      [file, ...pinned, '--checkpoint', nowhere],
      [file, '--trusted-root', trustedRoot],
    ]) {
      const { code, stderr } = await verify(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).not.toBe('');
      expect(stderr).not.toMatch(STACK_TRACE);
    }
  });

  test('statistics say what was bypassed, for people, spreadsheets and programs', async () => {
    const told = await acme.run('statistics', '--tenant', 'acme', '--by', 'gate,service');
    expect(told.stdout).toMatch(new RegExp(`^${GATE} · checkout +1 +█+ +1 `, 'm'));
    const csv = await acme.run('statistics', '--tenant', 'acme', '--csv');
    expect(csv.stdout).toMatch(new RegExp(`^gate,requests,[^]*\r\n${GATE},1,0,1,`));
    const json = await acme.run('statistics', '--tenant', 'acme', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ rows: [{ gate: GATE, reviews_done: 1 }] });
    const wrong = await acme.run('statistics', '--tenant', 'acme', '--by', 'colour');
    expect([wrong.code, wrong.stderr.includes('gate, service')]).toEqual([2, true]);
  });

  test('people erase leaves a log that verifies, without what was typed', async () => {
    const flags = ['--tenant', 'acme', '--person', PEOPLE.onCall, '--reason', 'asked for it'];
    const { code, stdout } = await acme.run('people', 'erase', ...flags);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Erased \d+ values of the log/)]);
    const erased = await exportLog(acme, 'erased.jsonl');
    const text = await readFile(erased, 'utf8');
    expect(await readFile(file, 'utf8')).toContain('INC-1');
    expect(text).not.toContain('INC-1');
    expect(text).not.toContain('Checkout is down');
    expect(await verifyExport(acme, erased, '--accept-erased')).toMatchObject({ code: 0 });
  });
});

const wordsOf = (command: string): readonly string[] => command.split(' ').filter(Boolean);

/** The line with a change in its statement's text or beside it. */
function tampered(line: string, change: (text: string) => string): string {
  if (line === '') return line;
  const record = JSON.parse(line) as { entry?: { statement: string } };
  if (record.entry === undefined) return line;
  const statement = Buffer.from(record.entry.statement, 'base64').toString();
  const entry = { ...record.entry, statement: Buffer.from(change(statement)).toString('base64') };
  return change(JSON.stringify({ ...record, entry }));
}
