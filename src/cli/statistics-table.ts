import type { OftenOpened } from '#application/statistics/questions';
import type { Dimension, Summary } from '#application/statistics/summary';
import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';
import { counted } from '#ledger/verify/counted';

const WIDEST_BAR = 24;

/** For a terminal: a line each with a bar of its requests, and what somebody should ask about. */
export function statisticsTable(
  all: readonly Summary[],
  by: readonly Dimension[],
  often: readonly OftenOpened[],
  { from, now }: { readonly from: Instant; readonly now: Instant },
): string {
  const span = `${day(from)} to ${day(now)}`;
  if (all.length === 0) return `Nobody asked for a bypass from ${span}.\n`;
  const most = Math.max(...all.map(({ requests }) => requests));
  const heads = [
    by.join(' · '),
    'requests',
    '',
    'approved',
    'to approve',
    'open',
    'of asked',
    'deploys',
    'reviews',
    'avoidable',
  ];
  const rows = all.map((one) => [
    by.map((dimension) => one.of[dimension] ?? '').join(' · '),
    String(one.requests),
    '█'.repeat(Math.ceil((one.requests / most) * WIDEST_BAR)),
    String(one.approved),
    one.approvalMs === null ? '-' : time(one.approvalMs.median),
    one.openMs === null ? '-' : time(one.openMs.median),
    percent(one.openShare),
    one.deploysFailed === 0 ? String(one.deploys) : `${one.deploys} (${one.deploysFailed} failed)`,
    reviewsOf(one),
    percent(one.avoidableShare),
  ]);
  return `From ${span}; times are medians.\n\n${tableOf([heads, ...rows])}${asked(often)}`;
}

const day = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

function time(ms: number): string {
  if (ms < 100 * 1_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 100 * MINUTE_MS
    ? `${Math.round(ms / MINUTE_MS)} min`
    : `${Math.round(ms / HOUR_MS)} h`;
}

const percent = (share: number | null): string =>
  share === null ? '-' : `${Math.round(share * 100)} %`;

function reviewsOf({ reviews, reviewsDone, reviewsOverdue }: Summary): string {
  const done = `${reviewsDone} of ${reviews} done`;
  return reviewsOverdue === 0 ? done : `${done}, ${reviewsOverdue} overdue`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function asked(often: readonly OftenOpened[]): string {
  if (often.length === 0) return '';
  const lines = often.map(
    ({ gate, service, times }) =>
      `${gate} was opened ${counted(times, 'time')} for ${service} in 30 days: is the gate wrong?\n`,
  );
  return `\n${lines.join('')}`;
}
