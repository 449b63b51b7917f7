import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { runDue } from '#application/deadlines/run-due';
import { createPool } from '#postgres/connection';
import { startPoll } from '#runtime/poll';
import { loadTold, machineTold } from '../machine.ts';
import { holds, tableOf, type Row } from '../table.ts';
import { activate, TTL_MS } from './acts.ts';
import { bareTables, bareTransaction } from './bare.ts';
import { startClock, stopClock } from './clock.ts';
import { askAcross, clientsOf, type Asked } from './ask-across.ts';
import { joinTenant, type BenchTenant } from './tenants.ts';
import { benchWorld, type World } from './world.ts';

const MOST_MS = 5_000;
/** Before the instant, so that questions are heard that a bypass lets through. */
const BEFORE_MS = 2_000;
const BARE_AT_ONCE = 8;
/** No more in one commit than a request's own limits let wait. */
const AT_ONCE = 100;

export interface Expiry {
  readonly bypasses: number;
  readonly tenants: number;
  /** From the instant to the last close that stands in a log, in ms. */
  readonly closedMs: number;
  /** As many bare transactions, over as many rows as there are tenants. */
  readonly bareMs: number;
  readonly asked: Asked;
}

/** `npm run bench -- expiry [bypasses [tenants]]`: many bypasses that end at one instant. */
export async function benchExpiry(bypasses = 1_000, tenants = 20): Promise<string> {
  const start = `${machineTold()} at the start`;
  await using cleanup = new AsyncDisposableStack();
  const world = await benchWorld(cleanup);
  await bareTables(world.owner, tenants);
  const joined: BenchTenant[] = [];
  for (let at = 0; at < tenants; at += 1) joined.push(await joinTenant(world, `bench-end-${at}`));
  const found = await expiry(world, joined, bypasses, cleanup);
  const rows = expiryRows(found);
  if (!rows.every(holds)) process.exitCode = 1;
  const { before, open, after, late } = found.asked;
  const told =
    `Asked throughout: ${before} questions before the instant, ${open} of them let through; ` +
    `${after} at or after it, ${late} of them let through.`;
  return `${start}, ${loadTold()} at the end\n\n${tableOf(rows)}\n\n${told}`;
}

function expiryRows({ bypasses, tenants, ...found }: Expiry): readonly Row[] {
  const many = `${bypasses.toLocaleString('en-US')} of ${tenants} tenants end at once`;
  const measured = `${(found.closedMs / 1_000).toFixed(2)} s`;
  return [
    {
      what: `${many}, all closes recorded`,
      measured,
      against: `${MOST_MS / 1_000} s`,
      ratio: found.closedMs / MOST_MS,
      limit: 1,
    },
    {
      what: `the same, over bare transactions`,
      measured,
      against: `${(found.bareMs / 1_000).toFixed(2)} s five statements for each`,
      ratio: found.closedMs / found.bareMs,
      limit: 1.5,
    },
    {
      what: `let through at or after the instant`,
      measured: `${found.asked.late} of ${found.asked.after}`,
      against: 'none',
      ratio: found.asked.late,
      limit: 0,
    },
  ];
}

/** One replica, poked each second as its scheduler does it. */
export async function expiry(
  world: World,
  tenants: readonly BenchTenant[],
  bypasses: number,
  cleanup: AsyncDisposableStack,
): Promise<Expiry> {
  const { owner, replica } = world;
  const from = await stopClock(owner);
  for (const tenant of tenants) {
    const each = Math.ceil(bypasses / tenants.length);
    for (let made = 0; made < each; made += AT_ONCE)
      await activate(world, tenant, Math.min(AT_ONCE, each - made));
  }
  const endsAt = from + TTL_MS;
  const ports = { ...replica.ports, tenants: replica.stores.tenants };
  const look = () => runDue(ports, (_tenant, error) => void errors.push(error));
  const errors: unknown[] = [];
  // Whoever is warned is warned by then.
  await startClock(owner, endsAt - 60_000);
  await look();
  await owner.query('VACUUM ANALYZE');
  await owner.query('CHECKPOINT');
  const clients = await clientsOf(world, tenants);
  await startClock(owner, endsAt - BEFORE_MS);
  const instant = performance.now() + BEFORE_MS;
  const onError = (error: unknown) => void errors.push(error);
  const log = pino({ level: 'silent' });
  const poll = startPoll({ name: 'deadlines', at: '* * * * * *', look, onError }, log);
  const asking = askAcross(clients, endsAt);
  let closedMs: number;
  try {
    closedMs = await allClosed(world, instant);
  } finally {
    await poll.stop();
  }
  const asked = await asking.stop();
  if (errors.length > 0) throw new AggregateError(errors, 'deadlines could not be met');
  return {
    bypasses,
    tenants: tenants.length,
    closedMs,
    bareMs: await bareMs(world, bypasses, tenants.length, cleanup),
    asked,
  };
}

async function allClosed({ owner }: World, instant: number): Promise<number> {
  await sleep(Math.max(0, instant - performance.now()));
  for (;;) {
    const { rows } = await owner.query<{ left: boolean }>(
      `SELECT EXISTS (SELECT FROM app.deadline WHERE kind = 'expire') AS left`,
    );
    if (rows[0]?.left === false) break;
    await sleep(20);
  }
  const closedMs = performance.now() - instant;
  const { rows } = await owner.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM app.bypass WHERE phase = 'active') AS open`,
  );
  if (rows[0]?.open !== false) throw new RangeError('a bypass is open without a deadline');
  return closedMs;
}

async function bareMs(
  { database: { url } }: World,
  count: number,
  heads: number,
  cleanup: AsyncDisposableStack,
): Promise<number> {
  const pool = createPool(url, { max: BARE_AT_ONCE });
  cleanup.defer(() => pool.end());
  let done = 0;
  const one = async (): Promise<void> => {
    while (done < count) {
      done += 1;
      await bareTransaction(pool, done % heads);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: BARE_AT_ONCE }, one));
  return performance.now() - from;
}
