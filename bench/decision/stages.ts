import { median, type Row } from '../table.ts';
import { CONNECTIONS } from './sizes.ts';
import type { Measured, Sides } from './sides.ts';

/** How long one side is asked before the other takes its turn. */
const TURN_S = 2;
const OPEN_TURN_S = 4;
/** So short, and so often, that each bypass lets some hundreds of deploys through and not thousands. */
const BYPASS_TURN_S = 0.5;
const BYPASS_TURNS = 4;

/** What both sides came to, round by round; in each round both were measured, one behind the other. */
export interface Rounds {
  readonly ours: readonly Measured[];
  readonly bare: readonly Measured[];
}

export interface Stage {
  readonly closed: Rounds;
  readonly open: Rounds;
}

/** Questions that no bypass matches, with what the database holds now. */
export async function enforceStage(sides: Sides, rounds: number): Promise<Stage> {
  const order = { service: 'checkout', expected: 'enforce' } as const;
  await inTurn(sides, 1, { ...order, how: 'closed', seconds: TURN_S });
  const closed = await inTurn(sides, rounds, { ...order, how: 'closed', seconds: TURN_S });
  const open = await inTurn(sides, rounds, { ...order, how: 'open', seconds: OPEN_TURN_S });
  return { closed, open };
}

async function inTurn(
  sides: Sides,
  rounds: number,
  order: Parameters<Sides['measure']>[1],
): Promise<Rounds> {
  const [ours, bare]: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await sides.measure(sides.ours, order));
    bare.push(await sides.measure(sides.bare, order));
  }
  return { ours, bare };
}

/** The same for questions that a bypass matches, each for a deploy of its own, beside transactions. */
export async function bypassRounds(
  sides: Sides,
  tenant: string,
  service: string,
  rounds: number,
): Promise<Rounds> {
  const order = { how: 'closed', seconds: BYPASS_TURN_S, service, expected: 'bypass' } as const;
  const [ours, bare]: [Measured[], Measured[]] = [[], []];
  for (let turn = 0; turn < BYPASS_TURNS * (rounds + 1); turn += 1) {
    // A bypass of each turn's own, as an incident has.
    await sides.openBypass(tenant, service);
    const one = await sides.measure(sides.ours, order);
    const other = await sides.transactions(BYPASS_TURN_S);
    if (turn < BYPASS_TURNS) continue;
    ours.push(one);
    bare.push(other);
  }
  return { ours, bare };
}

const over = (rounds: readonly Measured[], figure: (one: Measured) => number): number =>
  median(rounds.map(figure));

const perSecond = (one: Measured): number => one.perSecond;
const p99 = (one: Measured): number => one.p99Ms;

export const rateRatio = ({ ours, bare }: Rounds): number =>
  over(ours, perSecond) / over(bare, perSecond);

export function rateRow(what: string, rounds: Rounds, against: string, limit: number): Row {
  return {
    what: `${what}, ${CONNECTIONS} connections`,
    measured: rate(over(rounds.ours, perSecond)),
    against: `${rate(over(rounds.bare, perSecond))} ${against}`,
    ratio: rateRatio(rounds),
    limit,
    isFloor: true,
  };
}

export function latencyRow(what: string, { ours, bare }: Rounds): Row {
  const [own, other] = [over(ours, p99), over(bare, p99)];
  return {
    what,
    measured: `${own.toFixed(2)} ms`,
    against: `${other.toFixed(2)} ms bare`,
    ratio: own / other,
    limit: 1.3,
  };
}

/** Both sides' CPU time: what neighbours on a shared machine take is not in it. */
export function spentLine(what: string, { ours, bare }: Rounds): string {
  const of = (rounds: readonly Measured[]): string => {
    const [server, database] = [
      over(rounds, (one) => one.serverUs),
      over(rounds, (one) => one.databaseUs),
    ];
    return `${server.toFixed(0)} µs server + ${database.toFixed(0)} µs database`;
  };
  return `${what}: ${of(ours)}, bare ${of(bare)}`;
}

const rate = (value: number): string => `${Math.round(value).toLocaleString('en-US')}/s`;
