/** How much goes at once. */
export interface GatherLimits {
  /** Runs that may be under way side by side. */
  readonly runs: number;
  /** Items of one run. */
  readonly items: number;
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
  let underWay = 0;
  let isCalled = false;
  const start = (): void => {
    isCalled = false;
    while (underWay < limits.runs && waiting.length > 0) {
      underWay += 1;
      void settle(waiting.splice(0, limits.items), run).finally(() => {
        underWay -= 1;
        start();
      });
    }
  };
  return (item) => {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    waiting.push({ item, resolve, reject });
    // After the other connections that have something to be read now.
    if (!isCalled && underWay < limits.runs) {
      isCalled = true;
      setImmediate(start);
    }
    return promise;
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
