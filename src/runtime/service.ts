import { randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { judgeFacts } from '#application/decision/answer-question';
import { decisions } from '#application/decision/decisions';
import { requestForms } from '#application/forms/request-forms';
import type { Directory } from '#application/ports/directory';
import type { TokenStore } from '#application/ports/directory-store';
import type { Ports } from '#application/ports/ports';
import { signIns } from '#application/sign-in/sign-ins';
import { tenantIdOf } from '#application/tenant/tenant-id';
import type { TenantId } from '#domain/ids';
import { httpGate } from '#gates/http/http-gate';
import { LOG_PATH, logRoutes } from '#http/log-routes';
import { createWebhookPager } from '#notify/webhook-pager';
import { createTemplates } from '#postmortem/templates';
import { createSlack, type Slack } from '#slack/slack';
import type { Config, Secrets } from './config/read-config.ts';
import { startCheckpointSchedule } from './checkpoint-schedule.ts';
import { watchDeadLetters } from './dead-letter-alarm.ts';
import { openDatabase, type Database } from './database.ts';
import { connectSlack, homeTeam } from './connect-slack.ts';
import { loadPolicy } from './load-policy.ts';
import { putPolicyInForce } from './put-policy-in-force.ts';
import { openOutbound } from './outbound.ts';
import { openSignIn } from './sign-in.ts';
import { openStores } from './stores.ts';
import { startScheduler } from './scheduler.ts';
import { openSigning } from './signing.ts';
import { mountRoutes } from './routes.ts';
import { startWorkloadSchedule } from './workload-schedule.ts';
import { workloadSigner } from './workload-signer.ts';
import { warnOfUnknownGroups } from './warn-of-unknown-groups.ts';
import { witnessedKeys } from './witnessed-keys.ts';
import { ensureQueues, startWorkers } from './workers.ts';

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

/** Longest wait for jobs under way at a stop. */
const JOBS_DRAIN_MS = 10_000;

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

  const connected: { slack?: Slack } = {};
  const slackNow = (): Slack => {
    if (connected.slack === undefined) throw new TypeError('Slack is asked before it is set up');
    return connected.slack;
  };
  const directory: Directory = {
    profile: (account) => slackNow().directory.profile(account),
    usergroupMembers: (team, group) => slackNow().directory.usergroupMembers(team, group),
  };
  const vkeys = config.checkpoints.witnesses.map((one) => one.vkey);
  const cosigned = witnessedKeys(stores, vkeys);
  const ports: Ports = {
    ...stores,
    directory,
    templates,
    attester: signing.attester,
    signIn: signIn === null ? null : { ...signIn.setting, cosigned },
    newSalt: () => new Uint8Array(randomBytes(16)),
    newId: () => randomUUID(),
    evaluation: signing.embedded && !isLoopback(config.slack.apiUrl),
  };
  const forms = requestForms({
    ...ports,
    tenants: stores.tenants,
    paged: config.page !== null,
    channelStanding: (team, channel) => slackNow().channelStanding(team, channel),
  });
  const slack = createSlack({
    mode: config.slack.mode,
    botToken: secrets.slackBotToken,
    ...(secrets.slackAppToken === null ? {} : { appToken: secrets.slackAppToken }),
    ...(secrets.slackSigningSecret === null ? {} : { signingSecret: secrets.slackSigningSecret }),
    ...(config.slack.apiUrl === null ? {} : { apiUrl: config.slack.apiUrl }),
    forms,
    presses: stores.presses,
    copies: stores.surfaces,
    log,
  });
  connected.slack = slack;

  const known = await stores.store.read(tenantIdOf(name), (tx) => tx.currentPolicy());
  const team = await homeTeam(slack, known?.directory.homeTeam ?? null, log, stopping);
  const withSetup = { ...ports, setup: stores.setup };
  const tenant = await putPolicyInForce(config, withSetup, team, publicUrl, log);
  await ensureQueues(database.jobs);
  const gate = httpGate(async (of, facts) => {
    const { decision } = await stores.store.read(of, (tx) => judgeFacts(tx, facts));
    return decision.decision === 'bypass' ? decision.bypass : null;
  });
  const pager = pagerOf(config, secrets, log, cleanup);
  const outbound = openOutbound(config, secrets, slack.announcer, log, cleanup);
  await startWorkers(
    {
      ...ports,
      ...stores,
      outbound,
      surfaces: stores.surfaces,
      publisher: slack.publisher,
      pager,
      provisionalAlarmMs: config.provisionalAlarmMs,
      // Every kind of gate asks by HTTP, whatever system it stands in.
      adapterOf: () => gate,
    },
    database.jobs,
    log,
  );
  cleanup.defer(() => database.jobs.stop(JOBS_DRAIN_MS));
  const alarm = watchDeadLetters(database.jobs, log);
  cleanup.defer(() => alarm.stop());
  const checkpoints = startCheckpointSchedule({ ...stores, outbound }, tenant, log);
  cleanup.defer(() => checkpoints.stop());
  if (config.workload !== null) {
    const ending = new AbortController();
    const workload = workloadSigner(config.workload, log, ending.signal);
    const vouching = startWorkloadSchedule({ ...ports, workload }, tenant, log);
    cleanup.defer(() => {
      ending.abort();
      return vouching.stop();
    });
  }
  const scheduler = startScheduler({ ...ports, tenants: stores.tenants }, log);
  cleanup.defer(() => scheduler.stop());
  const { proofs, tokens } = stores;
  routes.mount([{ prefix: LOG_PATH, fetch: logRoutes({ proofs, tokens, log }) }]);
  routes.mountDecisions(
    decisions({
      ...ports,
      tokens: stores.tokens,
      signer: signing.decisionSigner,
      onError: (err) => log.error({ err }, 'a question was answered with enforce'),
      clock: () => Date.now(),
    }),
    signing.decisionSigner,
    async () => ((await answers(database)) ? [] : ['the database does not answer']),
  );
  if (signIn !== null) {
    const now = () => stores.store.read(tenant, (tx) => tx.now());
    routes.mount(signIn.routes(signIns(ports), now));
    void signIn.tellIfUnusable();
  }
  if (slack.handler !== undefined) routes.mountSlack(slack.handler);
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

async function answers({ pool }: Pick<Database, 'pool'>): Promise<boolean> {
  try {
    await pool.query('SELECT');
    return true;
  } catch {
    // Why is in the log of the pool; a probe wants to know whether.
    return false;
  }
}

function pagerOf(config: Config, secrets: Secrets, log: Logger, cleanup: AsyncDisposableStack) {
  if (config.page === null || secrets.page === null) return null;
  const pager = createWebhookPager({
    ...secrets.page,
    allowPrivate: config.page.allowPrivate,
    log,
  });
  cleanup.defer(() => pager.close());
  return pager;
}

function isLoopback(url: string | null): boolean {
  if (url === null) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
