import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { formatSettingMistakes, readConfig } from '#runtime/config/read-config';

type Env = Readonly<Record<string, string | undefined>>;

const KEK = randomBytes(32).toString('base64');
const EVALUATION: Env = {
  SLACK_BOT_TOKEN: 'xoxb-bot-secret',
  SLACK_APP_TOKEN: 'xapp-app-secret',
  BREAKGLASS_POLICY: 'policy.yaml',
};
const PRODUCTION: Env = {
  ...EVALUATION,
  DATABASE_URL: 'postgres://app:db-secret@db.example/breakglass',
  BREAKGLASS_KEK: KEK,
  PUBLIC_URL: 'https://breakglass.example',
  FULCIO_URL: 'https://fulcio.example',
  TSA_URL: 'https://tsa.example',
};

function settingsOf(env: Env): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.mistakes.map((one) => one.setting);
}

function configOf(env: Env) {
  const read = readConfig(env);
  if (!read.ok) throw new RangeError(formatSettingMistakes(read.mistakes));
  return read;
}

const without = (env: Env, name: string): Env => ({ ...env, [name]: undefined });

describe('settings that a service starts with', () => {
  it('are few for an evaluation, on loopback', () => {
    expect(configOf(EVALUATION).config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: null,
      database: 'embedded',
      sigstore: 'embedded',
      page: null,
    });
  });

  it('name what stands around it in production', () => {
    const { config, secrets } = configOf({ ...PRODUCTION, PUBLIC_URL: 'https://bg.example/x/' });
    expect(config).toMatchObject({
      host: '0.0.0.0',
      publicUrl: 'https://bg.example/x',
      database: 'external',
      sigstore: { fulcioUrl: 'https://fulcio.example', rekorUrl: null },
    });
    expect(secrets.databaseUrl).toBe(PRODUCTION['DATABASE_URL']);
  });

  it('take an empty setting for one that is not set', () => {
    const empty = { DATABASE_URL: '', PUBLIC_URL: '', HOST: '', BREAKGLASS_KEK: '', PORT: '' };
    expect(configOf({ ...EVALUATION, ...empty }).config).toEqual(configOf(EVALUATION).config);
  });

  it.each<[string, Env, 'socket' | 'http']>([
    ['a token for sockets', {}, 'socket'],
    ['both', { SLACK_SIGNING_SECRET: 'signing-secret-0' }, 'socket'],
    ['both and HTTP', { SLACK_SIGNING_SECRET: 'signing-secret-0', SLACK_MODE: 'http' }, 'http'],
    [
      'a signing secret alone',
      { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'signing-secret-0' },
      'http',
    ],
  ])('with %s choose how Slack delivers', (_, env, mode) => {
    expect(configOf({ ...EVALUATION, ...env }).config.slack.mode).toBe(mode);
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080'])(
    'may name %s, where no network lies in between',
    (url) => expect(settingsOf({ ...EVALUATION, PUBLIC_URL: url })).toEqual([]),
  );

  it.each(['127.0.0.1', 'localhost', '::1'])('may listen on %s without an address', (host) =>
    expect(settingsOf({ ...EVALUATION, HOST: host })).toEqual([]),
  );
});

describe('a mistake', () => {
  it.each<[string, Env, string]>([
    ['http beyond loopback', { PUBLIC_URL: 'http://breakglass.example' }, 'PUBLIC_URL'],
    ['an address with a query', { PUBLIC_URL: 'https://breakglass.example/?a=b' }, 'PUBLIC_URL'],
    ['an address with a fragment', { PUBLIC_URL: 'https://breakglass.example/#a' }, 'PUBLIC_URL'],
    ['an address with a user', { PUBLIC_URL: 'https://me@breakglass.example' }, 'PUBLIC_URL'],
    ['an address with a password', { PUBLIC_URL: 'https://:pw@breakglass.example' }, 'PUBLIC_URL'],
    ['no address where others reach it', { HOST: '0.0.0.0' }, 'PUBLIC_URL'],
    ['no address, on any IPv6 address', { HOST: '::' }, 'PUBLIC_URL'],
    ['Fulcio without a timestamp authority', { FULCIO_URL: 'https://f.example' }, 'TSA_URL'],
    ['a timestamp authority without Fulcio', { TSA_URL: 'https://t.example' }, 'FULCIO_URL'],
    ['a log without an authority', { REKOR_URL: 'https://r.example' }, 'FULCIO_URL'],
    [
      'a page address without its secret',
      { BREAKGLASS_PAGE_URL: 'https://pager.example' },
      'BREAKGLASS_PAGE_SECRET',
    ],
    [
      'a page secret without its address',
      { BREAKGLASS_PAGE_SECRET: 'whsec_pages' },
      'BREAKGLASS_PAGE_SECRET',
    ],
    ['no way for Slack to deliver', { SLACK_APP_TOKEN: undefined }, 'SLACK_APP_TOKEN'],
    ['HTTP mode without its secret', { SLACK_MODE: 'http' }, 'SLACK_SIGNING_SECRET'],
    [
      'Socket Mode without its token',
      {
        SLACK_MODE: 'socket',
        SLACK_APP_TOKEN: undefined,
        SLACK_SIGNING_SECRET: 'signing-secret-0',
      },
      'SLACK_APP_TOKEN',
    ],
    ['no policy', { BREAKGLASS_POLICY: undefined }, 'BREAKGLASS_POLICY'],
    ['a port that is none', { PORT: '65536' }, 'PORT'],
    ['a key that is none', { BREAKGLASS_KEK: 'too-short' }, 'BREAKGLASS_KEK'],
  ])('is %s', (_, env, setting) => {
    expect(settingsOf({ ...EVALUATION, ...env })).toEqual([setting]);
  });

  it.each(['BREAKGLASS_KEK', 'PUBLIC_URL'])('is a database of its own without %s', (name) => {
    expect(settingsOf(without(PRODUCTION, name))).toEqual([name]);
  });

  it('is a database of its own with the embedded authority, unless that is meant', () => {
    const embedded = without(without(PRODUCTION, 'FULCIO_URL'), 'TSA_URL');
    expect(settingsOf(embedded)).toEqual(['FULCIO_URL']);
    const meant = { ...embedded, BREAKGLASS_EMBEDDED_SIGSTORE: 'evaluation' };
    expect(configOf(meant).config.sigstore).toBe('embedded');
    expect(settingsOf({ ...embedded, BREAKGLASS_EMBEDDED_SIGSTORE: 'yes' })).toContain(
      'BREAKGLASS_EMBEDDED_SIGSTORE',
    );
  });

  it('comes with all the others, each setting once', () => {
    const wrong = {
      SLACK_BOT_TOKEN: 'nonsense',
      DATABASE_URL: 'mysql://db.example',
      HOST: '0.0.0.0',
      PORT: 'http',
      REKOR_URL: 'https://r.example',
      BREAKGLASS_PAGE_URL: 'https://pager.example',
      LOG_LEVEL: 'loud',
    };
    expect(settingsOf(wrong).toSorted()).toEqual([
      'BREAKGLASS_KEK',
      'BREAKGLASS_PAGE_SECRET',
      'BREAKGLASS_POLICY',
      'DATABASE_URL',
      'FULCIO_URL',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
    ]);
  });
});

describe('no value of a secret', () => {
  const SECRET = 'hush-0123456789abcdef';
  const names = [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'DATABASE_URL',
    'BREAKGLASS_KEK',
    'BREAKGLASS_PAGE_URL',
    'BREAKGLASS_PAGE_SECRET',
  ];

  it.each(names)('stands in the mistakes: %s', (name) => {
    const read = readConfig({ ...PRODUCTION, [name]: SECRET, PORT: 'none' });
    expect(read.ok).toBe(false);
    expect(inspect(read, { depth: null })).not.toContain(SECRET);
    expect(read.ok ? '' : formatSettingMistakes(read.mistakes)).not.toContain(SECRET);
  });

  it('stands in the config, which is logged', () => {
    const { config } = configOf({
      ...PRODUCTION,
      SLACK_BOT_TOKEN: `xoxb-${SECRET}`,
      SLACK_APP_TOKEN: `xapp-${SECRET}`,
      SLACK_SIGNING_SECRET: SECRET,
      DATABASE_URL: `postgres://app:${SECRET}@db.example/breakglass`,
      BREAKGLASS_PAGE_URL: `https://pager.example/${SECRET}`,
      BREAKGLASS_PAGE_SECRET: `whsec_${SECRET}`,
    });
    const shown = inspect(config, { depth: null });
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(KEK);
  });
});
