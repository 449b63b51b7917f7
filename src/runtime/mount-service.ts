import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { decisions } from '#application/decision/decisions';
import { proposeClose } from '#application/events/propose-close';
import type { CallerTokens } from '#application/ports/callers';
import { UNMEASURED, type Measure } from '#application/ports/measure';
import type { Ports } from '#application/ports/ports';
import { decideLinks } from '#application/links/decide-links';
import { signIns } from '#application/sign-in/sign-ins';
import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { INCIDENTS_PATH, incidentRoute } from '#http/incident-route';
import { LOG_PATH, logRoutes } from '#http/log-routes';
import { STATISTICS_PATH, statisticsRoute } from '#http/statistics-route';
import type { Slack } from '#slack/slack';
import type { Config } from './config/read-config.ts';
import { watchedDecisions } from './observe/watched-decisions.ts';
import type { MountedRoutes } from './routes.ts';
import type { SignInService } from './sign-in.ts';
import type { Signing } from './signing.ts';
import type { Stores } from './stores.ts';

/** What stands behind the routes. */
interface Behind {
  readonly ports: Ports;
  readonly stores: Pick<
    Stores,
    | 'store'
    | 'proofs'
    | 'statistics'
    | 'tokens'
    | 'firstLooks'
    | 'incidentSources'
    | 'pageLinkStore'
    | 'presses'
  >;
  readonly pool: Pool;
  readonly signing: Pick<Signing, 'decisionSigner'>;
  readonly signIn: SignInService | null;
  readonly slack: Pick<Slack, 'handler'>;
  readonly callers: CallerTokens;
  readonly measure: Measure;
}

/** Serves gates, readers of the log, approvers' sign-ins and Slack. With this the replica is ready. */
export function mountService(
  routes: Pick<MountedRoutes, 'mount' | 'mountDecisions' | 'mountSlack'>,
  { ports, stores, pool, signing: { decisionSigner }, signIn, slack, callers, measure }: Behind,
  { proxies }: Pick<Config, 'proxies'>,
  now: () => Promise<Instant>,
  log: Logger,
): void {
  const { proofs, tokens, statistics, firstLooks, incidentSources: sources } = stores;
  const resolved = (of: TenantId, names: readonly string[]) => proposeClose(ports, of, names);
  routes.mount([
    { prefix: LOG_PATH, fetch: logRoutes({ proofs, tokens, log }) },
    { prefix: STATISTICS_PATH, fetch: statisticsRoute({ statistics, tokens, log }) },
    { prefix: INCIDENTS_PATH, fetch: incidentRoute({ sources, resolved, log, proxies }) },
  ]);
  const answering = decisions({
    ...ports,
    firstLooks,
    callers,
    signer: decisionSigner,
    onError: (err, tenant) => log.error({ err, tenant }, 'a question was answered with enforce'),
    clock: () => Date.now(),
  });
  const counted = measure === UNMEASURED ? answering : watchedDecisions(answering, measure);
  const reasonsNotTo = async () => ((await answers(pool)) ? [] : ['the database does not answer']);
  routes.mountDecisions(counted, decisionSigner, reasonsNotTo, () => measure.decisionLate());
  if (signIn !== null) {
    routes.mount(signIn.routes(signIns(ports), decideLinks({ ...ports, ...stores }), now));
    void signIn.tellIfUnusable();
  }
  if (slack.handler !== undefined) routes.mountSlack(slack.handler);
}

async function answers(pool: Pool): Promise<boolean> {
  try {
    await pool.query('SELECT');
    return true;
  } catch {
    // Why is in the log of the pool; a probe wants to know whether.
    return false;
  }
}
