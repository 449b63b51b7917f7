import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { bypassId, personId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { auditVerify } from '#cli/audit-verify';
import type { AuditVerifyFlags } from '#cli/audit-verify-flags';
import { openExport } from '#cli/opened-export';
import { History } from '#test/support/replay/history';
import { checkpointOf, linesOf, seal, testKeys } from '#test/support/replay/sealed-log';
import { PEOPLE } from '#test/support/replay/tenant-world';

const folder = await mkdtemp(join(tmpdir(), 'audit-exit-codes-'));
afterAll(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const keys = testKeys();
const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
// A request that nobody approved: the service's own key signed all of it.
history.run({
  type: 'open',
  bypass: bypassId('b1'),
  by: PEOPLE[0] ?? personId('nobody'),
  gate: 'deploy',
  scope: { service: 'web', environment: 'production', branch: null, artifact: null },
  severity: null,
  ttlMs: 15 * MINUTE_MS,
  justification: 'checkout is down',
  incident: null,
  drill: false,
  extends: null,
});
const entries = seal(history.entries, keys);
const lines = await linesOf(entries, keys);
const text = `${lines.join('\n')}\n`;

const ROOT = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
});

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'export.jsonl': text,
  'root.json': ROOT,
  'saved.txt': checkpointOf(entries.slice(0, 4), keys),
  'changed.jsonl': text.replace('"index":3', '"index":4'),
  'export.jsonl.gz': gzipSync(text),
  'marked.jsonl': `\uFEFF${text}`,
  'utf16.jsonl': Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'blank.jsonl': text.replace('\n', '\n\n'),
  'empty.jsonl': '',
  'notes.txt': 'the root is on the other disk',
};
await Promise.all(Object.entries(FILES).map(([name, content]) => writeFile(at(name), content)));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(over: Partial<AuditVerifyFlags>): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const flags: AuditVerifyFlags = {
    export: at('export.jsonl'),
    trustedRoot: at('root.json'),
    logKey: [keys.vkey],
    serviceKey: [keys.keyId],
    issuer: [],
    providerKeys: [],
    ownKeyClient: [],
    workload: [],
    requireCheckpoint: false,
    acceptErased: false,
    acceptRecordedKeys: false,
    json: false,
    ...over,
  };
  const opened = await openExport(flags.export);
  const code = await auditVerify({
    readLines: () => opened.lines(() => undefined),
    readText: (path) => readFile(path, 'utf8'),
    writeText: (path, page) => writeFile(path, page),
    io: { out: (line) => void out.push(line), err: (line) => void err.push(line) },
    flags,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('audit verify gives back', () => {
  test.each([
    [0, 'all that there is to prove is proved', { checkpoint: at('saved.txt') }, /^VERIFIED: /],
    [0, 'the tail is unproven and nobody asked', {}, /^VERIFIED except the tail\. /],
    [3, 'the tail is unproven and was asked for', { requireCheckpoint: true }, /^VERIFIED except /],
    [
      0,
      'no service key is pinned',
      { serviceKey: [] },
      /^VERIFIED except the tail; the service key/,
    ],
    [1, 'an entry is out of its place', { export: at('changed.jsonl') }, /^REFUSED: /],
    [
      2,
      'it is gzip',
      { export: at('export.jsonl.gz') },
      /^UNREADABLE: line 1 .*compressed.*gunzip/,
    ],
    [2, 'it has a byte order mark', { export: at('marked.jsonl') }, /^UNREADABLE: .*tail -c \+4/],
    [2, 'it is UTF-16', { export: at('utf16.jsonl') }, /^UNREADABLE: .*UTF-16; an export is UTF-8/],
    [2, 'it has a blank line', { export: at('blank.jsonl') }, /^UNREADABLE: line 2 .*it is blank/],
    [2, 'it is empty', { export: at('empty.jsonl') }, /^UNREADABLE: .*the file is empty/],
  ] as const)('%i where %s', async (code, _, over, first) => {
    const ran = await run(over);
    expect(ran.out).toMatch(first);
    expect(ran.err).toBe('');
    expect(ran.code).toBe(code);
  });

  test.each([
    ['is no JSON', { trustedRoot: at('notes.txt') }, 'notes.txt is no Sigstore trusted root'],
    ['is not there', { trustedRoot: at('nowhere') }, 'nowhere (ENOENT)'],
    [
      'is the export',
      { trustedRoot: at('export.jsonl') },
      'it is an export. A trusted root is JSON',
    ],
  ] as const)('2 where the trusted root %s, and says which file', async (_, over, words) => {
    const { code, out, err } = await run(over);
    expect(err).toContain(words);
    expect(err).not.toContain('SyntaxError');
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('the verdict in parts with --json, as its text and its page tell it', async () => {
    const { code, out, err } = await run({ json: true, html: at('report.html') });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      verdict: { outcome: 'in-part', unproven: [{ what: 'tail', title: 'the tail', entries: [] }] },
      ok: true,
      evaluation: false,
    });
    expect(err).toBe(`The report is in ${at('report.html')} too: open it in a browser.`);
    expect(await readFile(at('report.html'), 'utf8')).toContain('class="verdict unproven"');
  });
});
