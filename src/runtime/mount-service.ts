import type { Logger } from 'pino';
import type { Pool } from 'pg';
import { decisions } from '#application/decision/decisions';
import type { Ports } from '#application/ports/ports';
import { signIns } from '#application/sign-in/sign-ins';
import type { TenantId } from '#domain/ids';
import { LOG_PATH, logRoutes } from '#http/log-routes';
import type { Slack } from '#slack/slack';
import type { MountedRoutes } from './routes.ts';
import type { SignInService } from './sign-in.ts';
import type { Signing } from './signing.ts';
import type { Stores } from './stores.ts';

/** What stands behind the routes. */
interface Behind {
  readonly ports: Ports;
  readonly stores: Pick<Stores, 'store' | 'proofs' | 'tokens'>;
  readonly pool: Pool;
  readonly signing: Pick<Signing, 'decisionSigner'>;
  readonly signIn: SignInService | null;
  readonly slack: Pick<Slack, 'handler'>;
}

/** Serves gates, readers of the log, approvers' sign-ins and Slack. With this the replica is ready. */
export function mountService(
  routes: Pick<MountedRoutes, 'mount' | 'mountDecisions' | 'mountSlack'>,
  { ports, stores, pool, signing: { decisionSigner }, signIn, slack }: Behind,
  tenant: TenantId,
  log: Logger,
): void {
  const { store, proofs, tokens } = stores;
  routes.mount([{ prefix: LOG_PATH, fetch: logRoutes({ proofs, tokens, log }) }]);
  const answering = decisions({
    ...ports,
    tokens,
    signer: decisionSigner,
    onError: (err) => log.error({ err }, 'a question was answered with enforce'),
    clock: () => Date.now(),
  });
  routes.mountDecisions(answering, decisionSigner, async () =>
    (await answers(pool)) ? [] : ['the database does not answer'],
  );
  if (signIn !== null) {
    const now = () => store.read(tenant, (tx) => tx.now());
    routes.mount(signIn.routes(signIns(ports), now));
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
