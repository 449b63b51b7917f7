import type { Logger } from 'pino';
import { judgeFacts } from '#application/decision/answer-question';
import type { Ports } from '#application/ports/ports';
import { QUEUES } from '#application/ports/queues';
import type { TenantId } from '#domain/ids';
import { httpGate } from '#gates/http/http-gate';
import { createWebhookPager } from '#notify/webhook-pager';
import type { Jobs } from '#postgres/jobs';
import type { Slack } from '#slack/slack';
import type { Config, Secrets } from './config/read-config.ts';
import { openOutbound } from './outbound.ts';
import { startScheduler } from './scheduler.ts';
import type { Stores } from './stores.ts';
import { ensureQueues, startWorkers } from './workers.ts';

/** What the work in the background is done with. */
interface Tools {
  readonly ports: Ports;
  readonly stores: Stores;
  readonly jobs: Jobs;
  readonly slack: Pick<Slack, 'publisher' | 'announcer'>;
}

/** Longest wait for jobs under way at a stop. */
const JOBS_DRAIN_MS = 10_000;

/** Handles jobs and looks for what is due, until `cleanup`: first nothing new is found, then none is taken. */
export async function startBackground(
  config: Config,
  secrets: Secrets,
  { ports, stores, jobs, slack }: Tools,
  tenant: TenantId,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  await ensureQueues(jobs);
  const pager = openPager(config, secrets, log, cleanup);
  const outbound = openOutbound(config, secrets, slack.announcer, log, cleanup);
  const gate = gateOver(stores);
  const working = {
    ...ports,
    ...stores,
    outbound,
    publisher: slack.publisher,
    pager,
    provisionalAlarmMs: config.provisionalAlarmMs,
    // Every kind of gate asks by HTTP, whatever system it stands in.
    adapterOf: () => gate,
  };
  await startWorkers(working, jobs, log);
  cleanup.defer(() => jobs.stop(JOBS_DRAIN_MS));
  const deadLetters = { countOf: (of: TenantId) => jobs.deadLetters(QUEUES, { tenant: of }) };
  startScheduler({ ...working, deadLetters }, tenant, config.workload, log, cleanup);
}

function gateOver({ store }: Pick<Stores, 'store'>) {
  return httpGate(async (tenant, facts) => {
    const { decision } = await store.read(tenant, (tx) => judgeFacts(tx, facts));
    return decision.decision === 'bypass' ? decision.bypass : null;
  });
}

function openPager(
  { page }: Pick<Config, 'page'>,
  { page: address }: Pick<Secrets, 'page'>,
  log: Logger,
  cleanup: AsyncDisposableStack,
) {
  if (page === null || address === null) return null;
  const pager = createWebhookPager({ ...address, allowPrivate: page.allowPrivate, log });
  cleanup.defer(() => pager.close());
  return pager;
}
