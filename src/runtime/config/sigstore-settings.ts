import { HOUR_MS } from '#domain/instant';
import type { RekorVersion } from '#sigstore/attest';
import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';
import type { SigstoreUrls } from './sigstore-urls.ts';

/** Where the service's own identity comes from, and the Sigstore that certifies it. */
export interface WorkloadConfig {
  readonly token:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'github-actions' };
  readonly audience: string;
  readonly sigstore: SigstoreUrls;
}

type Env = Partial<Settings>;

const DEFAULT_ALARM_MS = HOUR_MS;
const DEFAULT_AUDIENCE = 'sigstore';

/** Sigstore's public-good instance. It certifies workloads of a few platforms, and no person of ours. */
const PUBLIC_GOOD: SigstoreUrls = {
  fulcioUrl: 'https://fulcio.sigstore.dev',
  tsaUrl: 'https://timestamp.sigstore.dev/api/v1/timestamp',
  rekorUrl: 'https://rekor.sigstore.dev',
  rekorVersion: 1,
};

/** The Sigstore that signs approvals; the embedded one without settings. */
export function sigstoreConfig(env: Env): 'embedded' | SigstoreUrls {
  const { FULCIO_URL: fulcioUrl, TSA_URL: tsaUrl, REKOR_URL: rekorUrl, REKOR_VERSION: v } = env;
  return fulcioUrl === undefined ? 'embedded' : urlsOf({ fulcioUrl, tsaUrl, rekorUrl, v });
}

/** Which Rekor the embedded authority is asked as. */
export const embeddedRekorVersion = (env: Env): RekorVersion => versionOf(env.REKOR_VERSION);

/** After how long an approval that stays provisional is an alarm. */
export const provisionalAlarmMs = (env: Env): number =>
  env.BREAKGLASS_PROVISIONAL_ALARM ?? DEFAULT_ALARM_MS;

/** `null`: the service vouches for nothing beyond its own keys. */
export function workloadConfig(env: Env): WorkloadConfig | null {
  const { WORKLOAD_TOKEN: token } = env;
  const sigstore = workloadSigstore(env);
  if (token === undefined || sigstore === null) return null;
  return {
    token:
      token === 'github-actions'
        ? { kind: 'github-actions' }
        : { kind: 'file', path: token.slice('file:'.length) },
    audience: env.WORKLOAD_AUDIENCE ?? DEFAULT_AUDIENCE,
    sigstore,
  };
}

function workloadSigstore(env: Env): SigstoreUrls | null {
  const { WORKLOAD_FULCIO_URL: fulcioUrl, WORKLOAD_TSA_URL: tsaUrl } = env;
  const { WORKLOAD_REKOR_URL: rekorUrl, WORKLOAD_REKOR_VERSION: v } = env;
  if (fulcioUrl === 'public-good') return PUBLIC_GOOD;
  if (fulcioUrl !== undefined) return urlsOf({ fulcioUrl, tsaUrl, rekorUrl, v });
  const own = sigstoreConfig(env);
  return own === 'embedded' ? null : own;
}

function urlsOf(urls: {
  readonly fulcioUrl: string;
  readonly tsaUrl: string | undefined;
  readonly rekorUrl: string | undefined;
  readonly v: '1' | '2' | undefined;
}): SigstoreUrls {
  const { fulcioUrl, tsaUrl = null, rekorUrl = null, v } = urls;
  return { fulcioUrl, tsaUrl, rekorUrl, rekorVersion: versionOf(v) };
}

const versionOf = (version: '1' | '2' | undefined): RekorVersion => (version === '2' ? 2 : 1);

/** Settings that are right alone and wrong together. */
export function sigstoreMistakes(env: Env): readonly SettingMistake[] {
  return [...timeMistakes(env, ''), ...timeMistakes(env, 'WORKLOAD_'), ...workloadMistakes(env)];
}

/** A signature needs a time that somebody vouches for: an authority's, or a Rekor v1's promise. */
function timeMistakes(env: Env, prefix: '' | 'WORKLOAD_'): readonly SettingMistake[] {
  const found: SettingMistake[] = [];
  const [fulcio, tsa] = [env[`${prefix}FULCIO_URL`], env[`${prefix}TSA_URL`]];
  const [rekor, version] = [env[`${prefix}REKOR_URL`], env[`${prefix}REKOR_VERSION`]];
  const add = (setting: string, remedy: string) =>
    found.push({ setting: `${prefix}${setting}`, remedy });
  if (fulcio === 'public-good') return found;
  if (fulcio && !tsa && (!rekor || version === '2'))
    add('TSA_URL', 'a timestamp authority is needed, unless a Rekor of version 1 is set');
  if (tsa && !fulcio) add('FULCIO_URL', 'a timestamp authority needs Fulcio beside it');
  if (rekor && !fulcio) add('FULCIO_URL', 'a log needs an authority');
  // Without Fulcio it is the embedded authority's, which answers both.
  if (version && !rekor && (fulcio || prefix !== ''))
    add('REKOR_URL', 'a version needs the address of the log');
  return found;
}

function workloadMistakes(env: Env): readonly SettingMistake[] {
  if (!env.WORKLOAD_TOKEN || env.WORKLOAD_FULCIO_URL || env.FULCIO_URL) return [];
  return [
    {
      setting: 'WORKLOAD_FULCIO_URL',
      remedy:
        'the embedded authority knows no workload: write public-good, or the address of a Fulcio ' +
        'that trusts the issuer of the token',
    },
  ];
}
