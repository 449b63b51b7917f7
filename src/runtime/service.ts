import type { Logger } from 'pino';
import type { TokenStore } from '#application/ports/directory-store';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import { createTemplates } from '#postmortem/templates';
import { startBackground } from './background.ts';
import type { Config, Secrets } from './config/read-config.ts';
import { connectSlack, homeTeam } from './connect-slack.ts';
import { openDatabase } from './database.ts';
import { loadPolicy } from './load-policy.ts';
import { mountService } from './mount-service.ts';
import { openCallers } from './open-callers.ts';
import { openGithub } from './open-github.ts';
import { openSlack } from './open-slack.ts';
import { portsOf } from './ports.ts';
import { openPushGates } from './push-gates.ts';
import { putPolicyInForce } from './put-policy-in-force.ts';
import { mountRoutes } from './routes.ts';
import { openSignIn } from './sign-in.ts';
import { openSigning } from './signing.ts';
import { openStores } from './stores.ts';
import { warnOfUnknownGroups } from './warn-of-unknown-groups.ts';

export interface Service {
  /** Where its HTTP side listens. */
  readonly url: string;
  readonly tenant: TenantId;
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

/** Stands in until Slack says which workspace it is. */
const UNKNOWN_TEAM = 'T00000000';

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
  // Before anything is made or asked: a policy with mistakes leaves no trace.
  const { tenant: name } = await loadPolicy(
    config.policyFile,
    UNKNOWN_TEAM,
    templates,
    config.signIn !== null,
  );
  const database = await openDatabase(config, secrets, log, cleanup);
  const stores = await openStores(config, secrets, database);
  const routes = await mountRoutes(config, log, cleanup);
  const publicUrl = config.publicUrl ?? routes.url;
  const signing = await openSigning(config, stores, publicUrl, log, cleanup, authorityClock);
  routes.mount(signing.routes);

  const signIn = await openSignIn(config, secrets, publicUrl, signing, log);

  const { slack, ports } = openSlack(
    config,
    secrets,
    stores,
    (directory) => portsOf(config, stores, signing, signIn, templates, directory),
    log,
  );
  const known = await stores.store.read(tenantIdOf(name), (tx) => tx.currentPolicy());
  const team = await homeTeam(slack, known?.directory.homeTeam ?? null, log, stopping);
  const withSetup = { ...ports, setup: stores.setup };
  const tenant = await putPolicyInForce(config, withSetup, team, publicUrl, log);

  const { pool, jobs } = database;
  const github = await openGithub(secrets.github, { ports, stores, pool, jobs }, log, cleanup);
  const pushGates = openPushGates(secrets.push, ports, tenant, log);
  const tools = { ports, stores, jobs, slack, github, pushGates };
  await startBackground(config, secrets, tools, tenant, log, cleanup);
  if (github !== null) routes.mount([github.route(tenant)]);
  routes.mount(pushGates.routes);
  const callers = openCallers(config, cleanup);
  const behind = { ports, stores, pool, signing, signIn, slack, callers };
  mountService(routes, behind, config, tenant, log);
  const connection = await connectSlack(slack, team, log, {
    identified: () => warnOfUnknownGroups(ports, tenant, log),
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
