import fc, { type IAsyncProperty, type IProperty, type Parameters } from 'fast-check';

/**
 * Settings of every property. On a failure fast-check prints seed and path; the same run is had
 * again with `FC_SEED=… FC_PATH=… vitest run <file>`, and a longer one with `FC_RUNS=10000`.
 */
export function settings<T>(defaults: Parameters<T> = {}): Parameters<T> {
  const seed = numberFrom('FC_SEED');
  const numRuns = numberFrom('FC_RUNS');
  const path = process.env['FC_PATH'];
  return {
    ...defaults,
    ...(seed === undefined ? {} : { seed }),
    ...(numRuns === undefined ? {} : { numRuns }),
    // A path belongs to one property: with it, run that test alone (`-t`).
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  };
}

/** Checks a property under these settings: `fc.assert`, which any seed can be given to. */
export function check<Ts>(property: IAsyncProperty<Ts>, defaults?: Parameters<Ts>): Promise<void>;
export function check<Ts>(property: IProperty<Ts>, defaults?: Parameters<Ts>): void;
export function check<Ts>(
  property: IProperty<Ts> | IAsyncProperty<Ts>,
  defaults?: Parameters<Ts>,
): void | Promise<void> {
  return fc.assert(property as IAsyncProperty<Ts>, settings(defaults));
}

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isInteger(number)) throw new RangeError(`${name} must be a whole number`);
  return number;
}
