import type { Logger } from 'pino';
import { WebClient } from '@slack/web-api';
import { callFailureOf, type CallFailure } from './clients/call-failure.ts';
import { clientOptions, slackClients } from './clients/slack-clients.ts';
import { slackLogger } from './clients/slack-logger.ts';
import { askStanding, type ChannelStanding } from './people/channel-standing.ts';

export interface InspectOptions {
  readonly botToken: string;
  /** `null` in HTTP mode. */
  readonly appToken: string | null;
  readonly apiUrl: string | null;
  /** Channels of the policy, by their ids. */
  readonly channels: readonly string[];
  readonly log: Logger;
}

export interface SlackReport {
  /** Of whom the bot token is, or why Slack does not say. */
  readonly bot: { readonly team: string; readonly scopes: readonly string[] } | CallFailure;
  /** Whether the app-level token opens sockets; `null` where there is none. */
  readonly app: 'ok' | CallFailure | null;
  readonly channels: Readonly<Record<string, ChannelStanding | CallFailure>>;
}

const TIMEOUT_MS = 5_000;

/** Asks Slack about the tokens and channels of the settings; posts nothing. Never throws a token. */
export async function inspectSlack(options: InspectOptions): Promise<SlackReport> {
  const { botToken, appToken, channels, log } = options;
  const apiUrl = options.apiUrl === null ? {} : { apiUrl: options.apiUrl };
  const logger = slackLogger(log);
  const { lookUps } = slackClients({ botToken, logger, ...apiUrl });
  const bot = await whose(lookUps);
  const standings: Record<string, ChannelStanding | CallFailure> = {};
  if ('team' in bot)
    for (const channel of channels)
      standings[channel] = await askStanding(lookUps, channel).catch(callFailureOf);
  const app =
    appToken === null
      ? null
      : await opensSockets(
          new WebClient(appToken, clientOptions(TIMEOUT_MS, logger, apiUrl.apiUrl)),
        );
  return { bot, app, channels: standings };
}

async function whose(client: WebClient): Promise<SlackReport['bot']> {
  try {
    const { team_id: team, response_metadata: about } = await client.auth.test();
    return { team: team ?? '', scopes: about?.scopes ?? [] };
  } catch (error) {
    return callFailureOf(error);
  }
}

/** Slack gives a ticket for a socket, which ends unused. */
async function opensSockets(client: WebClient): Promise<'ok' | CallFailure> {
  try {
    await client.apps.connections.open();
    return 'ok';
  } catch (error) {
    return callFailureOf(error);
  }
}
