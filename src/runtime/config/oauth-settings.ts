import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';

/** The app as many workspaces install it. */
export interface OAuthConfig {
  readonly clientId: string;
  /** Lets the pagers of tenants be http and inside the network. */
  readonly pagesInside: boolean;
}

type Env = Partial<Settings>;

export const oauthConfig = ({
  SLACK_CLIENT_ID: clientId,
  BREAKGLASS_PAGE_PRIVATE: inside,
}: Env): OAuthConfig | null =>
  clientId === undefined ? null : { clientId, pagesInside: inside === 'yes' };

/**
 * What belongs to one tenant, and would serve all of them: its policy and pagers are kept with it, and
 * gates of several tenants ask over HTTP, each with tokens of its own.
 */
const OF_ONE_TENANT: readonly (readonly [string, string])[] = [
  ['SLACK_BOT_TOKEN', 'with SLACK_CLIENT_ID each workspace brings its own: leave it out'],
  ['BREAKGLASS_POLICY', 'each tenant has its own: breakglass policy apply --tenant NAME FILE'],
  ['BREAKGLASS_PAGE_URL', 'each tenant has its own: breakglass secret set --tenant NAME page-url'],
  ['BREAKGLASS_PAGE_MAIL', 'it would mail the people of every tenant in one name: leave it out'],
  [
    'PAGERDUTY_API_TOKEN',
    'each tenant has its own: breakglass secret set --tenant NAME pagerduty-api-token',
  ],
  [
    'PAGERDUTY_ROUTING_KEY',
    'each tenant has its own: breakglass secret set --tenant NAME pagerduty-routing-key',
  ],
  ...['GITHUB_APP_ID', 'OPA_URL', 'KYVERNO_API_URL'].map(
    (name) => [name, 'it is one tenant’s gate system: run a service of its own for that'] as const,
  ),
];

/** Settings of OAuth that are right alone and wrong together. */
export function oauthMistakes(
  env: Env,
  all: Readonly<Record<string, string | undefined>>,
): readonly SettingMistake[] {
  const has = (name: string): boolean => (all[name] ?? '') !== '';
  const isOAuth = has('SLACK_CLIENT_ID') || has('SLACK_CLIENT_SECRET');
  if (!isOAuth) return needed(['SLACK_BOT_TOKEN', 'BREAKGLASS_POLICY'], env);
  return [
    ...needed(['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'], env),
    ...(has('PUBLIC_URL')
      ? []
      : [{ setting: 'PUBLIC_URL', remedy: 'write the address that Slack sends browsers back to' }]),
    ...OF_ONE_TENANT.filter(([name]) => has(name)).map(([setting, remedy]) => ({
      setting,
      remedy,
    })),
  ];
}

const needed = (names: readonly (keyof Settings)[], env: Env): readonly SettingMistake[] =>
  names
    .filter((name) => env[name] === undefined || env[name] === '')
    .map((setting) => ({ setting, remedy: 'it is not set' }));
