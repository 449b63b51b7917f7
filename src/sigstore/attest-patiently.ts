import { attest } from './attest.ts';
import type { AttestOptions } from './attest.ts';
import type { AttestedBundle } from './bundle.ts';
import type { StageBudgets } from './stage-guard.ts';

const PATIENT_BUDGET_MS = 15_000;

/** The stages' own budgets of what nobody waits for. */
export const PATIENT_BUDGETS: StageBudgets = { fulcio: 5_000, tsa: 5_000, rekor: 10_000 };

/**
 * Attests a statement that nobody waits for: the same stages with more time, each asked once. Trying
 * again is its caller's, with a fresh token or from the stage that was reached.
 * Throws as `attest`.
 */
export function attestPatiently(options: Omit<AttestOptions, 'budgetMs'>): Promise<AttestedBundle> {
  return attest({ ...options, budgetMs: PATIENT_BUDGET_MS });
}
