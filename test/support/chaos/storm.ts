import { writeSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Queue } from '#application/ports/queues';
import type { Violation } from '../races/history.ts';
import { atRest, expectNoOrphans } from '../service/at-rest.ts';
import { LONGEST_MS } from '../service/installation.ts';
import { exportLog, verifyExport } from '../service/saved-audit.ts';
import { askBoth } from './ask-gates.ts';
import { check, TENANT, type Checked } from './check.ts';
import { FAULTS, type ChaosFault } from './faults.ts';
import { act, approve, endNewest } from './load.ts';
import { Observed } from './observed.ts';
import { pause } from './pause.ts';
import { randomBy, type Random } from './random.ts';
import { tableOf } from './table.ts';
import { chaosWorld, type World } from './world.ts';

const SEED = Number(process.env['CHAOS_SEED']);
const MINUTES = Number(process.env['CHAOS_MINUTES']);
const SAY_EVERY_MS = 10_000;
/** Under these a limit is not stored at once, or a message stands on its way. */
const HINDERING = /Postgres|postgres|slack|SIGSTOP|SIGKILL/;
const SETTLES_MS = 2_000;
/** How long it storms before all is let come to rest and looked at. */
const SQUALL_MS = 60_000;
/** A checkpoint is sent within the minute, whatever was done. */
const UNHURRIED: readonly Queue[] = ['send-checkpoint'];

vi.setConfig({ testTimeout: MINUTES * 60_000 + 20 * LONGEST_MS });

const say = (line: string): void => void writeSync(process.stdout.fd, `${line}\n`);
const struck = new Map(FAULTS.map(({ name }) => [name, { drawn: 0, struck: 0 }]));
const broken = new Map<string, Violation>();
const ended: string[] = [];
let acts = 0;

test(`seed ${SEED}, ${MINUTES} min: every rule holds`, async () => {
  const begunAt = Date.now();
  const isOver = (): boolean => Date.now() - begunAt > MINUTES * 60_000;
  const world = await chaosWorld(onTestFinished);
  const observed = new Observed(world.pool, TENANT);
  const next = drawn(randomBy(SEED));
  const said = setInterval(() => say(progress(begunAt, observed)), SAY_EVERY_MS);
  onTestFinished(async () => clearInterval(said));
  for (let squall = 1; !isOver(); squall += 1) {
    await storm(world, observed, next, squall);
    await rest(world);
    keep(await check(world, observed, UNHURRIED));
    say(`at rest ${squall}: ${broken.size} breaches`);
  }
  await endAll(world, observed);
  await rest(world);
  await expectNoOrphans(world.databaseUrl);
  const last = await check(world, observed, UNHURRIED);
  keep(last);
  say(`\n${tableOf(struck, { ...last, violations: [...broken.values()] })}`);
  say(`\nmaybe happened: ${observed.maybes.length} questions and acts (of ${acts}) had no answer`);
  expect([...broken.values()]).toEqual([]);
  expect(ended).toEqual([]);
  const [{ at }] = world.replicas;
  const verified = await verifyExport(at, await exportLog(at, 'export.jsonl'));
  expect(verified.code, verified.stdout).toBe(0);
  say('the exported log verifies');
  // A run too short to draw a fault says nothing of it; one that was drawn must have struck.
  const missed = [...struck].filter(([, one]) => one.drawn > 0 && one.struck === 0);
  expect(missed.map(([name]) => name)).toEqual([]);
});

/** People act, jobs ask and faults strike, all at once, until the squall is over. */
async function storm(
  world: World,
  observed: Observed,
  next: () => ChaosFault,
  squall: number,
): Promise<void> {
  const until = Date.now() + SQUALL_MS;
  // Each draws from a sequence of its own: who is faster changes nobody else's draws.
  const by = (who: number): Random => randomBy(SEED * 1_000 + squall * 10 + who);
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (Date.now() < until) await work();
  };
  const people = by(1);
  const jobs = by(2);
  const approvers = by(5);
  const strikes = [by(3), by(4)];
  await Promise.all([
    repeat(async () => {
      await act(world.replicas[0].at.workspace, observed, people);
      acts += 1;
      await pause(people.below(400));
    }),
    repeat(async () => {
      await approve(world.replicas[0].at.workspace, observed, approvers);
      acts += 1;
      await pause(approvers.below(1_000));
    }),
    repeat(async () => {
      await askBoth(world, observed, jobs, TENANT);
      await pause(jobs.below(500));
    }),
    ...strikes.map((random) => repeat(() => strike(world, observed, next(), random))),
  ]);
}

async function strike(
  world: World,
  observed: Observed,
  fault: ChaosFault,
  random: Random,
): Promise<void> {
  const from = Date.now();
  const times = await fault.strike(world, random);
  if (HINDERING.test(fault.name)) observed.hindered.push({ from, to: Date.now() + SETTLES_MS });
  const own = struck.get(fault.name);
  if (own !== undefined) {
    own.drawn += 1;
    own.struck += times;
  }
  await pause(500 + random.below(2_500));
}

/** All of them in an order that the seed gives, then all again in another. */
function drawn(random: Random): () => ChaosFault {
  let bag: ChaosFault[] = [];
  return () => {
    if (bag.length === 0) bag = [...FAULTS];
    const [fault] = bag.splice(random.below(bag.length), 1);
    if (fault === undefined) throw new RangeError('there is no fault to draw');
    return fault;
  };
}

async function rest(world: World): Promise<void> {
  await world.replicas[0].at.workspace.settled();
  for (const [place, { process }] of world.replicas.entries())
    if (!process.isRunning())
      ended.push(`replica ${place} ended by itself: ${process.output().slice(-2_000)}`);
  // What expires while we look is no lost close.
  const due = { timeout: LONGEST_MS, interval: 200 };
  await vi.waitFor(async () => expect(await expiring(world)).toBe(0), due);
  await atRest(world.databaseUrl);
}

function keep({ violations }: Checked): void {
  for (const one of violations) {
    const key = JSON.stringify(one);
    if (!broken.has(key)) say(`BREACH of rule ${one.rule}, seed ${SEED}: ${one.what}`);
    broken.set(key, one);
  }
}

/** In the morning: the on-call closes what is open and withdraws what waits. */
async function endAll(world: World, observed: Observed): Promise<void> {
  const options = { timeout: 4 * LONGEST_MS, interval: 200 };
  await vi.waitFor(async () => {
    await endNewest(world.replicas[0].at.workspace, observed);
    expect(await open(world)).toBe(0);
  }, options);
}

/** How many are active and expire before everything can have been looked at, or have expired. */
const expiring = (world: World): Promise<number> =>
  count(world, `phase = 'active' AND expires_at < app.now() + interval '8 seconds'`);

const open = (world: World): Promise<number> => count(world, `phase IN ('waiting', 'active')`);

async function count({ pool }: World, where: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM app.bypass WHERE ${where}`,
  );
  return rows[0]?.count ?? -1;
}

function progress(begunAt: number, { all, maybes }: Observed): string {
  const seconds = Math.round((Date.now() - begunAt) / 1_000);
  const times = [...struck.values()].reduce((sum, one) => sum + one.drawn, 0);
  const answers = all.filter((one) => one.kind === 'answered').length;
  return `${seconds} s: ${acts} acts, ${answers} answers, ${maybes.length} maybe, ${times} faults, ${broken.size} breaches`;
}
