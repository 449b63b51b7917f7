import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadTold, machineTold } from '../machine.ts';
import { holds, median, tableOf } from '../table.ts';
import { askFor } from './acts.ts';
import { slackAtOnce, type Call, type SlackAtOnce } from './slack-at-once.ts';
import { joinTenant, type BenchTenant } from './tenants.ts';
import { benchWorld, type World } from './world.ts';

/**
 * What the settings of jobs come to: a heartbeat of 10 s that does not come, looked for every 5 s, a
 * pause of 1 s before what failed is tried again, and a poll each second.
 */
const LEASE_MS = 17_000;
/** A tenth for the work itself. */
const MOST_RATIO = 1.1;
const LONGER_THAN_A_POLL_MS = 1_500;

/**
 * `npm run bench -- takeover [rounds]`: a replica is killed with a card half sent; how long until the
 * other one has sent it.
 */
export async function benchTakeover(rounds = 4): Promise<string> {
  const start = `${machineTold()} at the start`;
  await using cleanup = new AsyncDisposableStack();
  const world = await benchWorld(cleanup);
  const tenant = await joinTenant(world, 'bench-takeover');
  const dying = await slackAtOnce(cleanup);
  const living = await slackAtOnce(cleanup);
  const survivor = await replicaOver(world, tenant, living, cleanup);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const victim = await replicaOver(world, tenant, dying, cleanup);
    took.push(await takenOver(world, tenant, victim, { dying, living }));
  }
  if (survivor.exitCode !== null) throw new RangeError('the other replica ended too');
  const rows = [rowOf('median', median(took)), rowOf('longest', Math.max(...took))];
  if (!rows.every(holds)) process.exitCode = 1;
  return `${start}, ${loadTold()} at the end\n\n${tableOf(rows)}`;
}

const rowOf = (which: string, tookMs: number) => ({
  what: `a killed replica's card sent by another, ${which}`,
  measured: `${(tookMs / 1_000).toFixed(1)} s`,
  against: `${LEASE_MS / 1_000} s until its jobs are free, by the settings`,
  ratio: tookMs / LEASE_MS,
  limit: MOST_RATIO,
});

async function replicaOver(
  { database: { url, kek } }: World,
  { team }: BenchTenant,
  slack: SlackAtOnce,
  cleanup: AsyncDisposableStack,
): Promise<ChildProcess> {
  const file = new URL('takeover-replica.ts', import.meta.url);
  const child = fork(file, [url, kek, slack.url, team]);
  const exited = once(child, 'exit');
  cleanup.defer(async () => {
    if (child.connected) child.disconnect();
    await exited;
  });
  const isReady = await Promise.race([
    once(child, 'message').then(() => true),
    exited.then(() => false),
  ]);
  if (!isReady) throw new RangeError('a replica ended before it was ready');
  return child;
}

/** Asks until the replica that is to die has a card under way, and kills it then. */
async function takenOver(
  world: World,
  tenant: BenchTenant,
  victim: ChildProcess,
  { dying, living }: Readonly<Record<'dying' | 'living', SlackAtOnce>>,
): Promise<number> {
  const sent = Promise.withResolvers<string>();
  const again = Promise.withResolvers<number>();
  let held = '';
  dying.onCall = async (call) => {
    if (!isPost(call)) return;
    sent.resolve(surfaceOf(call));
    await new Promise<never>(() => undefined);
  };
  living.onCall = (call) => {
    if (isPost(call) && surfaceOf(call) === held) again.resolve(call.at);
  };
  // The other one may be quicker.
  let isHeld = false;
  while (!isHeld) {
    await askFor(world, tenant, 1);
    isHeld = await Promise.race([
      sent.promise.then(() => true),
      sleep(LONGER_THAN_A_POLL_MS, false),
    ]);
  }
  held = await sent.promise;
  const killedAt = performance.now();
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  return (await again.promise) - killedAt;
}

const isPost = ({ method }: Call): boolean => method === 'chat.postMessage';

/** Which surface a message shows: its metadata say it. */
function surfaceOf({ body }: Call): string {
  const { surface } = (
    JSON.parse(new URLSearchParams(body).get('metadata') ?? '{}') as {
      readonly event_payload?: { readonly surface?: string };
    }
  ).event_payload ?? { surface: '' };
  if (surface === undefined || surface === '') throw new RangeError('a post names no surface');
  return surface;
}
