import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { withTenant } from '#postgres/transaction';
import { startWorkers } from '#runtime/workers';
import { loadTold, machineTold } from '../machine.ts';
import { holds, median, tableOf, type Row } from '../table.ts';
import { activate, closeAll } from './acts.ts';
import { publisherTo, slackAtOnce, type SlackAtOnce } from './slack-at-once.ts';
import { joinTenant, type BenchTenant } from './tenants.ts';
import { benchWorld, type World } from './world.ts';

const WARMING = 5;
const MOST_RATIO = 3;
const BARE_QUEUE = 'bench-bare';

export interface Cards {
  /** From a commit to its incident card at Slack, in ms. */
  readonly ours: number;
  /** From a commit with a job to the one HTTP request that the job makes. */
  readonly bare: number;
}

/** `npm run bench -- card [rounds]`: how long after a commit its card is at Slack. */
export async function benchCard(rounds = 30): Promise<string> {
  const start = `${machineTold()} at the start`;
  await using cleanup = new AsyncDisposableStack();
  const world = await benchWorld(cleanup);
  const tenant = await joinTenant(world, 'bench-card');
  const row = cardRow(await cards(world, tenant, rounds, cleanup));
  if (!holds(row)) process.exitCode = 1;
  return `${start}, ${loadTold()} at the end\n\n${tableOf([row])}`;
}

const cardRow = ({ ours, bare }: Cards): Row => ({
  what: `commit until its card is at Slack, p50`,
  measured: `${ours.toFixed(1)} ms`,
  against: `${bare.toFixed(1)} ms a job and one HTTP request`,
  ratio: ours / bare,
  limit: MOST_RATIO,
});

/**
 * Each round closes a bypass and waits for its card, with the workers of a replica over a Slack that
 * answers at once; then commits a job that does nothing but post.
 */
export async function cards(
  world: World,
  tenant: BenchTenant,
  rounds: number,
  cleanup: AsyncDisposableStack,
): Promise<Cards> {
  const { pool, jobs, workerPorts } = world.replica;
  const slack = await slackAtOnce(cleanup);
  await jobs.ensureQueue(BARE_QUEUE);
  await jobs.work(BARE_QUEUE, {}, async () => {
    await fetch(`${slack.url}bare`, { method: 'POST', body: '{}' });
  });
  const publisher = publisherTo(slack, tenant.team);
  await startWorkers({ ...workerPorts, publisher }, jobs, pino({ level: 'silent' }));
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds + WARMING; round += 1) {
    const [bypass] = await activate(world, tenant, 1);
    if (bypass === undefined) throw new RangeError('no bypass was opened');
    await shown(world, tenant);
    ours.push(await until(slack, isCard, () => closeAll(world, tenant, [bypass])));
    await shown(world, tenant);
    const job = () =>
      withTenant(pool, tenant.id, 'breakglass_app', async (transaction) => {
        await jobs.sendIn(transaction, BARE_QUEUE, { tenant: tenant.id });
      });
    bare.push(await until(slack, ({ method }) => method === 'bare', job));
  }
  return { ours: median(ours.slice(WARMING)), bare: median(bare.slice(WARMING)) };
}

/** An edit of the incident card: that of the first commit is a post, and stands by then. */
const isCard = ({ method }: { readonly method: string }): boolean => method === 'chat.update';

/** From the end of the commit to the call at Slack. */
async function until(
  slack: SlackAtOnce,
  isAwaited: (call: { readonly method: string }) => boolean,
  commit: () => Promise<void>,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  slack.onCall = (call) => {
    if (isAwaited(call)) resolve(call.at);
  };
  await commit();
  const from = performance.now();
  return (await promise) - from;
}

/** Until every card of the tenant shows the latest, and nothing is left to do. */
async function shown({ owner }: World, { id }: BenchTenant): Promise<void> {
  for (;;) {
    const { rows } = await owner.query<{ left: boolean }>(LEFT, [id]);
    if (rows[0]?.left === false) return;
    await sleep(20);
  }
}

const LEFT = `
  SELECT EXISTS (SELECT FROM pgboss.job WHERE data->>'tenant' = $1 AND name NOT LIKE '%.dead'
    AND (state = 'active' OR state < 'active' AND start_after <= now())) AS left`;
