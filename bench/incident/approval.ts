import { randomUUID } from 'node:crypto';
import { handlePress } from '#application/press/handle-press';
import type { Ports } from '#application/ports/ports';
import type { BypassId } from '#domain/ids';
import { createPool } from '#postgres/connection';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import { loadTold, machineTold } from '../machine.ts';
import { holds, median, tableOf, type Row } from '../table.ts';
import { askFor, closeAll, TTL_MS } from './acts.ts';
import { bareTables, bareTransaction } from './bare.ts';
import { joinTenant, type BenchTenant } from './tenants.ts';
import { benchWorld, type World } from './world.ts';

/** Requests of a round: each is approved twice. */
const REQUESTS = 24;
const WARMING = 2;
const CONNECTIONS = 8;
const MOST_RATIO = 1.5;
const LEAST_RATE = 0.7;

/** What approvals of one tenant came to, beside bare transactions of the same rounds. */
export interface Approvals {
  /** One at a time, in ms: the commit of one that waits for another, and of one that activates. */
  readonly first: number;
  readonly activating: number;
  /** The whole job of a press: looked up, judged, signed, judged again under the lock, committed. */
  readonly job: number;
  readonly bare: number;
  /** A second, eight at once on the one tenant: whole jobs, and bare transactions. */
  readonly jobsPerSecond: number;
  readonly barePerSecond: number;
}

/** `npm run bench -- approval [rounds]`: what an approval costs, over a bare transaction. */
export async function benchApproval(rounds = 6): Promise<string> {
  const start = `${machineTold()} at the start`;
  await using cleanup = new AsyncDisposableStack();
  const world = await benchWorld(cleanup);
  await bareTables(world.owner, 1);
  const tenant = await joinTenant(world, 'bench-approval');
  const found = await approvals(world, tenant, rounds, cleanup);
  const rows = approvalRows(found);
  if (!rows.every(holds)) process.exitCode = 1;
  const told = `The whole job of an approval takes ${ms(found.job)} in the median, one at a time.`;
  return `${start}, ${loadTold()} at the end\n\n${tableOf(rows)}\n\n${told}`;
}

function approvalRows(found: Approvals): readonly Row[] {
  const against = `${ms(found.bare)} five statements`;
  const commit = (which: string, took: number): Row => ({
    what: `${which}, commit at one connection, p50`,
    measured: ms(took),
    against,
    ratio: took / found.bare,
    limit: MOST_RATIO,
  });
  return [
    commit('approval that waits for another', found.first),
    commit('approval that activates', found.activating),
    {
      what: `approvals of one tenant, ${CONNECTIONS} at once, whole jobs`,
      measured: rate(found.jobsPerSecond),
      against: `${rate(found.barePerSecond)} five statements`,
      ratio: found.jobsPerSecond / found.barePerSecond,
      limit: LEAST_RATE,
      isFloor: true,
    },
  ];
}

/** Both sides take turns within each round. The tables of the bare side are there already. */
export async function approvals(
  world: World,
  tenant: BenchTenant,
  rounds: number,
  cleanup: AsyncDisposableStack,
): Promise<Approvals> {
  const bare = createPool(world.database.url, { max: CONNECTIONS });
  cleanup.defer(() => bare.end());
  const took = new Took();
  for (let round = 0; round < rounds + WARMING; round += 1) {
    if (round === WARMING) took.clear();
    const alone = await askFor(world, tenant, REQUESTS);
    for (const user of [PEOPLE.release1, PEOPLE.release2])
      for (const press of await pressed(world, tenant, user, alone)) {
        await took.approval(
          world,
          tenant,
          press,
          user === PEOPLE.release1 ? 'first' : 'activating',
        );
        await took.time('bare', () => bareTransaction(bare, 0));
      }
    await closeAll(world, tenant, alone);
    const crowd = await askFor(world, tenant, REQUESTS);
    for (const user of [PEOPLE.release1, PEOPLE.release2]) {
      const presses = await pressed(world, tenant, user, crowd);
      const handle = (press: string) => handlePress(world.replica.ports, tenant.id, press);
      took.rates.ours.push(await perSecond(presses, handle));
      took.rates.bare.push(await perSecond(presses, () => bareTransaction(bare, 0)));
    }
    await closeAll(world, tenant, crowd);
  }
  return took.told();
}

class Took {
  readonly times: Record<'first' | 'activating' | 'job' | 'bare', number[]> = {
    first: [],
    activating: [],
    job: [],
    bare: [],
  };
  readonly rates: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] };

  clear(): void {
    for (const all of [...Object.values(this.times), ...Object.values(this.rates)]) all.length = 0;
  }

  async time(kind: keyof Took['times'], work: () => Promise<void>): Promise<void> {
    const from = performance.now();
    await work();
    this.times[kind].push(performance.now() - from);
  }

  /** Handles a press as its job does, and times its commit by itself: its one locked transaction. */
  async approval(
    { replica: { ports } }: World,
    tenant: BenchTenant,
    press: string,
    kind: 'first' | 'activating',
  ): Promise<void> {
    // Whoever presses for the first time is enrolled by a commit before it.
    let last = Number.NaN;
    const locked: Ports['store']['locked'] = async (...asked) => {
      const from = performance.now();
      const result = await ports.store.locked(...asked);
      last = performance.now() - from;
      return result;
    };
    const timed = { ...ports, store: { ...ports.store, locked } };
    await this.time('job', () => handlePress(timed, tenant.id, press));
    this.times[kind].push(last);
  }

  told(): Approvals {
    const { first, activating, job, bare } = this.times;
    return {
      first: median(first),
      activating: median(activating),
      job: median(job),
      bare: median(bare),
      jobsPerSecond: median(this.rates.ours),
      barePerSecond: median(this.rates.bare),
    };
  }
}

/** Stores a press of each without its job, as it stands when the job begins. Gives their ids. */
async function pressed(
  { owner, replica: { presses } }: World,
  tenant: BenchTenant,
  user: User,
  bypasses: readonly BypassId[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const bypass of bypasses) {
    const key = randomUUID();
    const action = { kind: 'approve', bypass, ttlMs: TTL_MS } as const;
    const press = { tenant: tenant.id, key, account: tenant.account(user), action, from: null };
    await presses.store(press);
    const { rows } = await owner.query<{ id: string }>(
      'SELECT press_id AS id FROM app.press WHERE tenant_id = $1 AND key = $2',
      [tenant.id, key],
    );
    ids.push(rows[0]?.id ?? '');
  }
  return ids;
}

async function perSecond(
  items: readonly string[],
  work: (item: string) => Promise<void>,
): Promise<number> {
  const waiting = items.values();
  const from = performance.now();
  const one = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return (items.length * 1_000) / (performance.now() - from);
}

const ms = (value: number): string => `${value.toFixed(2)} ms`;
const rate = (value: number): string => `${Math.round(value).toLocaleString('en-US')}/s`;
