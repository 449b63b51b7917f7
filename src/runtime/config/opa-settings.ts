import type { OpaSettings } from '#gates/opa/opa-settings';
import { isLoopback } from '#notify/loopback';
import type { SettingMistake } from './setting-mistake.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type ReadOpaSettings =
  /** `null` where no OPA is set up. */
  | { readonly ok: true; readonly settings: OpaSettings | null }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

const NAMES = [
  'OPA_TOKEN',
  'OPA_CA_FILE',
  'OPA_DATA_PATH',
  'OPA_DECISION_PATH',
  'OPA_WATCH_TOKEN',
  'OPA_PLAIN',
] as const;

const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const PATH_REMEDY = 'write a path below /v1/data, as breakglass/exceptions';
/** RFC 6750 §2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const SHORTEST_WATCH_TOKEN = 32;

/** Reads how the tenant's OPA is reached. Every mistake at once, none of them showing a value. */
export function readOpaSettings(env: Env): ReadOpaSettings {
  const get = (name: string) => (env[name] === '' ? undefined : env[name]);
  const urls = (get('OPA_URL') ?? '').split(/\s+/).filter((url) => url !== '');
  if (urls.length === 0) {
    const lonely = NAMES.some((name) => get(name) !== undefined);
    if (!lonely) return { ok: true, settings: null };
    return mistaken([{ setting: 'OPA_URL', remedy: 'write the address of your OPA, or of each' }]);
  }
  const mistakes = [...urlMistakes(urls, get('OPA_PLAIN') === 'yes'), ...otherMistakes(get)];
  if (mistakes.length > 0) return mistaken(mistakes);
  return {
    ok: true,
    settings: {
      urls: urls.map((url) => url.replace(/\/+$/, '')),
      token: get('OPA_TOKEN') ?? null,
      caFile: get('OPA_CA_FILE') ?? null,
      dataPath: (get('OPA_DATA_PATH') ?? 'breakglass/exceptions').split('/'),
      decisionPath: (get('OPA_DECISION_PATH') ?? 'breakglass/gate/decision').split('/'),
      watchToken: get('OPA_WATCH_TOKEN') ?? null,
    },
  };
}

const mistaken = (mistakes: readonly SettingMistake[]): ReadOpaSettings => ({
  ok: false,
  mistakes,
});

function urlMistakes(urls: readonly string[], plain: boolean): readonly SettingMistake[] {
  const setting = 'OPA_URL';
  if (new Set(urls).size < urls.length)
    return [{ setting, remedy: 'one address is written twice' }];
  const wrong = urls.findIndex((text) => !isAddress(text, plain));
  if (wrong === -1) return [];
  const which = urls.length === 1 ? '' : `address ${wrong + 1}: `;
  const remedy =
    'write https://… without user, query and path of the API; whoever reads the traffic could open ' +
    'the gate. http is for this machine; OPA_PLAIN=yes takes it where nobody else is on that network';
  return [{ setting, remedy: `${which}${remedy}` }];
}

function isAddress(text: string, plain: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  if (url.username !== '' || url.password !== '') return false;
  if (/\/v1\/?$|\/v1\/data/.test(url.pathname)) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && (plain || isLoopback(url.hostname)))
  );
}

function otherMistakes(get: (name: string) => string | undefined): readonly SettingMistake[] {
  const found: SettingMistake[] = [];
  for (const setting of ['OPA_DATA_PATH', 'OPA_DECISION_PATH'])
    if (!PATH.test(get(setting) ?? 'x')) found.push({ setting, remedy: PATH_REMEDY });
  for (const setting of ['OPA_TOKEN', 'OPA_WATCH_TOKEN'])
    if (!TOKEN.test(get(setting) ?? 'x'))
      found.push({ setting, remedy: 'write one bearer token, without white space' });
  if ((get('OPA_WATCH_TOKEN') ?? 'x'.repeat(SHORTEST_WATCH_TOKEN)).length < SHORTEST_WATCH_TOKEN)
    found.push({ setting: 'OPA_WATCH_TOKEN', remedy: 'make one: openssl rand -hex 32' });
  if (!['yes', undefined].includes(get('OPA_PLAIN')))
    found.push({ setting: 'OPA_PLAIN', remedy: 'write yes, or leave it out' });
  const data = get('OPA_DATA_PATH') ?? '';
  const decision = get('OPA_DECISION_PATH') ?? 'breakglass/gate/decision';
  if (data !== '' && `${decision}/`.startsWith(`${data}/`))
    found.push({
      setting: 'OPA_DATA_PATH',
      remedy: 'no policy may stand below it: name another path',
    });
  return found;
}
