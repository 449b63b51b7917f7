import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import type { Decisions } from '#application/ports/decisions';
import { composeRoutes, type Route } from '#http/compose-routes';
import { askingLimiter } from '#http/asking-limiter';
import { ASKING_LIMITS } from '#http/asking-limits';
import { DECISION_KEYS_PATH, decisionKeysRoute } from '#http/decision-keys-route';
import { decisionListener } from '#http/decision-listener';
import { DECISIONS_PATH, decisionRoutes } from '#http/decision-routes';
import type { DecisionJwks } from '#http/decision-signer';
import { GATES_PATH, gateRoute } from '#http/gate-route';
import { healthRoutes } from '#http/health-routes';
import { listen, type NodeListener } from '#http/listen';
import { openApiRoute } from '#http/openapi';
import { OPENAPI_PATH } from '#http/openapi/documents';
import type { Config } from './config/read-config.ts';

export interface MountedRoutes {
  readonly url: string;
  mount(routes: readonly Route[]): void;
  /** From now on the replica can serve, as long as `reasonsNotTo` gives none. */
  mountDecisions(
    decisions: Decisions,
    keys: { jwks(): DecisionJwks },
    reasonsNotTo: () => Promise<readonly string[]>,
    onLate?: () => void,
  ): void;
  /** No new traffic: what is under way is finished. */
  drain(): void;
  /** Where Slack delivers in HTTP mode. */
  mountSlack(listener: RequestListener): void;
}

const SLACK_PATH = '/slack/events';

/**
 * One port for Slack's endpoints and ours. It listens first, because the issuer's documents must be
 * there before anything is signed; what is not mounted yet is 404, and the service is not ready.
 */
export async function mountRoutes(
  config: Pick<Config, 'host' | 'port' | 'proxies'>,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<MountedRoutes> {
  const mounted: Route[] = [];
  const starting = async (): Promise<readonly string[]> => ['the service is starting'];
  const state = { reasons: starting, started: false, slack: null as RequestListener | null };

  const health = healthRoutes({ started: () => state.started, ready: () => state.reasons(), log });
  mounted.push(
    { prefix: '/livez', fetch: health },
    { prefix: '/readyz', fetch: health },
    { prefix: '/startupz', fetch: health },
  );
  let fetch = composeRoutes(mounted);
  const mount = (routes: readonly Route[]): void => {
    mounted.push(...routes);
    fetch = composeRoutes(mounted);
  };
  const listeners: NodeListener[] = [
    {
      prefix: SLACK_PATH,
      listener: (request, response) => {
        if (state.slack === null) response.writeHead(503).end();
        else state.slack(request, response);
      },
    },
  ];
  const listening = await listen((request, sender) => fetch(request, sender), {
    port: config.port,
    host: config.host,
    log,
    listeners,
  });
  cleanup.defer(() => listening.close());
  return {
    url: listening.url,
    mount,
    mountDecisions(decisions, keys, reasonsNotTo, onLate = () => undefined) {
      const limiter = askingLimiter(ASKING_LIMITS, () => performance.now());
      const asking = { decisions, log, limiter, proxies: config.proxies, onLate };
      listeners.push({
        prefix: DECISIONS_PATH,
        listener: decisionListener(decisionRoutes(asking), log),
      });
      mount([
        { prefix: GATES_PATH, fetch: gateRoute(asking) },
        { prefix: DECISION_KEYS_PATH, fetch: decisionKeysRoute(keys) },
        { prefix: OPENAPI_PATH, fetch: openApiRoute() },
      ]);
      state.reasons = reasonsNotTo;
      state.started = true;
    },
    drain() {
      state.reasons = async () => ['the service is stopping'];
    },
    mountSlack(listener) {
      state.slack = listener;
    },
  };
}
