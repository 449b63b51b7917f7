import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { formatWitnessVkey } from '#ledger/cosignature';
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

  it('take a Sigstore without a timestamp authority, if its log promises a time', () => {
    const env = {
      ...without(PRODUCTION, 'TSA_URL'),
      REKOR_URL: 'https://rekor.example',
    };
    expect(configOf(env).config.sigstore).toEqual({
      fulcioUrl: 'https://fulcio.example',
      tsaUrl: null,
      rekorUrl: 'https://rekor.example',
      rekorVersion: 1,
    });
  });

  it('give the workload a Sigstore of its own, or the one that signs approvals', () => {
    const file = { WORKLOAD_TOKEN: 'file:/var/run/secrets/sigstore/token' };
    expect(configOf({ ...PRODUCTION, ...file }).config.workload).toEqual({
      token: { kind: 'file', path: '/var/run/secrets/sigstore/token' },
      audience: 'sigstore',
      sigstore: configOf(PRODUCTION).config.sigstore,
    });
    const actions = { WORKLOAD_TOKEN: 'github-actions', WORKLOAD_FULCIO_URL: 'public-good' };
    expect(configOf({ ...EVALUATION, ...actions }).config).toMatchObject({
      sigstore: 'embedded',
      workload: {
        token: { kind: 'github-actions' },
        sigstore: { fulcioUrl: 'https://fulcio.sigstore.dev' },
      },
    });
    expect(configOf(PRODUCTION).config).toMatchObject({
      workload: null,
      provisionalAlarmMs: 3_600_000,
    });
  });

  it('may say how old the keys of tokens and decisions get', () => {
    expect(configOf(EVALUATION).config.keyRotationMs).toBeNull();
    const every = (text: string): Env => ({ ...EVALUATION, BREAKGLASS_KEY_ROTATION_EVERY: text });
    expect(configOf(every('90d')).config.keyRotationMs).toBe(90 * 86_400_000);
    for (const text of ['90', '2h', 'never'])
      expect(settingsOf(every(text))).toEqual(['BREAKGLASS_KEY_ROTATION_EVERY']);
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

describe('plain http', () => {
  const SIGSTORE = { TSA_URL: 'http://t.example', REKOR_URL: 'http://r.example' };

  it('is told of where no token goes, and of a Fulcio that is allowed by name', () => {
    const { config } = configOf({
      ...EVALUATION,
      ...SIGSTORE,
      FULCIO_URL: 'http://f.example',
      SIGSTORE_PLAIN: 'yes',
    });
    expect(config.plainHttp).toEqual(['FULCIO_URL', 'TSA_URL', 'REKOR_URL']);
  });

  it.each(['http://127.0.0.1:5555', 'http://localhost:5555', 'http://[::1]:5555'])(
    'is nothing to tell of at %s',
    (url) => {
      const { config } = configOf({ ...EVALUATION, FULCIO_URL: url, TSA_URL: url });
      expect(config.plainHttp).toEqual([]);
    },
  );
});

it.each([
  [{}, 0],
  [{ PUBLIC_URL: 'https://breakglass.example' }, 1],
  [{ PUBLIC_URL: 'https://breakglass.example', BREAKGLASS_PROXIES: '2' }, 2],
  [{ PUBLIC_URL: 'https://breakglass.example', BREAKGLASS_PROXIES: '0' }, 0],
])('%o stands behind %i proxies', (env, proxies) => {
  expect(configOf({ ...EVALUATION, ...env }).config.proxies).toBe(proxies);
});

describe('a mistake', () => {
  it.each<[string, Env, string]>([
    ['http beyond loopback', { PUBLIC_URL: 'http://breakglass.example' }, 'PUBLIC_URL'],
    ['an address with a query', { PUBLIC_URL: 'https://breakglass.example/?a=b' }, 'PUBLIC_URL'],
    ['an address with a fragment', { PUBLIC_URL: 'https://breakglass.example/#a' }, 'PUBLIC_URL'],
    ['an address with a user', { PUBLIC_URL: 'https://me@breakglass.example' }, 'PUBLIC_URL'],
    ['an address with a password', { PUBLIC_URL: 'https://:pw@breakglass.example' }, 'PUBLIC_URL'],
    [
      'a Fulcio that tokens would go to in the clear',
      { FULCIO_URL: 'http://fulcio.example', TSA_URL: 'https://t.example' },
      'FULCIO_URL',
    ],
    [
      'a Fulcio of the workload in the clear',
      {
        WORKLOAD_TOKEN: 'github-actions',
        WORKLOAD_FULCIO_URL: 'http://127.0.0.1.example',
        WORKLOAD_TSA_URL: 'https://t.example',
      },
      'WORKLOAD_FULCIO_URL',
    ],
    [
      'a Slack that tokens would go to in the clear',
      { SLACK_API_URL: 'http://slack.example' },
      'SLACK_API_URL',
    ],
    ['more proxies than anybody has', { BREAKGLASS_PROXIES: '10' }, 'BREAKGLASS_PROXIES'],
    ['no address where others reach it', { HOST: '0.0.0.0' }, 'PUBLIC_URL'],
    ['no address, on any IPv6 address', { HOST: '::' }, 'PUBLIC_URL'],
    ['Fulcio without a timestamp authority', { FULCIO_URL: 'https://f.example' }, 'TSA_URL'],
    ['a timestamp authority without Fulcio', { TSA_URL: 'https://t.example' }, 'FULCIO_URL'],
    ['a log without an authority', { REKOR_URL: 'https://r.example' }, 'FULCIO_URL'],
    [
      'a Rekor v2 without a timestamp authority',
      {
        FULCIO_URL: 'https://f.example',
        REKOR_URL: 'https://r.example',
        REKOR_VERSION: '2',
      },
      'TSA_URL',
    ],
    [
      'a version of no log',
      { FULCIO_URL: 'https://f.example', TSA_URL: 'https://t.example', REKOR_VERSION: '2' },
      'REKOR_URL',
    ],
    ['a version that is none', { REKOR_VERSION: '3' }, 'REKOR_VERSION'],
    [
      'a workload token from nowhere',
      { WORKLOAD_TOKEN: '/token', WORKLOAD_FULCIO_URL: 'public-good' },
      'WORKLOAD_TOKEN',
    ],
    [
      'a workload that the embedded authority does not know',
      { WORKLOAD_TOKEN: 'github-actions' },
      'WORKLOAD_FULCIO_URL',
    ],
    [
      'a workload’s Fulcio without a time',
      { WORKLOAD_TOKEN: 'file:/token', WORKLOAD_FULCIO_URL: 'https://f.example' },
      'WORKLOAD_TSA_URL',
    ],
    [
      'an alarm after no duration',
      { BREAKGLASS_PROVISIONAL_ALARM: 'soon' },
      'BREAKGLASS_PROVISIONAL_ALARM',
    ],
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
    [
      'a routing key of another length',
      { PAGERDUTY_ROUTING_KEY: 'R0123456789' },
      'PAGERDUTY_ROUTING_KEY',
    ],
    ['a token with white space', { PAGERDUTY_API_TOKEN: 'u+read only' }, 'PAGERDUTY_API_TOKEN'],
    [
      'a PagerDuty in the clear',
      { PAGERDUTY_API_URL: 'http://api.pagerduty.com' },
      'PAGERDUTY_API_URL',
    ],
    [
      'pages by a mail server that is not set',
      { BREAKGLASS_PAGE_MAIL: 'yes' },
      'BREAKGLASS_PAGE_MAIL',
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
    'PAGERDUTY_API_TOKEN',
    'PAGERDUTY_ROUTING_KEY',
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

describe('where checkpoints go', () => {
  const vkey = formatWitnessVkey('witness.example/w1', new Uint8Array(32).fill(7));
  const other = formatWitnessVkey('witness.example/w2', new Uint8Array(32).fill(8));
  const MAIL: Env = {
    ...EVALUATION,
    BREAKGLASS_MAIL_URL: 'smtps://amy:mail-secret@mail.acme.example',
    BREAKGLASS_MAIL_FROM: 'breakglass@acme.example',
    BREAKGLASS_MAIL_TO: 'security@acme.example, audit@acme.example',
  };

  it('is the security channel alone, once a day, unless more is set', () => {
    expect(configOf(EVALUATION).config.checkpoints).toEqual({
      everyMs: 86_400_000,
      mail: null,
      witnesses: [],
      allowPrivateWitnesses: false,
    });
  });

  it('may be mail, whose password stays out of the config', () => {
    const { config, secrets } = configOf({ ...MAIL, BREAKGLASS_CHECKPOINT_EVERY: '90m' });
    expect(config.checkpoints).toMatchObject({
      everyMs: 5_400_000,
      mail: {
        from: 'breakglass@acme.example',
        to: ['security@acme.example', 'audit@acme.example'],
        allowPlain: false,
      },
    });
    expect(inspect(config, { depth: null })).not.toContain('mail-secret');
    expect(secrets.mailUrl).toBe(MAIL['BREAKGLASS_MAIL_URL']);
  });

  it('may be witnesses, in pairs of key and address, however they are spaced', () => {
    const env = {
      ...EVALUATION,
      BREAKGLASS_WITNESSES: ` ${vkey} https://w1.example/submit\n\t${other}  https://w2.example `,
    };
    expect(configOf(env).config.checkpoints.witnesses).toEqual([
      { vkey, url: 'https://w1.example/submit' },
      { vkey: other, url: 'https://w2.example' },
    ]);
  });

  it.each([
    ['BREAKGLASS_CHECKPOINT_EVERY', { BREAKGLASS_CHECKPOINT_EVERY: 'daily' }],
    ['BREAKGLASS_CHECKPOINT_EVERY', { BREAKGLASS_CHECKPOINT_EVERY: '10s' }],
    [
      'BREAKGLASS_MAIL_URL',
      { ...MAIL, BREAKGLASS_MAIL_URL: 'smtps://amy:mail-secret%@mail.acme.example' },
    ],
    ['BREAKGLASS_MAIL_FROM', without(MAIL, 'BREAKGLASS_MAIL_FROM')],
    ['BREAKGLASS_MAIL_TO', { ...MAIL, BREAKGLASS_MAIL_TO: 'security' }],
    ['BREAKGLASS_MAIL_TO', { ...MAIL, BREAKGLASS_MAIL_TO: 'a@b.example,c@d.example\r\nBcc: e@f' }],
    ['BREAKGLASS_MAIL_URL', { ...MAIL, BREAKGLASS_MAIL_URL: 'https://mail.acme.example' }],
    ['BREAKGLASS_MAIL_URL', without(MAIL, 'BREAKGLASS_MAIL_URL')],
    ['BREAKGLASS_WITNESSES', { BREAKGLASS_WITNESSES: vkey }],
    ['BREAKGLASS_WITNESSES', { BREAKGLASS_WITNESSES: `nothing https://w1.example` }],
    ['BREAKGLASS_WITNESSES', { BREAKGLASS_WITNESSES: `${vkey} http://w1.example` }],
    ['BREAKGLASS_WITNESSES', { BREAKGLASS_WITNESSES: `${vkey} https://amy:pw@w1.example` }],
    [
      'BREAKGLASS_WITNESSES',
      { BREAKGLASS_WITNESSES: `${vkey} https://w1.example ${vkey} https://w2.example` },
    ],
  ] as const)('names %s where it is wrong: %j', (setting, env) => {
    expect(settingsOf({ ...EVALUATION, ...env })).toContain(setting);
  });

  it('reaches a witness inside the network only where that is said', () => {
    const env = { ...EVALUATION, BREAKGLASS_WITNESSES: `${vkey} http://127.0.0.1:9/` };
    expect(settingsOf(env)).toEqual(['BREAKGLASS_WITNESSES']);
    expect(settingsOf({ ...env, BREAKGLASS_WITNESS_PRIVATE: 'yes' })).toEqual([]);
  });
});

describe('sign-ins', () => {
  const SIGN_IN: Env = {
    SIGN_IN_ISSUER: 'https://idp.example',
    SIGN_IN_CLIENT_ID: 'web',
    SIGN_IN_CLIENT_SECRET: 'client-secret',
  };

  it('are read with their secret apart', () => {
    const { config, secrets } = configOf({ ...PRODUCTION, ...SIGN_IN });
    expect(config.signIn).toEqual({
      issuer: 'https://idp.example',
      clientId: 'web',
      ownKeyClientId: null,
      audience: null,
    });
    expect(secrets.signInClientSecret).toBe('client-secret');
    expect(inspect(config, { depth: 9 })).not.toContain('client-secret');
  });

  it('are off unless a provider is named', () => {
    expect(configOf(EVALUATION).config.signIn).toBeNull();
  });

  it.each<[string, Env, readonly string[]]>([
    ['no client', { SIGN_IN_CLIENT_ID: undefined }, ['SIGN_IN_CLIENT_ID']],
    ['no secret', { SIGN_IN_CLIENT_SECRET: '' }, ['SIGN_IN_CLIENT_SECRET']],
    ['no provider', { SIGN_IN_ISSUER: undefined }, ['SIGN_IN_ISSUER']],
    ['a provider without TLS', { SIGN_IN_ISSUER: 'http://idp.example' }, ['SIGN_IN_ISSUER']],
    [
      'one client for both',
      { SIGN_IN_OWN_KEY_CLIENT_ID: 'web', SIGSTORE_TRUSTED_ROOT: 'root.json' },
      ['SIGN_IN_OWN_KEY_CLIENT_ID'],
    ],
    [
      'own keys that nothing verifies',
      { SIGN_IN_OWN_KEY_CLIENT_ID: 'native' },
      ['SIGSTORE_TRUSTED_ROOT'],
    ],
  ])('with %s do not start', (_, change, mistaken) => {
    expect(settingsOf({ ...PRODUCTION, ...SIGN_IN, ...change })).toEqual(mistaken);
  });
});

describe('settings of many workspaces', () => {
  const MANY: Env = {
    ...without(without(PRODUCTION, 'SLACK_BOT_TOKEN'), 'BREAKGLASS_POLICY'),
    SLACK_CLIENT_ID: '1234.5678',
    SLACK_CLIENT_SECRET: 'a-client-secret-of-slack',
  };

  it('take the place of one bot token and one policy', () => {
    const { config, secrets } = configOf({ ...MANY, BREAKGLASS_PAGE_PRIVATE: 'yes' });
    expect(config).toMatchObject({
      policyFile: null,
      slack: { oauth: { clientId: '1234.5678', pagesInside: true } },
    });
    expect(secrets).toMatchObject({
      slackBotToken: null,
      slackClientSecret: 'a-client-secret-of-slack',
    });
    expect(inspect(config)).not.toContain('a-client-secret');
    expect(configOf(PRODUCTION).config.slack.oauth).toBeNull();
  });

  it.each([
    ['SLACK_BOT_TOKEN', 'xoxb-bot-secret'],
    ['BREAKGLASS_POLICY', 'policy.yaml'],
    ['PAGERDUTY_ROUTING_KEY', 'a'.repeat(32)],
    ['BREAKGLASS_PAGE_URL', 'https://pages.example'],
    ['GITHUB_APP_ID', '7'],
    ['OPA_URL', 'https://opa.example'],
  ])('refuse %s, which is of one tenant', (name, value) => {
    expect(settingsOf({ ...MANY, [name]: value })).toContain(name);
  });

  it('name what is missing', () => {
    expect(settingsOf(without(MANY, 'SLACK_CLIENT_SECRET'))).toEqual(['SLACK_CLIENT_SECRET']);
    expect(settingsOf(without(MANY, 'SLACK_CLIENT_ID'))).toEqual(['SLACK_CLIENT_ID']);
    expect(settingsOf(without(MANY, 'PUBLIC_URL'))).toEqual(['PUBLIC_URL']);
    expect(settingsOf(without(EVALUATION, 'SLACK_BOT_TOKEN'))).toEqual(['SLACK_BOT_TOKEN']);
    expect(settingsOf(without(EVALUATION, 'BREAKGLASS_POLICY'))).toEqual(['BREAKGLASS_POLICY']);
  });
});

describe('settings of who watches', () => {
  it('are off unless they are set', () => {
    expect(configOf(EVALUATION).config).toMatchObject({ metrics: null, tracing: null });
  });

  it('serve metrics on this machine, unless another one is to scrape', () => {
    const env = { ...PRODUCTION, METRICS_PORT: '9464' };
    expect(configOf(env).config.metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    const shared = configOf({ ...env, METRICS_HOST: '0.0.0.0' });
    expect(shared.config.metrics).toEqual({ host: '0.0.0.0', port: 9464 });
  });

  it.each([
    ['METRICS_PORT', { METRICS_PORT: '99999' }],
    ['METRICS_PORT', { METRICS_PORT: '8080' }],
    ['METRICS_PORT', { METRICS_PORT: '9000', PORT: '9000' }],
    ['METRICS_PORT', { METRICS_HOST: '0.0.0.0' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }],
    ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'sometimes' }],
    ['OTEL_TRACES_SAMPLER_ARG', { OTEL_TRACES_SAMPLER_ARG: '2' }],
  ])('are refused by the name of %s', (setting, env) => {
    expect(settingsOf({ ...EVALUATION, ...env })).toEqual([setting]);
  });

  const OTLP = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

  it('trace with what OpenTelemetry calls its defaults', () => {
    expect(configOf({ ...EVALUATION, ...OTLP }).config.tracing).toEqual({
      serviceName: 'breakglass',
      sampler: 'parentbased_always_on',
      ratio: 1,
    });
  });

  it('trace a part, or nothing, where they say so', () => {
    const part = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    const read = configOf({ ...EVALUATION, ...OTLP, ...part });
    expect(read.config.tracing).toMatchObject({ sampler: 'traceidratio', ratio: 0.25 });
    const off = configOf({ ...EVALUATION, ...OTLP, OTEL_SDK_DISABLED: 'TRUE' });
    expect(off.config.tracing).toBeNull();
  });
});
