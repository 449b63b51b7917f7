import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditVerify } from '#cli/audit-verify';
import type { AuditVerifyFlags } from '#cli/audit-verify-flags';
import type { JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import type { ExportedEntry } from '#ledger/export/format';
import { attest } from '#sigstore/attest';
import { startEmbeddedAuthority, type EmbeddedAuthority } from '#sigstore/embedded/authority';
import { createIssuer, generateIssuerKey, type Issuer } from '#sigstore/issuer';
import { emailOf, History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  checkpointOf,
  linesOf,
  seal,
  serviceEnvelope,
  streamOf,
  testKeys,
} from '#test/support/replay/sealed-log';
import type { UnsignedEntry } from '#test/support/replay/test-log';

const keys = testKeys();
const files = new Map<string, readonly string[]>();
let folder: string;
let server: Server;
let authority: EmbeddedAuthority;
let issuer: Issuer;
let entries: ExportedEntry[];
/** The authority lives when the log does. */
let clock = new Date(Date.UTC(2026, 2, 2));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authority-'));
  server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const issuerUrl = `http://127.0.0.1:${address.port}`;
  issuer = createIssuer({ issuerUrl, keys: [await generateIssuerKey()] });
  const serve = getRequestListener(issuer.routes().fetch);
  server.on('request', (request, response) => void serve(request, response));
  const trusted = { issuer: issuerUrl, clientId: 'sigstore', type: 'email' } as const;
  authority = await startEmbeddedAuthority({ folder, issuers: [trusted], clock: () => clock });
  const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
  playBypass(history);
  entries = await sealForReal(history.entries);
  files.set('root.json', [JSON.stringify(authority.trustedRoot)]);
  files.set('saved', [checkpointOf(entries.slice(0, 11), keys)]);
  files.set('export.jsonl', await linesOf(entries, keys));
});

afterAll(async () => {
  await authority.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  await rm(folder, { recursive: true });
});

/** Approvals go through the issuer, the authority, its timestamp service and its log. */
async function sealForReal(unsigned: readonly UnsignedEntry[]): Promise<ExportedEntry[]> {
  const sealed = seal(unsigned, keys);
  for (const [index, { event, statement }] of unsigned.entries()) {
    const entry = sealed[index];
    if (event.type !== 'approval.given' || entry === undefined) continue;
    clock = new Date(event.at);
    const identityToken = await issuer.mintToken({
      sub: digestOf(statement),
      email: emailOf(event.approver),
      now: clock,
      jti: randomUUID(),
    });
    const { url } = authority;
    const services = { fulcioUrl: url, tsaUrl: url, rekorUrl: url };
    const bundle = await attest({
      statementBytes: statement,
      identityToken,
      services,
      budgetMs: 20_000,
    });
    sealed[index] = { ...entry, envelope: bundle as unknown as JsonValue };
  }
  return sealed;
}

/** What the command prints and how it exits. */
async function run(over: Partial<AuditVerifyFlags> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const contents = (path: string): readonly string[] => {
    const found = files.get(path);
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return found;
  };
  const code = await auditVerify({
    readLines: (path) => streamOf(contents(path)),
    readText: async (path) => contents(path).join('\n'),
    io: { out: (line) => out.push(line), err: (line) => err.push(line) },
    flags: {
      export: 'export.jsonl',
      trustedRoot: 'root.json',
      logKey: [keys.vkey],
      serviceKey: [],
      issuer: [],
      requireCheckpoint: false,
      acceptErased: false,
      acceptRecordedKeys: false,
      providerKeys: [],
      ownKeyClient: [],
      workload: [],
      json: false,
      ...over,
    },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const tamper = (type: string, change: (entry: ExportedEntry) => ExportedEntry): ExportedEntry[] =>
  entries.map((entry) =>
    Buffer.from(entry.statement).includes(`"type":"${type}"`) ? change(entry) : entry,
  );

describe('breakglass audit verify', () => {
  it('verifies an export whose approvals were signed through Sigstore', async () => {
    const pins = { serviceKey: [keys.keyId], issuer: [issuer.issuerUrl] };
    const { code, out } = await run({ checkpoint: 'saved', ...pins });
    expect(out).toMatch(
      /^VERIFIED except what the trusted root attests \(EVALUATION\)\. In all \d+ entries, 1 request\.$/m,
    );
    expect(out).toContain(`In all ${entries.length} entries`);
    expect(out).toContain('EVALUATION: the pinned root is of an embedded authority');
    expect(out).toContain('✓ proved  attestations');
    // Nobody runs a witness here.
    expect(out.replace('– unproven  witnesses', '')).not.toContain('unproven');
    expect(code).toBe(0);
  });

  it('shows an unproven tail, and refuses it only when asked to', async () => {
    const shown = await run();
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('– unproven  consistency');
    expect(shown.out).toContain('Tail unproven');
    expect(shown.out).toMatch(/^VERIFIED except the tail; the service key; /);
    expect(shown.out.split('\n').at(-1)).toBe(shown.out.split('\n')[0]);
    expect((await run({ requireCheckpoint: true })).code).toBe(3);
    expect((await run({ requireCheckpoint: true, checkpoint: 'saved' })).code).toBe(0);
  });

  it.each([
    ['without its last newline', (note: string) => note.trimEnd()],
    ['with a newline more', (note: string) => `${note}\n`],
    ['with the newlines of another system at its end', (note: string) => `${note.trimEnd()}\r\n`],
  ])('takes a saved checkpoint %s for the same', async (_, saved) => {
    files.set('resaved', [saved(files.get('saved')?.[0] ?? '')]);
    const { code, out } = await run({ checkpoint: 'resaved', requireCheckpoint: true });
    expect(out).toContain('✓ proved  consistency');
    expect(code).toBe(0);
  });

  it('says what an identity in broker mode does and does not prove', async () => {
    const { out } = await run();
    expect(out).toContain("the approver's workload identity");
    expect(out).toContain('It proves that the service asserts the act.');
    expect(out).toContain(`${issuer.issuerUrl} (2)`);
  });

  it('refuses a bundle that was moved to another approval', async () => {
    const [first] = tamper('approval.given', (one) => one).filter(({ statement }) =>
      Buffer.from(statement).includes('"type":"approval.given"'),
    );
    if (first === undefined) throw new Error('no approval');
    const moved = tamper('approval.given', (one) => ({ ...one, envelope: first.envelope }));
    files.set('moved.jsonl', await linesOf(moved, keys));
    const { code, out } = await run({ export: 'moved.jsonl' });
    expect(code).toBe(1);
    expect(out).toContain('[payload-differs]');
    expect(out).toContain('✗ REFUSED  signatures');
  });

  it('refuses a bundle of another authority', async () => {
    const root = JSON.parse(files.get('root.json')?.[0] ?? '') as Record<string, unknown>;
    files.set('empty-root.json', [JSON.stringify({ ...root, certificateAuthorities: [] })]);
    const { code, out } = await run({ trustedRoot: 'empty-root.json' });
    expect(code).toBe(1);
    expect(out).toContain('[bundle-refused]');
  });

  it('refuses an attested approval that the service signed itself', async () => {
    const swapped = tamper('approval.given', (one) => ({
      ...one,
      envelope: serviceEnvelope(one.statement, keys),
    }));
    files.set('swapped.jsonl', await linesOf(swapped, keys));
    const { code, out } = await run({ export: 'swapped.jsonl' });
    expect(code).toBe(1);
    expect(out).toContain('[attested-without-bundle]');
    expect(out).toContain('ben (ben@example.com)');
  });

  it('prints the whole report as JSON', async () => {
    const { code, out } = await run({ json: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, tail: 'unproven', findings: [] });
  });

  it('shows control characters of a log, and obeys none', async () => {
    const lines = await linesOf(entries, keys);
    files.set('escape.jsonl', [
      lines[0]?.replace('5b1f6f0e-', '\\u001b[2J-') ?? '',
      ...lines.slice(1),
    ]);
    const { out } = await run({ export: 'escape.jsonl' });
    expect(out).not.toContain('\u001b');
  });

  it.each([
    ['no pinned log key', { logKey: [] }, 'A pinned log key is needed'],
    ['a pinned log key that is none', { logKey: ['nonsense'] }, 'A pinned log key cannot be read'],
    ['no trusted root', { trustedRoot: 'missing' }, 'The trusted root cannot be read'],
    ['no saved checkpoint', { checkpoint: 'missing' }, 'The saved checkpoint cannot be read'],
    ['no export', { export: 'missing' }, 'The export cannot be read (ENOENT)'],
  ])('is used wrongly with %s', async (_, over, words) => {
    const { code, err } = await run(over);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it.each([
    ['an export', 'export.jsonl', 'export.jsonl is no signed checkpoint; it is an export.'],
    ['a trusted root', 'root.json', 'root.json is no signed checkpoint; it is a trusted root.'],
    ['a log key', 'key.txt', 'key.txt is no signed checkpoint; it is a log key.'],
    ['one line of an export', 'line.json', 'it is a line of an export: save the text'],
    ['a checkpoint without its signature', 'unsigned.txt', 'unsigned.txt is no signed checkpoint.'],
    ['nothing', 'empty.txt', 'empty.txt is no signed checkpoint; it is empty.'],
  ])('cannot read a saved checkpoint that is %s', async (_, checkpoint, words) => {
    files.set('key.txt', [keys.vkey]);
    files.set('line.json', (await linesOf(entries, keys)).slice(-1));
    files.set('unsigned.txt', (files.get('saved')?.[0] ?? '').split('\n').slice(0, 3));
    files.set('empty.txt', []);
    const { code, out, err } = await run({ checkpoint });
    expect(err).toContain(`The saved checkpoint cannot be read`);
    expect(err).toContain(words);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('refuses a checkpoint that was saved of another log', async () => {
    files.set('foreign.txt', [checkpointOf(entries.slice(0, 11), keys, 'other.example/log')]);
    const { code, out } = await run({ checkpoint: 'foreign.txt' });
    expect(out).toContain('✗ REFUSED  consistency');
    expect(out).toContain('[saved-checkpoint-refused]');
    expect(code).toBe(1);
  });

  it.each([
    ['a trusted root that is an export', { trustedRoot: 'export.jsonl' }, 'it is an export.'],
    ['a trusted root that is a log key', { trustedRoot: 'key.txt' }, 'it is a log key.'],
    ['a trusted root that is a checkpoint', { trustedRoot: 'saved' }, 'it is a checkpoint.'],
    ['a trusted root of certificates', { trustedRoot: 'chain.pem' }, 'it is a PEM file.'],
    ['a trusted root that is no JSON', { trustedRoot: 'notes.txt' }, 'it is no JSON.'],
    [
      'a trusted root that is other JSON',
      { trustedRoot: 'other.json' },
      'other.json is no Sigstore trusted root; it is JSON of something else. A trusted root is',
    ],
    ['a trusted root with a broken certificate', { trustedRoot: 'broken.json' }, 'broken.json is'],
    ['a service key that is none', { serviceKey: ['nonsense'] }, 'A pinned service key'],
  ])('is used wrongly with %s', async (_, over, words) => {
    files.set('other.json', ['{"keys":[]}']);
    files.set('key.txt', [keys.vkey]);
    files.set('chain.pem', ['-----BEGIN CERTIFICATE-----']);
    files.set('notes.txt', ['the root is on the other disk']);
    files.set('broken.json', [(files.get('root.json')?.[0] ?? '').replaceAll('"MII', '"AAA')]);
    const { code, err } = await run(over);
    expect(err).toContain(words);
    expect(err).not.toContain('SyntaxError');
    expect(code).toBe(2);
  });

  it('takes a file of something else for unreadable', async () => {
    const { code, out } = await run({ export: 'root.json' });
    expect(code).toBe(2);
    expect(out).toContain('UNREADABLE');
  });
});
