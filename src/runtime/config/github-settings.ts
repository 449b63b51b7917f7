import { isLoopback } from '#notify/loopback';
import type { SettingMistake } from './setting-mistake.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How the GitHub App is reached. Its webhook secrets are secret; the key stays in its file. */
export interface GithubSettings {
  readonly appId: string;
  readonly keyFile: string;
  /** The one in use, and the one before while it is exchanged. */
  readonly webhookSecrets: readonly string[];
  /** `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  /** Lets GitHub be inside the network. */
  readonly allowPrivate: boolean;
}

export type ReadGithubSettings =
  /** `null` where no App is set up. */
  | { readonly ok: true; readonly settings: GithubSettings | null }
  | { readonly ok: false; readonly mistakes: readonly SettingMistake[] };

const NEEDED = ['GITHUB_APP_ID', 'GITHUB_APP_KEY_FILE', 'GITHUB_APP_WEBHOOK_SECRET'] as const;
const OTHERS = [
  'GITHUB_APP_WEBHOOK_SECRET_BEFORE',
  'GITHUB_APP_API_URL',
  'GITHUB_APP_API_PRIVATE',
] as const;

const GITHUB = 'https://api.github.com';
const SHORTEST_SECRET = 32;

/** Reads how the GitHub App is reached. Every mistake at once, none of them showing a value. */
export function readGithubSettings(env: Env): ReadGithubSettings {
  const get = (name: (typeof NEEDED | typeof OTHERS)[number]) => env[name] || undefined;
  if ([...NEEDED, ...OTHERS].every((name) => get(name) === undefined))
    return { ok: true, settings: null };
  const [appId, keyFile, secret] = NEEDED.map(get);
  const before = get('GITHUB_APP_WEBHOOK_SECRET_BEFORE');
  const apiUrl = (get('GITHUB_APP_API_URL') ?? GITHUB).replace(/\/+$/, '');
  const isPrivate = get('GITHUB_APP_API_PRIVATE');
  const mistakes = Object.entries({
    GITHUB_APP_ID: appIdMistake(appId),
    GITHUB_APP_KEY_FILE: keyFile === undefined ? 'write the path of the private key (.pem)' : null,
    GITHUB_APP_WEBHOOK_SECRET: secretMistake(secret ?? ''),
    GITHUB_APP_WEBHOOK_SECRET_BEFORE: before === undefined ? null : secretMistake(before),
    GITHUB_APP_API_URL: urlMistake(apiUrl),
    GITHUB_APP_API_PRIVATE:
      isPrivate === undefined || isPrivate === 'yes' ? null : 'write yes, or leave it out',
  }).flatMap(([setting, remedy]) => (remedy === null ? [] : [{ setting, remedy }]));
  if (mistakes.length > 0 || appId === undefined || keyFile === undefined || secret === undefined)
    return { ok: false, mistakes };
  const webhookSecrets = before === undefined ? [secret] : [secret, before];
  const allowPrivate = isPrivate === 'yes' || isLoopback(new URL(apiUrl).hostname);
  return { ok: true, settings: { appId, keyFile, webhookSecrets, apiUrl, allowPrivate } };
}

function appIdMistake(text: string | undefined): string | null {
  return /^[1-9]\d{0,15}$/.test(text ?? '')
    ? null
    : 'copy the App ID, a number, from the settings of your GitHub App';
}

function secretMistake(text: string): string | null {
  if (/\s/.test(text)) return 'write it without white space';
  return text.length >= SHORTEST_SECRET
    ? null
    : 'make one, and write it in the App too: openssl rand -hex 32';
}

function urlMistake(text: string): string | null {
  const remedy =
    'write https://<host>/api/v3 of your Enterprise Server, or leave it out for github.com: tokens ' +
    'go there';
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return remedy;
  if (url.username !== '' || url.password !== '') return remedy;
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? null : remedy;
}
