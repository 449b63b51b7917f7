import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { decisions } from '#application/decision/decisions';
import { tenantId, type TenantId } from '#domain/ids';
import { createDecisionSigner } from '#http/decision-signer';
import { generateDecisionKey } from '#http/decision-key';
import { createPool } from '#postgres/connection';
import { startJobs } from '#postgres/jobs';
import { parseKeyRing } from '#postgres/key-ring';
import { mountRoutes } from '#runtime/routes';
import { openStores } from '#runtime/stores';
import { ensureQueues } from '#runtime/workers';
import { answerParent } from './asked-process.ts';
import { openBypass } from './open-bypass.ts';
import { POOL_SIZE } from './sizes.ts';

/*
 * The decision API as a replica serves it: the same routes, use case, stores and keys over one pool.
 * Only Slack is not there, and so nobody takes the jobs that commits leave.
 */
const [url = '', kek = ''] = process.argv.slice(2);
const log = pino({ level: 'warn' });
const cleanup = new AsyncDisposableStack();
const pool = createPool(url, { max: POOL_SIZE, role: 'breakglass_app' });
cleanup.defer(() => pool.end());
const jobs = await startJobs(url, { onError: (err) => log.error({ err }, 'a job went wrong') });
cleanup.defer(() => jobs.stop(0));
await ensureQueues(jobs);
const keyRing = parseKeyRing(kek);
const stores = await openStores({ dataDir: '' }, { keyRing }, { pool, jobs });
const key = await generateDecisionKey();
const signer = createDecisionSigner({ keys: () => [key], issuer: 'https://breakglass.example' });
const own = { newSalt: () => new Uint8Array(randomBytes(16)), newId: () => randomUUID() };
const routes = await mountRoutes({ host: '127.0.0.1', port: 0, proxies: 0 }, log, cleanup);
const answering = decisions({
  ...stores,
  ...own,
  signer,
  onError: (err) => log.error({ err }, 'a question was answered with enforce'),
  clock: () => Date.now(),
});
routes.mountDecisions(answering, signer, async () => []);

interface Open {
  readonly open?: { readonly tenant: string; readonly service: string };
}

const opened = (tenant: TenantId, service: string) =>
  openBypass({ ...stores, ...own }, tenant, service);

answerParent(
  { url: routes.url },
  async (message) => {
    const { open } = message as Open;
    if (open !== undefined) await opened(tenantId(open.tenant), open.service);
    return { cpu: process.cpuUsage() };
  },
  () => cleanup.disposeAsync(),
);
