import type { Logger } from 'pino';
import { mineReader } from '#application/forms/mine';
import { requestForms } from '#application/forms/request-forms';
import type { Directory } from '#application/ports/directory';
import type { Ports } from '#application/ports/ports';
import { UNWATCHED, type SlackWatch } from '#application/ports/slack-watch';
import { createSlack, type Slack } from '#slack/slack';
import type { Config, Secrets } from './config/read-config.ts';
import { isPagedBy } from './pagers.ts';
import type { Stores } from './stores.ts';

/** Slack, which is not connected yet, and the ports over it: each needs the other. */
export function openSlack(
  config: Pick<Config, 'slack' | 'page' | 'pageMail' | 'pagerDuty'>,
  { slackBotToken: botToken, slackAppToken: appToken, slackSigningSecret: signingSecret }: Secrets,
  { presses, homes, surfaces: copies, tenants, tenantSecrets, installations: installs }: Stores,
  portsWith: (directory: Directory) => Ports,
  log: Logger,
  watch: SlackWatch = UNWATCHED,
): { readonly slack: Slack; readonly ports: Ports } {
  const { mode, apiUrl } = config.slack;
  const made: { slack?: Slack } = {};
  const slackNow = (): Slack => {
    if (made.slack === undefined) throw new TypeError('Slack is asked before it is set up');
    return made.slack;
  };
  const ports = portsWith({
    profile: (account, tenant) => slackNow().directory.profile(account, tenant),
    usergroupMembers: (team, group, tenant) =>
      slackNow().directory.usergroupMembers(team, group, tenant),
  });
  const forms = requestForms({
    ...ports,
    tenants,
    paged: isPagedBy(config, tenantSecrets),
    channelStanding: (team, channel) => slackNow().channelStanding(team, channel),
  });
  const slack = createSlack({
    mode,
    ...(botToken === null ? { installs } : { botToken }),
    ...(appToken === null ? {} : { appToken }),
    ...(signingSecret === null ? {} : { signingSecret }),
    ...(apiUrl === null ? {} : { apiUrl }),
    forms,
    mine: mineReader(ports),
    homes,
    presses,
    copies,
    log,
    watch,
  });
  made.slack = slack;
  return { slack, ports };
}
