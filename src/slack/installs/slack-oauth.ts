import type { Logger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import {
  SlackOAuthFailed,
  type NewInstallation,
  type SlackOAuth,
  type SlackTokens,
} from '#application/ports/installs';
import { callFailureOf } from '../clients/call-failure.ts';
import { isDeadToken } from '../clients/dead-token.ts';
import { clientOptions } from '../clients/slack-clients.ts';
import { SCOPES } from './scopes.ts';

export interface SlackOAuthOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where Slack sends the browser back to; one that the app lists. */
  readonly redirectUrl: string;
  readonly apiUrl?: string;
  readonly logger: Logger;
}

const TIMEOUT_MS = 5_000;
const API_URL = 'https://slack.com/api/';
/** Where people install apps, beside the Web API of the same Slack. */
const AUTHORIZE = '../oauth/v2/authorize';

const place = z.object({ id: z.string(), name: z.string().nullish() }).nullish();
/** docs.slack.dev/reference/methods/oauth.v2.access */
const given = z.object({
  access_token: z.string().startsWith('xox'),
  refresh_token: z.string().optional(),
  expires_in: z.number().positive().optional(),
});
const installed = given.extend({
  token_type: z.literal('bot').optional(),
  scope: z.string(),
  bot_user_id: z.string(),
  app_id: z.string(),
  is_enterprise_install: z.boolean().optional(),
  team: place,
  enterprise: place,
});

/** Slack's OAuth 2.0, version 2, for bots. One try each; nothing that is thrown holds a token. */
export function slackOAuth(options: SlackOAuthOptions): SlackOAuth {
  const { clientId, clientSecret, redirectUrl, apiUrl = API_URL, logger } = options;
  const client = (token?: string) =>
    new WebClient(token, clientOptions(TIMEOUT_MS, logger, apiUrl));
  const own = { client_id: clientId, client_secret: clientSecret };
  return {
    authorizeUrl(state) {
      const url = new URL(AUTHORIZE, apiUrl);
      const asked = { client_id: clientId, scope: SCOPES.join(','), user_scope: '' };
      url.search = String(new URLSearchParams({ ...asked, redirect_uri: redirectUrl, state }));
      return url.href;
    },
    exchange: (code) =>
      asked(async () => {
        const args = { ...own, code, redirect_uri: redirectUrl };
        return installationOf(installed.parse(await client().oauth.v2.access(args)));
      }),
    renew: (refresh) =>
      asked(async () => {
        const grant = { grant_type: 'refresh_token', refresh_token: refresh } as const;
        return tokensOf(given.parse(await client().oauth.v2.access({ ...own, ...grant })));
      }),
    revoke: slackRevoke({ apiUrl, logger }),
    serves: (token) =>
      asked(async () => {
        try {
          await client(token).auth.test();
          return true;
        } catch (error) {
          if (isDeadToken(error)) return false;
          throw error;
        }
      }),
  };
}

/** Gives tokens back, for which nothing of the app itself is needed. */
export const slackRevoke =
  ({ apiUrl = API_URL, logger }: Pick<SlackOAuthOptions, 'apiUrl' | 'logger'>) =>
  (token: string): Promise<void> =>
    asked(async () => {
      try {
        await new WebClient(token, clientOptions(TIMEOUT_MS, logger, apiUrl)).auth.revoke();
      } catch (error) {
        if (!isDeadToken(error)) throw error;
      }
    });

type Installed = z.infer<typeof installed>;

function installationOf(answer: Installed): NewInstallation {
  const { team, enterprise, bot_user_id: botUser, app_id: appId, scope } = answer;
  const isForAll = answer.is_enterprise_install === true;
  const where = isForAll ? enterprise : team;
  // Without either it could be bound to nothing.
  if (!where) throw new SlackOAuthFailed('refused', 'no_team');
  return {
    enterprise: enterprise?.id ?? null,
    team: isForAll ? null : (team?.id ?? null),
    name: where.name ?? where.id,
    botUser,
    appId,
    scopes: scope.split(',').filter((one) => one !== ''),
    tokens: tokensOf(answer),
  };
}

function tokensOf({ access_token, refresh_token, expires_in }: z.infer<typeof given>): SlackTokens {
  return {
    access: access_token,
    refresh: refresh_token ?? null,
    ttlMs: expires_in === undefined ? null : expires_in * 1_000,
  };
}

/** What was thrown could quote what was sent: it is left behind. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SlackOAuthFailed) throw error;
    if (error instanceof z.ZodError) throw new SlackOAuthFailed('refused', 'answer_malformed');
    const failure = callFailureOf(error);
    throw failure.kind === 'refused'
      ? new SlackOAuthFailed('refused', failure.error)
      : new SlackOAuthFailed('unreachable', failure.kind);
  }
}
