import type { Logger } from 'pino';
import { giveBackAbandoned } from '#application/installs/give-back-abandoned';
import { renewTokens } from '#application/installs/renew-tokens';
import type { SlackOAuth } from '#application/ports/installs';
import type { Ports } from '#application/ports/ports';
import { startLog } from '#application/tenant/set-up-tenant';
import type { Route } from '#http/compose-routes';
import { installRoutes } from '#http/install/install-routes';
import { INSTALL_CALLBACK_PATH, INSTALL_PATH } from '#http/install/paths';
import { slackLogger } from '#slack/clients/slack-logger';
import { NEEDED_SCOPES } from '#slack/installs/scopes';
import { slackOAuth } from '#slack/installs/slack-oauth';
import type { Config, Secrets } from './config/read-config.ts';
import { eachTenant } from './each-tenant.ts';
import { startPoll } from './poll.ts';
import type { Stores } from './stores.ts';

/** Slack's side of installing; `null` for the one workspace of a bot token. */
export function openOAuth(
  { slack: { oauth, apiUrl } }: Pick<Config, 'slack'>,
  { slackClientSecret: clientSecret }: Pick<Secrets, 'slackClientSecret'>,
  publicUrl: string,
  log: Logger,
): SlackOAuth | null {
  if (oauth === null || clientSecret === null) return null;
  return slackOAuth({
    clientId: oauth.clientId,
    clientSecret,
    redirectUrl: `${publicUrl}${INSTALL_CALLBACK_PATH}`,
    logger: slackLogger(log),
    ...(apiUrl === null ? {} : { apiUrl }),
  });
}

interface InstallTools {
  readonly ports: Ports;
  readonly stores: Pick<Stores, 'installAttempts'>;
  readonly oauth: SlackOAuth;
}

/** The pages on which the app is installed. */
export function installRoute(
  { ports, stores: { installAttempts: attempts }, oauth }: InstallTools,
  { proxies }: Pick<Config, 'proxies'>,
  publicUrl: string,
  log: Logger,
): Route {
  const options = { attempts, oauth, publicUrl, proxies, log, neededScopes: NEEDED_SCOPES };
  // The job of the installation does it as well; a policy may be applied before that runs.
  const bound = (tenant: Parameters<typeof startLog>[1]) => startLog(ports, tenant);
  return { prefix: INSTALL_PATH, fetch: installRoutes({ ...options, bound }) };
}

const EACH_MINUTE = '* * * * *';

/** Gives back what nobody confirmed, and renews tokens that end. */
export function startInstallPolls(
  {
    installAttempts: attempts,
    installations,
    tenants: directory,
    oauth,
  }: Pick<Stores, 'installAttempts' | 'installations' | 'tenants'> & { readonly oauth: SlackOAuth },
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const start = (name: string, look: () => Promise<void>): void => {
    const onError = (err: unknown) => log.warn({ err, name }, 'installations could not be seen to');
    const poll = startPoll({ name, at: EACH_MINUTE, atStart: true, look, onError }, log);
    cleanup.defer(() => poll.stop());
  };
  start('installations given up', () =>
    eachTenant(
      () => attempts.tenants(),
      (tenant) => giveBackAbandoned({ attempts, installations, oauth }, tenant),
    ),
  );
  start('tokens renewed', () =>
    eachTenant(
      () => directory.tenants(),
      (tenant) => renewTokens({ installations, oauth }, tenant),
    ),
  );
}
