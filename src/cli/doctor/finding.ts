/** What one check found. */
export interface Finding {
  /** What was looked at, in one or two words. */
  readonly check: string;
  /** `skipped` is neither: it could not be looked at, and `said` says why. */
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped';
  /** For the operator; never a secret, and nothing that people typed. */
  readonly said: string;
  /** What to do; `null` where nothing is to be done. */
  readonly remedy: string | null;
}

type Says = (said: string, remedy?: string) => Finding;

/** Findings of one check. */
export function about(check: string): Readonly<Record<Finding['verdict'], Says>> {
  const of =
    (verdict: Finding['verdict']): Says =>
    (said, remedy) => ({ check, verdict, said, remedy: remedy ?? null });
  return { ok: of('ok'), warning: of('warning'), failed: of('failed'), skipped: of('skipped') };
}
