import type { KyvernoSettings } from '#gates/kyverno/kyverno-settings';
import { isLoopback } from '#notify/loopback';
import type { SettingMistake } from './setting-mistake.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type ReadKyvernoSettings =
  /** `null` where no cluster is set up. */
  | { readonly ok: true; readonly settings: KyvernoSettings | null }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

/** Where a pod finds its service account (kubernetes.io/docs: "Accessing the API from a Pod"). */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const NAMES = [
  'KYVERNO_API_URL',
  'KYVERNO_TOKEN_FILE',
  'KYVERNO_CA_FILE',
  'KYVERNO_WATCH_TOKEN',
] as const;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 6750 §2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]{32,}=*$/;

/**
 * Reads how the tenant's cluster is reached. `KYVERNO_EXCEPTION_NAMESPACE` switches it on; inside a pod
 * nothing else is needed but the token of the watch. Every mistake at once, none of them showing a value.
 */
export function readKyvernoSettings(env: Env): ReadKyvernoSettings {
  const get = (name: string) => (env[name] === '' ? undefined : env[name]);
  const namespace = get('KYVERNO_EXCEPTION_NAMESPACE');
  const mistakes: SettingMistake[] = [];
  const add = (setting: string, remedy: string) => void mistakes.push({ setting, remedy });
  if (namespace === undefined) {
    if (NAMES.every((name) => get(name) === undefined)) return { ok: true, settings: null };
    add('KYVERNO_EXCEPTION_NAMESPACE', "write the namespace of Kyverno's --exceptionNamespace");
  } else if (!NAMESPACE.test(namespace))
    add('KYVERNO_EXCEPTION_NAMESPACE', 'write one namespace; `*` would hold exceptions of anybody');
  const inPod = inPodUrl(get('KUBERNETES_SERVICE_HOST'), get('KUBERNETES_SERVICE_PORT'));
  const apiUrl = get('KYVERNO_API_URL') ?? inPod;
  if (apiUrl === null)
    add('KYVERNO_API_URL', 'write the address of the API server: this is no pod');
  else if (!isAddress(apiUrl))
    add(
      'KYVERNO_API_URL',
      'write https://… without user and query; http is for this machine alone',
    );
  if (inPod === null && get('KYVERNO_TOKEN_FILE') === undefined)
    add('KYVERNO_TOKEN_FILE', 'write the file with the token of the service account');
  const watchToken = get('KYVERNO_WATCH_TOKEN');
  if (watchToken !== undefined && !TOKEN.test(watchToken))
    add('KYVERNO_WATCH_TOKEN', 'make one: openssl rand -hex 32');
  if (mistakes.length > 0 || namespace === undefined || apiUrl === null)
    return { ok: false, mistakes };
  return {
    ok: true,
    settings: {
      apiUrl: apiUrl.replace(/\/+$/, ''),
      tokenFile: get('KYVERNO_TOKEN_FILE') ?? `${ACCOUNT}/token`,
      caFile: get('KYVERNO_CA_FILE') ?? (inPod === null ? null : `${ACCOUNT}/ca.crt`),
      namespace,
      watchToken: watchToken ?? null,
    },
  };
}

function inPodUrl(host: string | undefined, port = '443'): string | null {
  if (host === undefined) return null;
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
