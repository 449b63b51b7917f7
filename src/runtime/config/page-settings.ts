import { isLoopback } from '#notify/loopback';
import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';

type Env = Partial<Settings>;

/** How PagerDuty is reached; its keys stand apart. */
export interface PagerDutyConfig {
  /** Where on-calls are read. No slash at the end. */
  readonly apiUrl: string;
  /** Where pages go. */
  readonly eventsUrl: string;
  /** There is a token to read on-calls with. */
  readonly readsOnCalls: boolean;
  /** There is a key to page with. */
  readonly pages: boolean;
  /** Lets PagerDuty be inside the network, and http on this machine. */
  readonly allowPrivate: boolean;
}

export interface PagerDutySecrets {
  /** Reads schedules and escalation policies. */
  readonly token: string | null;
  /** The integration key of one service, by Events API v2. */
  readonly routingKey: string | null;
}

const API_URL = 'https://api.pagerduty.com';
const EVENTS_URL = 'https://events.pagerduty.com';

export const pagerDutyConfig = (env: Env): PagerDutyConfig => {
  const apiUrl = addressOf(env.PAGERDUTY_API_URL, API_URL);
  const eventsUrl = addressOf(env.PAGERDUTY_EVENTS_URL, EVENTS_URL);
  const isNear = [apiUrl, eventsUrl].some((url) => isLoopback(new URL(url).hostname));
  return {
    apiUrl,
    eventsUrl,
    readsOnCalls: isSet(env.PAGERDUTY_API_TOKEN),
    pages: isSet(env.PAGERDUTY_ROUTING_KEY),
    allowPrivate: isNear,
  };
};

export const pagerDutySecrets = (env: Env): PagerDutySecrets => ({
  token: env.PAGERDUTY_API_TOKEN || null,
  routingKey: env.PAGERDUTY_ROUTING_KEY || null,
});

/** Pages by mail go by the server that checkpoints are mailed with. */
export const pagesByMail = (env: Env): boolean => env.BREAKGLASS_PAGE_MAIL === 'yes';

/** Settings of pages that cannot be used, none of them showing a value. */
export function pageMistakes(env: Env): readonly SettingMistake[] {
  return Object.entries({
    PAGERDUTY_API_TOKEN: tokenRemedy(env.PAGERDUTY_API_TOKEN),
    PAGERDUTY_ROUTING_KEY: routingKeyRemedy(env.PAGERDUTY_ROUTING_KEY),
    PAGERDUTY_API_URL: urlRemedy(env.PAGERDUTY_API_URL, 'https://api.eu.pagerduty.com'),
    PAGERDUTY_EVENTS_URL: urlRemedy(env.PAGERDUTY_EVENTS_URL, 'https://events.eu.pagerduty.com'),
    BREAKGLASS_PAGE_MAIL: mailRemedy(env),
  }).flatMap(([setting, remedy]) => (remedy === null ? [] : [{ setting, remedy }]));
}

const isSet = (text: string | undefined): boolean => text !== undefined && text !== '';

const addressOf = (text: string | undefined, otherwise: string): string =>
  (isSet(text) ? (text ?? '') : otherwise).replace(/\/+$/, '');

function tokenRemedy(text: string | undefined): string | null {
  if (!isSet(text) || /^[\w.+/=-]{16,200}$/.test(text ?? '')) return null;
  return 'copy a read-only REST API key from Integrations, API Access Keys of your PagerDuty';
}

/** Events API v2 refuses a key of another length. */
function routingKeyRemedy(text: string | undefined): string | null {
  if (!isSet(text) || /^[0-9A-Za-z]{32}$/.test(text ?? '')) return null;
  return 'copy the 32 characters of the Integration Key of an Events API V2 integration';
}

function urlRemedy(text: string | undefined, example: string): string | null {
  if (!isSet(text)) return null;
  const url = URL.parse(text ?? '');
  const remedy = `write ${example} for the EU service region, or leave it out: keys go there`;
  if (url === null || url.search !== '' || url.hash !== '') return remedy;
  if (url.username !== '' || url.password !== '') return remedy;
  const isSafe =
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe ? null : remedy;
}

function mailRemedy(env: Env): string | null {
  const pages = env.BREAKGLASS_PAGE_MAIL;
  if (!isSet(pages) || pages === 'no') return null;
  if (pages !== 'yes') return 'write yes or no';
  const { BREAKGLASS_MAIL_URL: server, BREAKGLASS_MAIL_FROM: from, BREAKGLASS_MAIL_TO: to } = env;
  return !server || !from || !to
    ? 'it needs BREAKGLASS_MAIL_URL, BREAKGLASS_MAIL_FROM and BREAKGLASS_MAIL_TO as well'
    : null;
}
