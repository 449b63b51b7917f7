import { decisionClient } from '#test/support/application/decision-client';
import { startSides, type Sides } from '../decision/sides.ts';
import { TOKENS } from '../decision/sizes.ts';
import { enforceStage, rateRatio } from '../decision/stages.ts';
import { tokensFor } from '../decision/many-rows.ts';
import { loadTold, machineTold } from '../machine.ts';
import { holds, tableOf, type Row } from '../table.ts';
import { activate, closeAll } from './acts.ts';
import { approvals } from './approval.ts';
import { bareTables } from './bare.ts';
import { cards } from './card.ts';
import { expiry } from './expiry.ts';
import { joinTenant, type BenchTenant } from './tenants.ts';
import { benchWorld, replicaOn, type World } from './world.ts';
import { copyYear, sizesOf, type Sizes } from './year-rows.ts';

/** With them a bypass comes to ten entries and more. */
const DEPLOYS = 4;
const ENDING_TENANTS = 5;
const ENDING = 100;
/** What grows by no more than this is flat: two figures of one size differ by as much. */
const FLAT = 1.25;
/** For each tenfold of what lies there; what needs more grows faster than by a logarithm. */
const LOGARITHMIC = 0.25;

/** What each thing takes over its bare limit of the same minute, so that the machine is in both. */
type Figures = ReadonlyMap<string, number>;

/**
 * `npm run bench -- year [tenants [bypasses each]]`: the other figures again, with a year of a large
 * organisation in the database, over what they were with nothing there.
 */
export async function benchYear(tenants = 20, bypasses = 50): Promise<string> {
  const start = `${machineTold()} at the start`;
  await using cleanup = new AsyncDisposableStack();
  const world = await benchWorld(cleanup);
  const stage = await stageOn(world, cleanup);
  const first = { sizes: await sizesOf(world.owner), figures: await measured(world, stage) };
  const year = await joinTenant(world, 'bench-year');
  await liveAYear(world, year, bypasses);
  const rows: Row[] = [];
  let made = 1;
  for (const count of tenants >= 100 ? [Math.ceil(tenants / 10), tenants] : [tenants]) {
    await copyYear(world.owner, year.id, made, count);
    made = count;
    const sizes = await sizesOf(world.owner);
    process.stderr.write(`  ${told(sizes)}\n`);
    rows.push(...grown(first, { sizes, figures: await measured(world, stage) }));
  }
  if (!rows.every(holds)) process.exitCode = 1;
  return `${start}, ${loadTold()} at the end\n\n${tableOf(rows)}`;
}

interface Stage {
  readonly hot: BenchTenant;
  readonly ending: readonly BenchTenant[];
  readonly sides: Sides;
}

async function stageOn(world: World, cleanup: AsyncDisposableStack): Promise<Stage> {
  await bareTables(world.owner, ENDING_TENANTS);
  const ending: BenchTenant[] = [];
  for (let at = 0; at < ENDING_TENANTS; at += 1)
    ending.push(await joinTenant(world, `bench-end-${at}`));
  const sides = await startSides(world.database, cleanup);
  return { hot: await joinTenant(world, 'bench-hot'), ending, sides };
}

async function measured(world: World, { hot, ending, sides }: Stage): Promise<Figures> {
  await using cleanup = new AsyncDisposableStack();
  const { rows } = await world.owner.query<{ id: string }>(
    'SELECT tenant_id AS id FROM app.tenant WHERE policy_digest IS NOT NULL',
  );
  await sides.useTokens(
    await tokensFor(
      world.owner,
      rows.map(({ id }) => id),
      TOKENS,
    ),
  );
  const { closed } = await enforceStage(sides, 1);
  const approved = await approvals(world, hot, 2, cleanup);
  const ended = await expiry(world, ending, ENDING, cleanup);
  // What commits left so far would be in the way of the cards.
  await world.owner.query('DELETE FROM pgboss.job');
  const replica = await replicaOn(world.database, world.people, cleanup);
  const shown = await cards({ ...world, replica }, hot, 15, cleanup);
  return new Map([
    ['decision, enforce', 1 / rateRatio(closed)],
    ['approval, commit', approved.first / approved.bare],
    ['approval that activates, commit', approved.activating / approved.bare],
    ['approvals of one tenant, 8 at once', approved.barePerSecond / approved.jobsPerSecond],
    [`${ENDING} bypasses of ${ENDING_TENANTS} tenants end`, ended.closedMs / ended.bareMs],
    ['commit until its card', shown.ours / shown.bare],
  ]);
}

interface Found {
  readonly sizes: Sizes;
  readonly figures: Figures;
}

function grown(first: Found, now: Found): readonly Row[] {
  const tenfolds = Math.log10(now.sizes.entries / first.sizes.entries);
  const most = Math.max(FLAT, 1 + LOGARITHMIC * tenfolds);
  return [...now.figures].map(([what, value]) => {
    const before = first.figures.get(what) ?? Number.NaN;
    const ratio = value / before;
    const shape = ratio <= FLAT ? 'flat' : ratio <= most ? 'logarithmic' : 'grows';
    return {
      what: `${what}, with ${told(now.sizes)}: ${shape}`,
      measured: `${value.toFixed(2)} of bare`,
      against: `${before.toFixed(2)} of bare with ${told(first.sizes)}`,
      ratio,
      limit: most,
    };
  });
}

const told = ({ tenants, bypasses, entries }: Sizes): string =>
  [`${tenants} tenants`, `${count(bypasses)} bypasses`, `${count(entries)} entries`].join(', ');

const count = (value: number): string => value.toLocaleString('en-US');

/** So many bypasses, one behind the other, each with its deploys. */
async function liveAYear(world: World, tenant: BenchTenant, bypasses: number): Promise<void> {
  const client = await decisionClient(world.replica, tenant);
  for (let at = 0; at < bypasses; at += 1) {
    const opened = await activate(world, tenant, 1);
    const deploys = Array.from({ length: DEPLOYS }, (_, place) => `year-${at}-${place}`);
    await Promise.all(deploys.map((id) => client.ask({ deploy: { id, attempt: 1 } })));
    await closeAll(world, tenant, opened);
  }
}
