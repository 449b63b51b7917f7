import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial } from '@sigstore/verify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sigstoreCommands } from '#cli/commands/sigstore';
import { UsageError } from '#cli/report-failure';
import {
  newCertificateAuthority,
  newTimestampAuthority,
} from '#sigstore/embedded/authority-certificates';
import { readChain, readLogKey, readTileLogKey } from '#sigstore/trusted-parts';

const NOW = new Date('2027-03-01T00:00:00Z');
const fulcio = newCertificateAuthority(NOW).chain;
const tsa = newTimestampAuthority(NOW).chain;
const pem = (chain: readonly string[]): string => chain.join('\n');
const publicKey = (type: 'p256' | 'p384' | 'ed25519'): string => {
  const { publicKey: key } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: type === 'p256' ? 'P-256' : 'P-384' });
  return key.export({ format: 'pem', type: 'spki' }).toString();
};

describe('a chain', () => {
  test('is taken with its own certificate first and the root last', () => {
    expect(readChain(pem(fulcio), 'certificates')).toHaveLength(2);
    expect(readChain(pem(tsa), 'timestamps')).toHaveLength(2);
  });

  test.each([
    ['upside down', pem(fulcio.toReversed()), 'certificates', 'broken-chain'],
    ['without its root', fulcio[0] ?? '', 'certificates', 'broken-chain'],
    ['of two authorities', pem([fulcio[0] ?? '', tsa[1] ?? '']), 'certificates', 'broken-chain'],
    ['for timestamps, as one for certificates', pem(tsa), 'certificates', 'not-an-authority'],
    ['for certificates, as one for timestamps', pem(fulcio), 'timestamps', 'not-for-timestamps'],
    ['that is none', 'hello', 'certificates', 'no-certificate'],
  ] as const)('%s is refused', (_what, text, use, code) => {
    expect(readChain(text, use)).toBe(code);
  });
});

describe("a log's key", () => {
  test('is known by its digest, or with its name by that of a note', () => {
    const ecdsa = readLogKey(publicKey('p256'));
    const ed25519 = publicKey('ed25519');
    const one = readTileLogKey(ed25519, new URL('http://one.example'));
    const two = readTileLogKey(ed25519, new URL('http://two.example'));
    expect(ecdsa).toMatchObject({ keyDetails: 'PKIX_ECDSA_P256_SHA_256' });
    expect(one).toMatchObject({ keyDetails: 'PKIX_ED25519' });
    expect(one).not.toEqual(two);
  });

  test('of another kind, or a private one, is refused', () => {
    expect(readLogKey(publicKey('p384'))).toBe('unsupported-key');
    expect(readLogKey(publicKey('ed25519'))).toBe('unsupported-key');
    expect(readTileLogKey(publicKey('p256'), new URL('http://a.example'))).toBe('unsupported-key');
    const { privateKey } = generateKeyPairSync('ed25519');
    const secret = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(readTileLogKey(secret, new URL('http://a.example'))).toBe('no-public-key');
  });
});

describe('breakglass sigstore trusted-root', () => {
  let folder: string;
  /** What the command says beside what it writes. */
  const said = vi.spyOn(process.stderr, 'write');
  beforeEach(async () => {
    said.mockReset().mockReturnValue(true);
    folder = await mkdtemp(join(tmpdir(), 'trusted-root-'));
    await put('fulcio.pem', pem(fulcio));
    await put('tsa.pem', pem(tsa));
    await put('rekor.pem', publicKey('ed25519'));
    await put('ct.pem', publicKey('p256'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const at = (name: string): string => join(folder, name);
  async function made(name: string, ...args: readonly string[]): Promise<TrustedRoot> {
    const all = ['trusted-root', '--out', at(name), ...args];
    await sigstoreCommands().parseAsync(all, { from: 'user' });
    return TrustedRoot.fromJSON(JSON.parse(await readFile(at(name), 'utf8')));
  }
  const first = (): Promise<TrustedRoot> =>
    made(
      'first.json',
      '--fulcio-chain',
      at('fulcio.pem'),
      '--tsa-chain',
      at('tsa.pem'),
      '--rekor-key',
      at('rekor.pem'),
      '--ct-key',
      at('ct.pem'),
    );

  test('writes what a verifier reads, each part from when its certificates begin', async () => {
    const root = await first();
    const material = toTrustMaterial(root);
    expect(material.certificateAuthorities[0]?.validFor.start).toEqual(NOW);
    expect(material.timestampAuthorities[0]?.validFor.start).toEqual(NOW);
    expect(material.tlogs[0]?.validFor.start).toEqual(NOW);
    expect(material.ctlogs).toHaveLength(1);
    expect(root.certificateAuthorities[0]?.certChain?.certificates[0]?.rawBytes).toEqual(
      new X509Certificate(fulcio[0] ?? '').raw,
    );
  });

  test('says what was written, where, and what to do with it', async () => {
    await first();
    const words = said.mock.calls.map(([text]) => String(text)).join('');
    expect(words).toContain(
      `The trusted root is in ${at('first.json')}: 1 certificate authority, 1 timestamp authority, 1 certificate log, 1 transparency log.`,
    );
    expect(words).toContain(`breakglass sigstore check --trusted-root ${at('first.json')}`);
    expect(words).toContain('give it to the auditors');
  });

  test('writes over none that somebody may have pinned', async () => {
    await first();
    const before = await readFile(at('first.json'), 'utf8');
    await expect(first()).rejects.toThrow(`${at('first.json')} is there already`);
    expect(await readFile(at('first.json'), 'utf8')).toBe(before);
  });

  test('keeps what is replaced, until it was, and the rest as it was', async () => {
    await first();
    await put('new.pem', pem(newCertificateAuthority(new Date('2028-01-01T00:00:00Z')).chain));
    const ended = '2028-01-02T00:00:00.000Z';
    const root = await made(
      'second.json',
      '--keep',
      at('first.json'),
      '--ended',
      ended,
      '--fulcio-chain',
      at('new.pem'),
    );
    const [old, fresh] = root.certificateAuthorities;
    expect(old?.validFor).toEqual({ start: NOW, end: new Date(ended) });
    expect(fresh?.validFor?.start).toEqual(new Date('2028-01-01T00:00:00Z'));
    expect(root.timestampAuthorities).toHaveLength(1);
    expect(root.timestampAuthorities[0]?.validFor?.end).not.toEqual(new Date(ended));
    expect(root.tlogs).toHaveLength(1);
  });

  test('made twice of the same parts is the same', async () => {
    const before = await first();
    const again = await made(
      'again.json',
      '--keep',
      at('first.json'),
      '--fulcio-chain',
      at('fulcio.pem'),
      '--tsa-chain',
      at('tsa.pem'),
      '--rekor-key',
      at('rekor.pem'),
      '--ct-key',
      at('ct.pem'),
    );
    expect(again).toEqual(before);
  });

  test('ends no part a second time: what ended stays ended when it did', async () => {
    await first();
    for (const [name, kept, ended] of [
      ['second.json', 'first.json', '2028-01-02T00:00:00.000Z'],
      ['third.json', 'second.json', '2029-01-02T00:00:00.000Z'],
    ] as const) {
      await put('rekor.pem', publicKey('ed25519'));
      await made(name, '--keep', at(kept), '--ended', ended, '--rekor-key', at('rekor.pem'));
    }
    const root = TrustedRoot.fromJSON(JSON.parse(await readFile(at('third.json'), 'utf8')));
    expect(root.tlogs.map((log) => log.publicKey?.validFor?.end?.getUTCFullYear())).toEqual([
      2028,
      2029,
      undefined,
    ]);
  });

  test.each([
    ['nothing to trust', []],
    ['no timestamp authority', ['--fulcio-chain', 'fulcio.pem']],
    ['a root to keep that is none', ['--keep', 'ct.pem', '--fulcio-chain', 'fulcio.pem']],
    ['a file that is not there', ['--fulcio-chain', 'absent.pem', '--tsa-chain', 'tsa.pem']],
    ['the files the wrong way round', ['--fulcio-chain', 'tsa.pem', '--tsa-chain', 'fulcio.pem']],
  ])('refuses %s', async (_what, args) => {
    const placed = args.map((arg) => (arg.endsWith('.pem') ? at(arg) : arg));
    await expect(made('refused.json', ...placed)).rejects.toBeInstanceOf(UsageError);
    await expect(readFile(at('refused.json'))).rejects.toThrow(/ENOENT/);
  });
});
