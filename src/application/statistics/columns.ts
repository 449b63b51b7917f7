import { SECOND_MS } from '#domain/instant';
import { csvLine } from './csv.ts';
import type { Dimension, Summary } from './summary.ts';

const seconds = (ms: number | undefined): number | null =>
  ms === undefined ? null : Math.round(ms / SECOND_MS);
const share = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1_000) / 1_000;

/** Each measure by the name that it has in files and in the API. Times in seconds, shares from 0 to 1. */
const MEASURES: Readonly<Record<string, (one: Summary) => number | null>> = {
  requests: (one) => one.requests,
  extensions: (one) => one.extensions,
  approved: (one) => one.approved,
  denied: (one) => one.denied,
  withdrawn: (one) => one.withdrawn,
  lapsed: (one) => one.lapsed,
  waiting: (one) => one.waiting,
  approval_s_median: (one) => seconds(one.approvalMs?.median),
  approval_s_p90: (one) => seconds(one.approvalMs?.p90),
  open_s_median: (one) => seconds(one.openMs?.median),
  open_s_p90: (one) => seconds(one.openMs?.p90),
  open_share_of_asked: (one) => share(one.openShare),
  revoked: (one) => one.revoked,
  deploys: (one) => one.deploys,
  deploys_failed: (one) => one.deploysFailed,
  deploys_stopped: (one) => one.deploysStopped,
  reviews: (one) => one.reviews,
  reviews_done: (one) => one.reviewsDone,
  reviews_late: (one) => one.reviewsLate,
  reviews_overdue: (one) => one.reviewsOverdue,
  justified: (one) => one.verdicts.justified,
  avoidable: (one) => one.verdicts.avoidable,
  gate_wrong: (one) => one.verdicts['gate-wrong'],
  misused: (one) => one.verdicts.misused,
  avoidable_share: (one) => share(one.avoidableShare),
};

export const MEASURE_NAMES: readonly string[] = Object.keys(MEASURES);

/** One summary as plain values, by name. */
export function measured(one: Summary): Readonly<Record<string, string | number | null>> {
  const values = Object.entries(MEASURES).map(([name, of]) => [name, of(one)]);
  return { ...one.of, ...Object.fromEntries(values) };
}

/** A file for spreadsheets: a line of names, and a line each. */
export function csvOf(all: readonly Summary[], by: readonly Dimension[]): string {
  const names = [...by, ...MEASURE_NAMES];
  const lines = all.map((one) => {
    const values = measured(one);
    return csvLine(names.map((name) => values[name] ?? null));
  });
  return csvLine(names) + lines.join('');
}
