import { resolve } from 'node:path';
import { isLoopback } from '#notify/loopback';
import { EnvelopeError } from '#postgres/envelope-error';
import { EDITS_PER_MINUTE } from '#postgres/store/edit-budget';
import { parseKeyRing, type KeyRing } from '#postgres/key-ring';
import type { RekorVersion } from '#sigstore/attest';
import { checkpointConfig, checkpointMistakes } from './checkpoint-settings.ts';
import type { CheckpointConfig } from './checkpoint-settings.ts';
import { readGithubSettings, type GithubSettings } from './github-settings.ts';
import { metricsConfig, metricsMistakes, type MetricsConfig } from './metrics-settings.ts';
import { oauthConfig, oauthMistakes, type OAuthConfig } from './oauth-settings.ts';
import {
  pageMistakes,
  pagerDutyConfig,
  pagerDutySecrets,
  pagesByMail,
  type PagerDutyConfig,
  type PagerDutySecrets,
} from './page-settings.ts';
import { plainHttpMistakes, plainHttpSettings } from './plain-http.ts';
import { readPushSettings, type PushSettings } from './push-settings.ts';
import type { SettingMistake } from './setting-mistake.ts';
import { settings, type Settings } from './settings.ts';
import { signInConfig, signInMistakes, type SignInConfig } from './sign-in-settings.ts';
import { tracingConfig, type TracingConfig } from './tracing-settings.ts';
import { isUsableAddress } from './usable-address.ts';
import {
  embeddedRekorVersion,
  provisionalAlarmMs,
  sigstoreConfig,
  sigstoreMistakes,
  workloadConfig,
  type WorkloadConfig,
} from './sigstore-settings.ts';
import type { SigstoreUrls } from './sigstore-urls.ts';

/** How the service runs. Secrets stand apart, so that a config can be logged. */
export interface Config {
  /** `null` where tenants bring their own. */
  readonly policyFile: string | null;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** `null` takes the address it listens at. No slash at the end. */
  readonly publicUrl: string | null;
  /** How many proxies in front of the service add to `X-Forwarded-For`. */
  readonly proxies: number;
  /** Settings whose addresses are plain http beyond loopback. */
  readonly plainHttp: readonly string[];
  readonly slack: {
    readonly mode: 'socket' | 'http';
    readonly apiUrl: string | null;
    /** `null` for the one workspace of a bot token. */
    readonly oauth: OAuthConfig | null;
    /** How many edits of messages Slack takes a minute from one workspace. */
    readonly editsPerMinute: number;
  };
  readonly database: 'embedded' | 'external';
  /** How old the issuer's and the decisions' keys get; `null` leaves it to `breakglass keys`. */
  readonly keyRotationMs: number | null;
  readonly sigstore: 'embedded' | SigstoreUrls;
  readonly embeddedRekorVersion: RekorVersion;
  readonly workload: WorkloadConfig | null;
  readonly provisionalAlarmMs: number;
  /** The file of the trusted root of a Sigstore of your own. */
  readonly trustedRoot: string | null;
  readonly signIn: SignInConfig | null;
  readonly page: { readonly allowPrivate: boolean } | null;
  /** Whoever is asked is paged by mail as well. */
  readonly pageMail: boolean;
  readonly pagerDuty: PagerDutyConfig;
  /** Lets issuers of callers' tokens be inside the network, and http on this machine. */
  readonly callers: { readonly allowPrivate: boolean };
  /** Lets the provenance of deploys be fetched from inside the network. */
  readonly provenance: { readonly allowPrivate: boolean };
  /** Lets webhooks be http and inside the network. */
  readonly webhooks: { readonly allowPrivate: boolean };
  readonly checkpoints: CheckpointConfig;
  /** `null` serves none. */
  readonly metrics: MetricsConfig | null;
  /** `null` traces nothing. */
  readonly tracing: TracingConfig | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export interface Secrets {
  /** `null` where the app is installed by OAuth. */
  readonly slackBotToken: string | null;
  readonly slackClientSecret: string | null;
  readonly slackAppToken: string | null;
  readonly slackSigningSecret: string | null;
  readonly databaseUrl: string | null;
  readonly signInClientSecret: string | null;
  readonly page: { readonly url: string; readonly secret: string } | null;
  readonly pagerDuty: PagerDutySecrets;
  /** With the password of the mail server. */
  readonly mailUrl: string | null;
  /** `null` where no GitHub App is set up. */
  readonly github: GithubSettings | null;
  /** Tokens of gates that hold exceptions, with how they are reached. */
  readonly push: PushSettings;
  /** `null` with an embedded database: then one is made and kept in the data folder. */
  readonly keyRing: KeyRing | null;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config; readonly secrets: Secrets }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/** Reads the environment. Every mistake at once, none of them showing a value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ReadConfig {
  const parsed = settings.safeParse(env);
  const shape = parsed.success ? [] : parsed.error.issues.map(mistakeOf);
  const partial = parsed.success ? parsed.data : (env as Partial<Settings>);
  const { keyRing, mistakes: kekMistakes } = keyRingOf(partial);
  const github = readGithubSettings(env);
  const push = readPushSettings(env);
  const mistakes = distinct([
    ...shape,
    ...(github.ok ? [] : github.mistakes),
    ...(push.ok ? [] : push.mistakes),
    ...kekMistakes,
    ...contradictions(partial),
    ...oauthMistakes(partial, env),
    ...sigstoreMistakes(partial),
    ...checkpointMistakes(partial),
    ...pageMistakes(partial),
    ...signInMistakes(partial),
    ...plainHttpMistakes(partial),
    ...metricsMistakes(partial),
  ]);
  if (!parsed.success || !github.ok || !push.ok || mistakes.length > 0)
    return { ok: false, mistakes };
  const gates = { github: github.settings, push: push.settings };
  const secrets = { ...secretsOf(parsed.data, keyRing), ...gates };
  return { ok: true, config: configOf(parsed.data), secrets };
}

function mistakeOf(issue: { path: PropertyKey[]; message: string; code?: string }): SettingMistake {
  const missing = issue.code === 'invalid_type';
  return {
    setting: issue.path.map(String).join('.'),
    remedy: missing ? 'it is not set' : issue.message,
  };
}

function distinct(mistakes: readonly SettingMistake[]): readonly SettingMistake[] {
  return [...new Map(mistakes.map((one) => [one.setting, one])).values()];
}

function keyRingOf({ BREAKGLASS_KEK: kek }: Partial<Settings>) {
  if (kek === undefined || kek === '') return { keyRing: null, mistakes: [] };
  try {
    return { keyRing: parseKeyRing(kek), mistakes: [] };
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const remedy = error.message.replace('BREAKGLASS_KEK: ', '');
    return { keyRing: null, mistakes: [{ setting: 'BREAKGLASS_KEK', remedy }] };
  }
}

/** Settings that are right alone and wrong together. */
function contradictions(env: Partial<Settings>): readonly SettingMistake[] {
  const found: SettingMistake[] = [];
  const add = (setting: keyof Settings, remedy: string) => found.push({ setting, remedy });
  const has = (name: keyof Settings) => Boolean(env[name]);
  if (!has('SLACK_APP_TOKEN') && !has('SLACK_SIGNING_SECRET'))
    add('SLACK_APP_TOKEN', 'set it for Socket Mode, or set SLACK_SIGNING_SECRET for HTTP');
  if (env.SLACK_MODE === 'socket' && !has('SLACK_APP_TOKEN'))
    add('SLACK_APP_TOKEN', 'Socket Mode needs it');
  if (env.SLACK_MODE === 'http' && !has('SLACK_SIGNING_SECRET'))
    add('SLACK_SIGNING_SECRET', 'HTTP mode needs it');
  if (has('DATABASE_URL') && !has('BREAKGLASS_KEK'))
    add('BREAKGLASS_KEK', 'a database of your own needs it: openssl rand -base64 32');
  if (has('DATABASE_URL') && !has('PUBLIC_URL'))
    add('PUBLIC_URL', 'write the address that gates and Sigstore reach this service at');
  if (has('PUBLIC_URL') && !isUsableAddress(env.PUBLIC_URL ?? ''))
    add('PUBLIC_URL', 'write https://… without a query; http is for 127.0.0.1 and localhost alone');
  if (has('HOST') && !has('PUBLIC_URL') && !isLoopback(env.HOST ?? ''))
    add('PUBLIC_URL', 'HOST is beyond loopback, so write the https address that others use');
  if (has('DATABASE_URL') && !has('FULCIO_URL') && !has('BREAKGLASS_EMBEDDED_SIGSTORE'))
    add(
      'FULCIO_URL',
      'set FULCIO_URL and TSA_URL. For an evaluation, BREAKGLASS_EMBEDDED_SIGSTORE=evaluation ' +
        'takes the embedded authority, which holds all keys in one process',
    );
  if (has('BREAKGLASS_PAGE_URL') !== has('BREAKGLASS_PAGE_SECRET'))
    add('BREAKGLASS_PAGE_SECRET', 'BREAKGLASS_PAGE_URL and BREAKGLASS_PAGE_SECRET go together');
  return found;
}

/** The service speaks http, so an https address is that of something in front of it. */
const proxiesBefore = (publicUrl: string | undefined): number =>
  publicUrl?.startsWith('https:') === true ? 1 : 0;

function configOf(env: Settings): Config {
  const mode = env.SLACK_MODE ?? (env.SLACK_APP_TOKEN === undefined ? 'http' : 'socket');
  return {
    policyFile: env.BREAKGLASS_POLICY === undefined ? null : resolve(env.BREAKGLASS_POLICY),
    dataDir: resolve(env.BREAKGLASS_DATA_DIR ?? '.breakglass'),
    host: env.HOST ?? (env.DATABASE_URL === undefined ? '127.0.0.1' : '0.0.0.0'),
    port: env.PORT ?? 8080,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    proxies: env.BREAKGLASS_PROXIES ?? proxiesBefore(env.PUBLIC_URL),
    plainHttp: plainHttpSettings(env),
    slack: {
      mode,
      apiUrl: env.SLACK_API_URL ?? null,
      oauth: oauthConfig(env),
      editsPerMinute: env.SLACK_EDITS_PER_MINUTE ?? EDITS_PER_MINUTE,
    },
    database: env.DATABASE_URL === undefined ? 'embedded' : 'external',
    keyRotationMs: env.BREAKGLASS_KEY_ROTATION_EVERY ?? null,
    sigstore: sigstoreConfig(env),
    embeddedRekorVersion: embeddedRekorVersion(env),
    workload: workloadConfig(env),
    provisionalAlarmMs: provisionalAlarmMs(env),
    trustedRoot:
      env.SIGSTORE_TRUSTED_ROOT === undefined ? null : resolve(env.SIGSTORE_TRUSTED_ROOT),
    signIn: signInConfig(env),
    page:
      env.BREAKGLASS_PAGE_URL === undefined
        ? null
        : { allowPrivate: env.BREAKGLASS_PAGE_PRIVATE === 'yes' },
    pageMail: pagesByMail(env),
    pagerDuty: pagerDutyConfig(env),
    callers: { allowPrivate: env.BREAKGLASS_CALLERS_PRIVATE === 'yes' },
    webhooks: { allowPrivate: env.BREAKGLASS_WEBHOOK_PRIVATE === 'yes' },
    provenance: { allowPrivate: env.BREAKGLASS_PROVENANCE_PRIVATE === 'yes' },
    checkpoints: checkpointConfig(env),
    metrics: metricsConfig(env),
    tracing: tracingConfig(env),
    logLevel: env.LOG_LEVEL ?? 'info',
  };
}

function secretsOf(env: Settings, keyRing: KeyRing | null): Omit<Secrets, 'github' | 'push'> {
  const { BREAKGLASS_PAGE_URL: url, BREAKGLASS_PAGE_SECRET: secret } = env;
  return {
    slackBotToken: env.SLACK_BOT_TOKEN ?? null,
    slackClientSecret: env.SLACK_CLIENT_SECRET ?? null,
    slackAppToken: env.SLACK_APP_TOKEN ?? null,
    slackSigningSecret: env.SLACK_SIGNING_SECRET ?? null,
    databaseUrl: env.DATABASE_URL ?? null,
    signInClientSecret: env.SIGN_IN_CLIENT_SECRET ?? null,
    page: url === undefined || secret === undefined ? null : { url, secret },
    pagerDuty: pagerDutySecrets(env),
    mailUrl: env.BREAKGLASS_MAIL_URL ?? null,
    keyRing,
  };
}

/** For a terminal: each setting with what to write. */
export function formatSettingMistakes(mistakes: readonly SettingMistake[]): string {
  const lines = mistakes.map(({ setting, remedy }) => `  ${setting}: ${remedy}`);
  return ['The service cannot start with these settings:', ...lines].join('\n');
}
