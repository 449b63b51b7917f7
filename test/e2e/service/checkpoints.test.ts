import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { request, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { WitnessServer } from '#test/support/witness/witness-server';

const SECURITY = 'C0SECURITY';
const ORIGIN = /^[^\s/]+\/\S+$/;

const witness = await WitnessServer.start();
afterAll(() => witness.close());

/** A mail server on loopback; gives what was mailed. */
async function mailServer() {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => void parts.push(part));
      stream.on('end', () => {
        mails.push(Buffer.concat(parts).toString());
        done();
      });
    },
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  onTestFinished(async () => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    await closed.promise;
  });
  return { mails, port: (server.server.address() as AddressInfo).port };
}

// Many processes, one after the other.
vi.setConfig({ testTimeout: 8 * LONGEST_MS });

test('an activation leaves the house by Slack, mail and a witness, and an outsider verifies what came', async () => {
  const mail = await mailServer();
  const installation = await layOut(onTestFinished, {
    settings: {
      BREAKGLASS_MAIL_URL: `smtp://127.0.0.1:${mail.port}`,
      BREAKGLASS_MAIL_FROM: 'breakglass@acme.example',
      BREAKGLASS_MAIL_TO: 'security@acme.example',
      BREAKGLASS_WITNESSES: `${witness.vkey} ${witness.url}`,
      BREAKGLASS_WITNESS_PRIVATE: 'yes',
    },
  });
  const { workspace, url, dataDir, run } = installation;
  // The witness has to be told the log's key, which is there after the first start.
  await installation.start();
  const { logKey, trustedRoot } = await installation.pins();
  witness.know(logKey);

  const incident = await request(workspace, `${GATE} checkout staging 15m`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('Bypass active');

  const posted = await workspace.waitForMessage(
    PEOPLE.peer,
    (message) => message.channel === SECURITY && JSON.stringify(message.blocks).includes('```'),
    { timeoutMs: LONGEST_MS },
  );
  expect(textOf(workspace, PEOPLE.peer, posted)).toContain('Checkpoint of the audit log');
  const origin = logKey.split('+')[0] ?? '';
  expect(origin).toMatch(ORIGIN);
  const until = <T>(what: () => T) => vi.waitFor(what, { timeout: LONGEST_MS, interval: 50 });
  await until(() => expect(mail.mails[0]).toContain('Subject: Checkpoint of'));
  await until(() => expect(witness.sizeOf(origin)).toBeGreaterThan(3));

  // What stands in the code block, copied to a file, is what the verifier wants.
  const section = posted.blocks?.find((block) => JSON.stringify(block).includes('```'));
  const { text } = (section as unknown as { text: { text: string } }).text;
  const note = text.replaceAll('```', '').trim();
  const saved = join(dataDir, 'saved.txt');
  await writeFile(saved, note);

  const reader = (await run('token', 'create', '--tenant', 'acme', '--log')).stdout.trim();
  const get = (path: string) =>
    fetch(`${url}/v1/log${path}`, { headers: { authorization: `Bearer ${reader}` } });
  expect((await fetch(`${url}/v1/log/checkpoint`)).status).toBe(401);
  const cosigned = await (await get('/checkpoint?cosigned=yes')).text();
  expect(cosigned).toContain(`— ${witness.name} `);
  const size = Number(cosigned.split('\n')[1]);
  const grown = (await (await get(`/proof/consistency?from=2&to=${size}`)).json()) as {
    proof: string[];
  };
  expect(grown.proof.length).toBeGreaterThan(0);
  const file = join(dataDir, '1.tlog-proof');
  await writeFile(file, await (await get('/entries/1.tlog-proof')).text());

  const pins = ['--log-key', logKey, '--witness', witness.vkey, '--witnesses', '1'];
  const proved = await run('audit', 'verify-proof', file, ...pins);
  expect(proved).toMatchObject({ code: 0 });
  expect(proved.stdout).toContain(`VERIFIED: entry 1 of ${origin}`);
  expect(proved.stdout).toContain(`Cosigned by ${witness.name}`);

  // The same without the service's HTTP, beside it.
  const own = join(dataDir, 'own.tlog-proof');
  const of = ['--tenant', 'acme'];
  expect(await run('audit', 'proof', ...of, '--entry', '1', '--out', own)).toMatchObject({
    code: 0,
  });
  expect(await readFile(own, 'utf8')).toBe(await readFile(file, 'utf8'));
  expect(await run('audit', 'proof', ...of, '--entry', '1', '--out', own)).toMatchObject({
    code: 2,
  });
  const kept = join(dataDir, 'kept.txt');
  expect(await run('audit', 'checkpoint', ...of, '--cosigned', '--out', kept)).toMatchObject({
    code: 0,
  });
  expect(await readFile(kept, 'utf8')).toBe(cosigned);

  const out = join(dataDir, 'log.jsonl');
  expect(await run('audit', 'export', ...of, '--out', out)).toMatchObject({ code: 0 });
  for (const checkpoint of [saved, kept]) {
    const verified = await run(
      'audit',
      'verify',
      out,
      '--trusted-root',
      trustedRoot,
      '--log-key',
      logKey,
      '--checkpoint',
      checkpoint,
      '--require-checkpoint',
    );
    expect(verified).toMatchObject({ code: 0 });
  }
  // The one that was kept carries the witness's word.
  const witnessed = await run(
    'audit',
    'verify',
    out,
    '--trusted-root',
    trustedRoot,
    ...pins,
    '--checkpoint',
    kept,
  );
  expect(witnessed).toMatchObject({ code: 0 });
  expect(witnessed.stdout).toContain(`${witness.name} cosigned the first ${size} entries`);
  const stranger = new WitnessServer('stranger.example');
  const without = await run(
    'audit',
    'verify',
    out,
    '--trusted-root',
    trustedRoot,
    '--log-key',
    logKey,
    '--witness',
    stranger.vkey,
    '--witnesses',
    '1',
  );
  expect(without).toMatchObject({ code: 3 });
});
