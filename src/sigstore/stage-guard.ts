import { hash } from 'node:crypto';
import type { SigningCircuits } from './signing-circuits.ts';
import { SignerUnavailable } from './signing-errors.ts';
import type { SigningService } from './signing-errors.ts';

/** The longest that each stage may take, whatever is left of the whole. */
export type StageBudgets = Readonly<Record<SigningService, number>>;

/** Runs the call of one stage: within its own budget, and only if its service is not known dead. */
export type StageGuard = <T>(
  service: SigningService,
  /** What is being signed, the same at each try: see `SigningCircuits`. */
  statement: Uint8Array,
  overall: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** No budget but the whole one, and no memory. */
export const unguarded: StageGuard = async (_service, _statement, overall, call) => call(overall);

/**
 * A guard for every attest of a process. A stage whose own budget runs out is the service's fault
 * (`<service>-unavailable`), and so is one that the whole budget ended after half of its own; with
 * less time than that it was not asked fairly, and nothing is held against it.
 */
export function stageGuard(budgetsMs: StageBudgets, circuits: SigningCircuits): StageGuard {
  return async (service, statement, overall, call) =>
    circuits.run(service, entryOf(statement), async () => {
      const own = AbortSignal.timeout(budgetsMs[service]);
      const half = AbortSignal.timeout(budgetsMs[service] / 2);
      try {
        return await call(AbortSignal.any([overall, own]));
      } catch (error) {
        if (!(error instanceof SignerUnavailable) || error.code !== 'budget-exceeded') throw error;
        if (!half.aborted) throw error;
        throw new SignerUnavailable(`${service}-unavailable`, service, error);
      }
    });
}

const entryOf = (statement: Uint8Array): string => hash('sha256', statement);
