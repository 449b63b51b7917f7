import { postmasterOf } from '../service/embedded-server.ts';
import type { DeliveryFate } from '#workspace/delivery/delivery-faults';
import type { FaultAnswer } from '#workspace/faults';
import type { Random } from './random.ts';
import { patiently, pause } from './pause.ts';
import type { TcpProxy, Weather } from './tcp-proxy.ts';
import type { ChaosReplica, World } from './world.ts';

/** Something that goes wrong for a while, and is over when the promise resolves. */
export interface ChaosFault {
  readonly name: string;
  /** @returns how often it was seen to strike. */
  readonly strike: (world: World, random: Random) => Promise<number>;
}

/** Longer than the 10 s after which a job's heartbeats count as stopped. */
const STOPPED_MS = 14_000;
export const RETRY_AFTER_S = 4;
/** How many calls or payloads each fault of Slack's is to meet. */
const TIMES = 3;

/** All that is struck; a run draws them in an order by its seed, all of them before any comes again. */
export const FAULTS: readonly ChaosFault[] = [
  { name: 'replica: SIGKILL', strike: killReplica },
  { name: 'replica: SIGSTOP past a lease, SIGCONT', strike: stopReplica },
  { name: 'Postgres: kill -9', strike: (world) => endPostgres(world, 'SIGKILL') },
  { name: 'Postgres: fast restart', strike: (world) => endPostgres(world, 'SIGINT') },
  { name: 'Postgres: backends terminated', strike: terminateBackends },
  ...(['postgres', 'slack', 'sigstore'] as const).flatMap((dependency) =>
    (['delayed', 'cut', 'black-holed'] as const).map((weather) => ({
      name: `way to ${dependency}: ${weather}`,
      strike: ({ proxies }: World) => under(proxies[dependency], weather),
    })),
  ),
  slackAnswers('Slack: 429 to an edit', 'chat.update', {
    kind: 'ratelimited',
    retryAfterSeconds: RETRY_AFTER_S,
  }),
  slackAnswers('Slack: 429 to a post', 'chat.postMessage', {
    kind: 'ratelimited',
    retryAfterSeconds: RETRY_AFTER_S,
  }),
  slackAnswers('Slack: time-out after accepting', '*', { kind: 'hang', accepted: true }),
  slackAnswers('Slack: reset after accepting', '*', { kind: 'drop-after-accept' }),
  slackAnswers('Slack: 503 of a proxy', '*', { kind: 'http', status: 503 }),
  slackDelivers('Slack: delivered twice', { kind: 'twice' }),
  slackDelivers('Slack: ack lost', { kind: 'lose-ack' }),
  slackDelivers('Slack: delivered late', { kind: 'late', ms: 2_000 }),
  slackDelivers('Slack: never delivered', { kind: 'drop' }),
  { name: 'Slack: sockets cut', strike: cutSockets },
];

async function killReplica({ replicas }: World, random: Random): Promise<number> {
  const replica = await takeRunning(replicas, random);
  replica.process.signal('SIGKILL');
  const { code } = await replica.process.ended;
  await pause(random.below(2_000));
  await patiently(() => replica.restart());
  return code === null ? 1 : 0;
}

async function stopReplica({ replicas }: World, random: Random): Promise<number> {
  const replica = await takeRunning(replicas, random);
  replica.process.signal('SIGSTOP');
  const signal = AbortSignal.timeout(2_000);
  const answered = await fetch(`${replica.at.url}/livez`, { signal }).then(
    () => true,
    () => false,
  );
  await pause(STOPPED_MS);
  replica.process.signal('SIGCONT');
  replica.running = true;
  return answered ? 0 : 1;
}

/** One that runs, which nobody else is to count on from now on. */
async function takeRunning(
  replicas: readonly [ChaosReplica, ChaosReplica],
  random: Random,
): Promise<ChaosReplica> {
  const first = random.below(2);
  for (;;) {
    const found = [replicas[first], replicas[1 - first]].find((one) => one?.running);
    if (found !== undefined) {
      found.running = false;
      return found;
    }
    await pause(100);
  }
}

async function endPostgres({ postgresDir }: World, signal: 'SIGKILL' | 'SIGINT'): Promise<number> {
  const pid = await postmasterOf(postgresDir);
  if (pid === null) return 0;
  process.kill(pid, signal);
  for (;;) {
    const now = await postmasterOf(postgresDir);
    if (now !== null && now !== pid) return 1;
    await pause(100);
  }
}

async function terminateBackends({ pool, proxies }: World): Promise<number> {
  // Another fault may keep the database away just now.
  return patiently(async () => {
    const { rows } = await pool.query<{ struck: number }>(TERMINATE, [proxies.postgres.ports()]);
    return rows[0]?.struck ?? 0;
  });
}

const TERMINATE = `
  SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS struck FROM pg_stat_activity
  WHERE client_port = ANY($1::int[])`;

async function under(proxy: TcpProxy, weather: Weather): Promise<number> {
  const before = proxy.struck(weather);
  proxy.set(weather);
  await pause(weather === 'black-holed' ? 7_000 : 4_000);
  // Some of what depends on it is spoken to seldom.
  for (let left = 150; left > 0 && proxy.struck(weather) === before; left -= 1) await pause(100);
  proxy.set('fair');
  return proxy.struck(weather) - before;
}

function slackAnswers(name: string, method: string, answer: FaultAnswer): ChaosFault {
  return {
    name,
    strike: ({ replicas: [{ at }] }) => met(at.workspace.script({ method, times: TIMES, answer })),
  };
}

function slackDelivers(name: string, fate: DeliveryFate): ChaosFault {
  const fault = { payload: '*', times: TIMES, fate } as const;
  return { name, strike: ({ replicas: [{ at }] }) => met(at.workspace.scriptDelivery(fault)) };
}

/** Leaves it in place until it has met all that it can, or for a while. */
async function met(handle: { remaining(): number; cancel(): void }): Promise<number> {
  for (let left = 80; left > 0 && handle.remaining() > 0; left -= 1) await pause(100);
  for (let left = 200; left > 0 && handle.remaining() === TIMES; left -= 1) await pause(100);
  const struck = TIMES - handle.remaining();
  handle.cancel();
  return struck;
}

async function cutSockets({ replicas: [{ at }] }: World): Promise<number> {
  const opened = (): number => at.workspace.calls('apps.connections.open').length;
  const before = opened();
  at.workspace.disconnectSockets({ abrupt: true });
  for (let left = 80; left > 0 && opened() === before; left -= 1) await pause(100);
  return opened() - before;
}
