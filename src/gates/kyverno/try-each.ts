import { KyvernoFailure } from './kyverno-failure.ts';

/**
 * Does this for each, one after the other, also where it failed for one before.
 * @throws KyvernoFailure the first, when all are done; at once where the API server does not answer,
 *   since each of the others would wait for its time-out too.
 */
export async function tryEach<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  let first: KyvernoFailure | undefined;
  for (const one of all) {
    try {
      await act(one);
    } catch (error) {
      if (!(error instanceof KyvernoFailure) || error.code === 'unreachable') throw error;
      first ??= error;
    }
  }
  if (first !== undefined) throw first;
}
