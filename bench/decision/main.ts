import { loadTold, machineTold } from '../machine.ts';
import { holds, tableOf, type Row } from '../table.ts';
import { benchDatabase } from './database.ts';
import { closedBypasses, moreTenants, tokensFor } from './many-rows.ts';
import { startSides } from './sides.ts';
import {
  bypassRounds,
  enforceStage,
  latencyRow,
  rateRatio,
  rateRow,
  spentLine,
  type Rounds,
  type Stage,
} from './stages.ts';
import { TOKENS } from './sizes.ts';

const ROUNDS = 5;
const UNCHANGED = 0.9;

/** How far the database grows. */
export interface Growth {
  readonly bypasses: number;
  readonly tenants: number;
}

/**
 * `npm run bench -- decision [bypasses] [tenants]`: how fast a question is answered, whatever lies in
 * the database, beside bare servers of the same run.
 */
export async function benchDecision({
  bypasses = 1_000_000,
  tenants = 10_000,
}: Partial<Growth> = {}): Promise<string> {
  const machine = machineTold();
  await using cleanup = new AsyncDisposableStack();
  const database = await benchDatabase(cleanup);
  const { pool, tenant } = database;
  const sides = await startSides(database, cleanup);
  await closedBypasses(pool, tenant, 0, 100);
  await sides.useTokens(await tokensFor(pool, [tenant], TOKENS));
  // One that matches no question, as there is during an incident elsewhere.
  await sides.openBypass(tenant, 'search');
  const spent: string[] = [];
  const stage = async (what: string): Promise<Stage> => {
    const found = await enforceStage(sides, ROUNDS);
    spent.push(spentLine(what, found.closed), spentLine(`${what}, at 500/s`, found.open));
    return found;
  };
  const first = await stage('enforce, 100 closed bypasses');
  const rows: Row[] = stageRows('enforce', first);

  const matched = await bypassRounds(sides, tenant, 'search', ROUNDS);
  rows.push(rateRow('bypass, annotated and signed', matched, 'transactions', 0.7));
  spent.push(spentLine('bypass', matched));

  for (const count of steps(10_000, bypasses)) {
    await closedBypasses(pool, tenant, count.from, count.to);
    const grown = await stage(`enforce, ${told(count.to)} closed bypasses`);
    rows.push(...grownRows(`with ${told(count.to)} closed bypasses`, grown, first));
  }
  let all: readonly string[] = [tenant];
  for (const count of steps(100, tenants)) {
    all = [...all, ...(await moreTenants(pool, tenant, all.length, count.to))];
    await sides.useTokens(await tokensFor(pool, all, Math.max(TOKENS, count.to)));
    const grown = await stage(`enforce, ${told(count.to)} tenants`);
    rows.push(...grownRows(`with ${told(count.to)} tenants`, grown, first));
  }
  const missed = rows.filter((row) => !holds(row)).length;
  // For whoever runs it unattended.
  if (missed > 0) process.exitCode = 1;
  const list = spent.map((one) => `- ${one}`).join('\n');
  return (
    `${machine}, ${loadTold()} at the end\n\n${tableOf(rows)}\n\n` +
    `${missed === 0 ? 'All limits hold' : `${missed} of ${rows.length} limits are missed`}.\n\n` +
    `CPU time of an answer, in the median:\n\n${list}`
  );
}

/** From 100 by way of the middle to the end, whatever end is asked for. */
function steps(
  middle: number,
  end: number,
): readonly { readonly from: number; readonly to: number }[] {
  const ends = [...new Set([Math.min(middle, end), end])];
  return ends.map((to, place) => ({ from: place === 0 ? 100 : (ends[place - 1] ?? 0), to }));
}

const stageRows = (what: string, { closed, open }: Stage): Row[] => [
  rateRow(what, closed, 'bare', 0.8),
  latencyRow(`${what}, p99 at 500/s`, open),
];

/** What both sides came to, held against the same where there was little: the machine is in both. */
function grownRows(what: string, grown: Stage, first: Stage): readonly Row[] {
  const ratio = rateRatio(grown.closed) / rateRatio(first.closed);
  const of = (rounds: Rounds): string => `${rateRatio(rounds).toFixed(2)} of bare`;
  const unchanged = {
    what: `${what}, against the first row`,
    measured: of(grown.closed),
    against: of(first.closed),
    ratio,
    limit: UNCHANGED,
    isFloor: true,
  };
  return [unchanged, ...stageRows(what, grown)];
}

const told = (count: number): string => count.toLocaleString('en-US');
