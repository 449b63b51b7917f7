import { setTimeout as sleep } from 'node:timers/promises';
import type { CiRunner } from '../ci/ci-runner.ts';
import type { DemoClock } from '../clock.ts';
import type { ClockMove, ClockView } from '../wire.ts';
import type { DatabaseClock } from './database-clock.ts';

export interface ClockMover {
  /** Moves the clock and gives what it says then. Moves asked for meanwhile come one after another. */
  move(how: ClockMove): Promise<ClockView>;
  view(): Promise<ClockView>;
}

const MINUTE_MS = 60_000;
const BY: Readonly<Record<Exclude<ClockMove, 'expiry'>, number>> = {
  minute: MINUTE_MS,
  quarter: 15 * MINUTE_MS,
  hour: 60 * MINUTE_MS,
  days: 5 * 24 * 60 * MINUTE_MS,
};

/** How long before an expiry the clock is set, so that the gate is seen to close by itself. */
const BEFORE_EXPIRY_MS = 6_000;
/** How long before a deadline on the way deploys in flight ask again, as they would have meanwhile. */
const BEFORE_DEADLINE_MS = 2_000;
/** Deadlines at which the clock stops on its way; the service does what is due at each. */
const MOST_STOPS = 24;
const PRESS_WAIT_MS = 5_000;
/** A message that cannot be told holds the clock up no longer than this. */
const DUE_WAIT_MS = 10_000;
const POLL_MS = 100;

/**
 * Moves the demo's time so that the log is the one that waiting would have given: at each deadline
 * on the way the service does what is due, and deploys in flight ask again before and after it.
 */
export function clockMover(
  clock: DemoClock,
  database: DatabaseClock,
  ci: Pick<CiRunner, 'recheckAll'>,
  onChange: () => void,
): ClockMover {
  const state = { moving: 0, problem: null as string | null };
  let before: Promise<unknown> = Promise.resolve();

  const view = async (): Promise<ClockView> => ({
    nowMs: clock.now(),
    movedMs: clock.movedMs(),
    moving: state.moving > 0,
    nextExpiryAt: await database.nextDeadline('expire'),
    problem: state.problem,
  });

  const to = async (at: number): Promise<void> => {
    const giveUpAt = Date.now() + PRESS_WAIT_MS;
    while (clock.now() < at) {
      if (await database.move(at - clock.now())) return;
      if (Date.now() > giveUpAt) throw new PressUnderWay('a press is still being handled');
      await sleep(POLL_MS);
    }
  };

  const settled = async (): Promise<void> => {
    const giveUpAt = Date.now() + DUE_WAIT_MS;
    while ((await database.isBehind()) && Date.now() < giveUpAt) await sleep(POLL_MS);
  };

  const throughDeadlines = async (target: number): Promise<void> => {
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      const next = await database.nextDeadline();
      if (next === null || next > target) break;
      await to(next - BEFORE_DEADLINE_MS);
      await ci.recheckAll();
      await to(next + 1);
      await settled();
      await ci.recheckAll();
    }
    await to(target);
    await ci.recheckAll();
  };

  const run = async (how: ClockMove): Promise<void> => {
    state.problem = null;
    try {
      if (how !== 'expiry') return await throughDeadlines(clock.now() + BY[how]);
      const expiry = await database.nextDeadline('expire');
      if (expiry === null) state.problem = 'Nothing is in bypass: there is no expiry to move to.';
      else await throughDeadlines(expiry - BEFORE_EXPIRY_MS);
    } catch (error) {
      if (!(error instanceof PressUnderWay)) throw error;
      state.problem = 'An approval is being signed. Move the clock again in a moment.';
    }
  };

  return {
    view,
    async move(how) {
      state.moving += 1;
      onChange();
      const mine = before.then(() => run(how));
      before = mine.catch(() => undefined);
      try {
        await mine;
      } finally {
        state.moving -= 1;
        onChange();
      }
      return view();
    },
  };
}

class PressUnderWay extends Error {
  override name = 'PressUnderWay';
  readonly code = 'press-under-way';
}
