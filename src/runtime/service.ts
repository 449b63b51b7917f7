import type { Logger } from 'pino';
import type { TokenStore } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import { measurements } from '#postgres/store/measurements';
import { createTemplates } from '#postmortem/templates';
import { startBackground } from './background.ts';
import type { Config, Secrets } from './config/read-config.ts';
import { connectSlack } from './connect-slack.ts';
import { openDatabase } from './database.ts';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { installRoute, openOAuth } from './installs.ts';
import { mountService } from './mount-service.ts';
import { openObserver } from './observe/open-observer.ts';
import { slackWatch } from './observe/slack-watch.ts';
import { watchedStores } from './observe/watched-stores.ts';
import { openCallers } from './open-callers.ts';
import { openGithub } from './open-github.ts';
import { openHeads } from './open-heads.ts';
import { checkPolicy, openHouse } from './open-house.ts';
import { openSlack } from './open-slack.ts';
import { openOnCall } from './pagers.ts';
import { portsOf } from './ports.ts';
import { openPushGates } from './push-gates.ts';
import { mountRoutes } from './routes.ts';
import { openSignIn } from './sign-in.ts';
import { openSigning } from './signing.ts';
import { openStores } from './stores.ts';
import { warnOfUnknownGroups } from './warn-of-unknown-groups.ts';

export interface Service {
  /** Where its HTTP side listens. */
  readonly url: string;
  /** `null` where tenants install the app themselves. */
  readonly tenant: TenantId | null;
  readonly tokens: TokenStore;
  /** The trusted root that verifies its attestations; `null` with a Sigstore of your own. */
  readonly trustedRootFile: string | null;
  /** Rejects when this replica finds that it must end; then it is still to be stopped. */
  readonly failed: Promise<never>;
  /** Takes nothing new, finishes what is under way, and gives everything back. */
  stop(): Promise<void>;
}

export interface Surroundings {
  /** Where the embedded authority reads the time, so that a demo can move it with the database's. */
  readonly authorityClock?: () => Date;
  /** Aborted to give up a start that waits for Slack. */
  readonly stopping?: AbortSignal;
}

/**
 * Starts one replica.
 *
 * @throws EmbeddedPostgresError, MigrationError, SlackStartFailed, PolicyUnusable and other typed
 *   errors whose message says what to do. What was started before is stopped.
 */
export async function startService(
  config: Config,
  secrets: Secrets,
  log: Logger,
  { authorityClock, stopping = new AbortController().signal }: Surroundings = {},
): Promise<Service> {
  await using cleanup = new AsyncDisposableStack();
  const templates = createTemplates();
  await checkPolicy(config, templates);
  const observer = await openObserver(config, log, cleanup);
  const { metrics, measure, tracing } = observer;
  const database = await openDatabase(config, secrets, log, cleanup, tracing);
  const opened = watchedStores(await openStores(config, secrets, database), observer);
  const stores = { ...opened, store: await openHeads(config, opened, log, cleanup) };
  await metrics?.serve(measurements(database.pool));
  const routes = await mountRoutes(config, log, cleanup);
  const publicUrl = config.publicUrl ?? routes.url;
  const around = { observer, ...(authorityClock === undefined ? {} : { authorityClock }) };
  const signing = await openSigning(config, stores, publicUrl, log, cleanup, around);
  routes.mount(signing.routes);

  const signIn = await openSignIn(config, secrets, publicUrl, signing, log);

  const onCall = openOnCall(config, secrets, stores.tenantSecrets, cleanup);
  const { slack, ports } = openSlack(
    config,
    secrets,
    stores,
    (directory) => portsOf(config, stores, signing, signIn, templates, { directory, onCall }),
    log,
    slackWatch(observer),
  );
  const house = { stores, ports, slack };
  const { tenant, team } = await openHouse(config, house, publicUrl, log, stopping);
  const tenants: Tenants = tenant === null ? () => stores.tenants.tenants() : async () => [tenant];
  const oauth = openOAuth(config, secrets, publicUrl, log);

  const { pool, jobs } = database;
  const github = await openGithub(
    secrets.github,
    { ports, stores, pool, jobs, measure },
    log,
    cleanup,
  );
  const pushGates =
    tenant === null
      ? { adapters: [], routes: [] }
      : openPushGates(secrets.push, ports, tenant, log);
  const tools = { ports, stores, jobs, slack, oauth, github, pushGates };
  await startBackground(config, secrets, { ...tools, observer }, tenants, log, cleanup);
  if (github !== null && tenant !== null) routes.mount([github.route(tenant)]);
  routes.mount(pushGates.routes);
  const callers = openCallers(config, cleanup);
  const behind = { ports, stores, pool, signing, signIn, slack, callers, measure };
  mountService(routes, behind, config, () => stores.tenants.now(), log);
  if (oauth !== null)
    routes.mount([installRoute({ ports, stores, oauth }, config, publicUrl, log)]);
  const connection = await connectSlack(slack, team, log, {
    identified: () => eachTenant(tenants, (one) => warnOfUnknownGroups(ports, one, log)),
    ready: () => log.info({ url: routes.url, team, mode: config.slack.mode }, 'ready'),
  });
  cleanup.defer(() => connection.stop());
  cleanup.defer(() => routes.drain());
  const running = cleanup.move();
  return {
    url: routes.url,
    tenant,
    tokens: stores.tokens,
    trustedRootFile: signing.trustedRootFile,
    failed: connection.failed,
    stop: () => running.disposeAsync(),
  };
}
