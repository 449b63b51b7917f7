import type { Logger } from 'pino';
import { requestForms } from '#application/forms/request-forms';
import type { Directory } from '#application/ports/directory';
import type { Ports } from '#application/ports/ports';
import { createSlack, type Slack } from '#slack/slack';
import type { Config, Secrets } from './config/read-config.ts';
import type { Stores } from './stores.ts';

/** Slack, which is not connected yet, and the ports over it: each needs the other. */
export function openSlack(
  { slack: { mode, apiUrl }, page }: Pick<Config, 'slack' | 'page'>,
  { slackBotToken: botToken, slackAppToken: appToken, slackSigningSecret: signingSecret }: Secrets,
  { presses, surfaces: copies, tenants }: Stores,
  portsWith: (directory: Directory) => Ports,
  log: Logger,
): { readonly slack: Slack; readonly ports: Ports } {
  const made: { slack?: Slack } = {};
  const slackNow = (): Slack => {
    if (made.slack === undefined) throw new TypeError('Slack is asked before it is set up');
    return made.slack;
  };
  const ports = portsWith({
    profile: (account) => slackNow().directory.profile(account),
    usergroupMembers: (team, group) => slackNow().directory.usergroupMembers(team, group),
  });
  const forms = requestForms({
    ...ports,
    tenants,
    paged: page !== null,
    channelStanding: (team, channel) => slackNow().channelStanding(team, channel),
  });
  const slack = createSlack({
    mode,
    botToken,
    ...(appToken === null ? {} : { appToken }),
    ...(signingSecret === null ? {} : { signingSecret }),
    ...(apiUrl === null ? {} : { apiUrl }),
    forms,
    presses,
    copies,
    log,
  });
  made.slack = slack;
  return { slack, ports };
}
