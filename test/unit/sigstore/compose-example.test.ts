import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readChain } from '#sigstore/trusted-parts';
import { composedCommand, composedServices } from '#test/support/interop/compose-file';
import { PROGRAMS } from '#test/support/interop/programs';

describe('examples/sigstore/compose.yaml', () => {
  test('builds the programs that the interoperability check runs, in the same versions', () => {
    const built = Object.values(composedServices()).map(({ build }) => build.args);
    const checked = [PROGRAMS.fulcio, PROGRAMS.timestampServer, PROGRAMS.rekorTiles];
    expect(built).toEqual(
      checked.map(({ source, version }) => ({ SOURCE: source, VERSION: version })),
    );
  });

  test('publishes on loopback unless told otherwise, and only what clients ask', () => {
    const published = Object.values(composedServices()).flatMap(({ ports }) => ports);
    expect(published).toEqual([
      '${BIND:-127.0.0.1}:5555:5555',
      '${BIND:-127.0.0.1}:5556:5556',
      '${BIND:-127.0.0.1}:5557:5557',
    ]);
  });

  test('is followed to the word elsewhere: what it does not have cannot be replaced', () => {
    expect(composedCommand('rekor', { '/state': '/elsewhere' })).toContain(
      '--storage-dir=/elsewhere/log',
    );
    expect(() => composedCommand('rekor', { '--no-such-flag': '1' })).toThrow(/no-such-flag/);
  });
});

const noOpenssl = spawnSync('openssl', ['version']).status !== 0;
// oxlint-disable-next-line no-console -- a check that did not run must be seen
if (noOpenssl) console.warn('SKIPPED: no openssl on this machine, setup.sh was not run');

describe.skipIf(noOpenssl)('examples/sigstore/setup.sh', () => {
  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'setup-'));
  });
  afterEach(() => rm(state, { recursive: true }));

  const setUp = (env: Readonly<Record<string, string>>): void => {
    const script = join(import.meta.dirname, '../../../examples/sigstore/setup.sh');
    const { PATH = '' } = process.env;
    execFileSync('sh', [script, state], { env: { PATH, ...env }, stdio: 'pipe' });
  };
  const text = (name: string): Promise<string> => readFile(join(state, name), 'utf8');
  const issuers = async (): Promise<unknown> => parse(await text('fulcio/config.yaml')) as unknown;

  test('lets Fulcio believe the service, and the identity provider where one is given', async () => {
    const own = { 'issuer-url': 'https://a.example', 'client-id': 'sigstore', type: 'email' };
    setUp({ ISSUER: 'https://a.example' });
    expect(await issuers()).toEqual({ 'oidc-issuers': { 'https://a.example': own } });
    setUp({ ISSUER: 'https://a.example', SSO_ISSUER: 'https://b.example', SSO_CLIENT: 'signing' });
    const other = { 'issuer-url': 'https://b.example', 'client-id': 'signing', type: 'email' };
    expect(await issuers()).toEqual({
      'oidc-issuers': { 'https://a.example': own, 'https://b.example': other },
    });
  });

  test('makes chains that can be trusted, keys for their owner alone, and makes them once', async () => {
    setUp({ ISSUER: 'https://a.example' });
    expect(readChain(await text('fulcio/chain.pem'), 'certificates')).toHaveLength(2);
    expect(readChain(await text('tsa/chain.pem'), 'timestamps')).toHaveLength(2);
    const { mode } = await stat(join(state, 'fulcio/key.pem'));
    expect((mode & 0o777).toString(8)).toBe('600');
    const before = await text('fulcio/key.pem');
    setUp({ ISSUER: 'https://a.example' });
    expect(await text('fulcio/key.pem')).toBe(before);
  });

  test('does nothing without the address of the service', () => {
    expect(() => setUp({})).toThrow(/ISSUER/);
  });
});
