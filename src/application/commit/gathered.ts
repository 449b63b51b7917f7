/** How much goes at once. */
export interface GatherLimits {
  /** Runs that may be under way side by side. */
  readonly runs: number;
  /** Items of one run. */
  readonly items: number;
  /**
   * How long a run is under way before the next one may start beside it; at once unless given. So a run
   * that is held up holds up nobody for longer, and others leave all that wait to the next one.
   */
  readonly besideAfterMs?: number;
  /**
   * How long the next run waits, where several wait or did, for as many more as the last one answered; not
   * at all unless given. Without it, the first of those that ask again at once goes alone, and each run
   * has half of them.
   */
  readonly pauseMs?: number;
}

/**
 * One run for all that wait at this moment: what comes while runs are under way goes together with the
 * next one. So a run costs its items less the more of them there are, and one alone waits for nobody.
 *
 * @param run gives a result for each item, in their order. What it rejects with, each of them hears.
 */
export function gathered<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  limits: GatherLimits,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  const { runs, items, besideAfterMs = 0, pauseMs = 0 } = limits;
  let underWay = 0;
  // Of those under way, what the next one waits for.
  let ahead = 0;
  let isCalled = false;
  let arrived: () => void = () => undefined;
  const mayStart = (): boolean => underWay < runs && ahead === 0;
  const start = (): void => {
    isCalled = false;
    while (mayStart() && waiting.length > 0) void one(waiting.splice(0, items));
  };
  const one = async (taken: readonly Waiting<Item, Result>[]): Promise<void> => {
    underWay += 1;
    const passed = besideAfterMs > 0 ? hold(besideAfterMs) : () => undefined;
    await settle(taken, run);
    if (pauseMs > 0 && (waiting.length > 0 || taken.length > 1))
      await allBack(Math.min(items, waiting.length + taken.length));
    passed();
    underWay -= 1;
    start();
  };
  /** Waits until so many wait, or the time is up. */
  const allBack = async (count: number): Promise<void> => {
    if (waiting.length >= count) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pauseMs);
    arrived = () => {
      if (waiting.length >= count) resolve();
    };
    await promise;
    clearTimeout(timer);
    arrived = () => undefined;
  };
  /** Nothing starts until what it gives is called, or the time is up. */
  const hold = (ms: number): (() => void) => {
    ahead += 1;
    const passed = once(() => (ahead -= 1));
    const timer = setTimeout(() => {
      passed();
      start();
    }, ms);
    return () => {
      clearTimeout(timer);
      passed();
    };
  };
  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    waiting.push({ item, resolve, reject });
    arrived();
    // After the other connections that have something to be read now.
    if (!isCalled && mayStart()) {
      isCalled = true;
      setImmediate(start);
    }
    return promise;
  };
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

async function settle<Item, Result>(
  all: readonly Waiting<Item, Result>[],
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await run(all.map(({ item }) => item));
    if (results.length !== all.length)
      throw new RangeError('a run gave too few results, or too many');
    all.forEach(({ resolve }, place) => resolve(results[place] as Result));
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
}
