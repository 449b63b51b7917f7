import type { Verdict } from '#domain/bypass/verdict';
import type { Instant } from '#domain/instant';
import type { BypassFacts } from './bypass-facts.ts';

/** What bypasses can be counted by. Tiers that applied together are one, as `low + high`. */
export const DIMENSIONS = ['gate', 'service', 'environment', 'tier'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What the bypasses of one gate, service or tier say. Times in milliseconds; `null` where nothing was measured. */
export interface Summary {
  /** By dimension, in the order asked for. */
  readonly of: Readonly<Partial<Record<Dimension, string>>>;
  readonly requests: number;
  readonly extensions: number;
  readonly approved: number;
  readonly denied: number;
  readonly withdrawn: number;
  readonly lapsed: number;
  readonly waiting: number;
  /** From the request to the gate's opening. */
  readonly approvalMs: Spread | null;
  /** How long the gate was open. */
  readonly openMs: Spread | null;
  /** Of the time that was asked for, how much the gate was open: 0 to 1, and more after extensions. */
  readonly openShare: number | null;
  readonly revoked: number;
  readonly deploys: number;
  readonly deploysFailed: number;
  readonly deploysStopped: number;
  readonly reviews: number;
  readonly reviewsDone: number;
  /** Not done in time, whether or not they were done since. */
  readonly reviewsLate: number;
  readonly reviewsOverdue: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Of the reviews with a verdict, those that found the bypass avoidable or the gate wrong: 0 to 1. */
  readonly avoidableShare: number | null;
}

export interface Spread {
  readonly median: number;
  /** Nine in ten took no longer. */
  readonly p90: number;
}

/**
 * Counts bypasses by these dimensions, the one with the most requests in front; all together where
 * there is none.
 *
 * @param now until when what is still open or owed is counted.
 */
export function summaries(
  all: readonly BypassFacts[],
  by: readonly Dimension[],
  now: Instant,
): readonly Summary[] {
  const groups = new Map<string, BypassFacts[]>();
  for (const facts of all) {
    const key = JSON.stringify(by.map((dimension) => valueOf(facts, dimension)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [facts]);
    else group.push(facts);
  }
  return [...groups.values()]
    .map((group) => summaryOf(group, by, now))
    .toSorted((a, b) => b.requests - a.requests || nameOf(a).localeCompare(nameOf(b), 'en'));
}

/** What a summary is of, in one text. */
export const nameOf = ({ of }: Summary): string => Object.values(of).join(' · ') || 'all';

function valueOf(facts: BypassFacts, dimension: Dimension): string {
  return dimension === 'tier' ? facts.tiers.join(' + ') : facts[dimension];
}

function summaryOf(group: readonly BypassFacts[], by: readonly Dimension[], now: Instant): Summary {
  const [first] = group;
  const count = (test: (facts: BypassFacts) => boolean) => group.filter(test).length;
  const opened = group.flatMap(({ activatedAt, endsAt, openedAt, ttlAskedMs }) =>
    activatedAt === null || endsAt === null
      ? []
      : [
          {
            approvalMs: activatedAt - openedAt,
            openMs: Math.max(0, Math.min(endsAt, now) - activatedAt),
            ttlAskedMs,
          },
        ],
  );
  const deploys = group.flatMap((facts) => [...facts.deploys.values()]);
  const reviews = group.flatMap(({ review }) => (review === null ? [] : [review]));
  const verdicts = verdictsOf(reviews.map(({ verdict }) => verdict));
  const judged = Object.values(verdicts).reduce((a, b) => a + b, 0);
  return {
    of:
      first === undefined
        ? {}
        : Object.fromEntries(by.map((dimension) => [dimension, valueOf(first, dimension)])),
    requests: group.length,
    extensions: count(({ isExtension }) => isExtension),
    approved: count(({ end }) => end === 'approved'),
    denied: count(({ end }) => end === 'denied'),
    withdrawn: count(({ end }) => end === 'withdrawn'),
    lapsed: count(({ end }) => end === 'lapsed'),
    waiting: count(({ end }) => end === 'waiting'),
    approvalMs: spreadOf(opened.map(({ approvalMs }) => approvalMs)),
    openMs: spreadOf(opened.map(({ openMs }) => openMs)),
    openShare: shareOf(
      sumOf(opened.map(({ openMs }) => openMs)),
      sumOf(opened.map(({ ttlAskedMs }) => ttlAskedMs)),
    ),
    revoked: count(({ how }) => how === 'revoked'),
    deploys: deploys.filter((end) => end !== 'adopted').length,
    deploysFailed: deploys.filter((end) => end === 'failed').length,
    deploysStopped: deploys.filter((end) => end === 'stopped').length,
    reviews: reviews.length,
    reviewsDone: reviews.filter(({ completedAt }) => completedAt !== null).length,
    reviewsLate: reviews.filter(({ dueAt, completedAt }) => (completedAt ?? now) > dueAt).length,
    reviewsOverdue: reviews.filter(({ dueAt, completedAt }) => completedAt === null && now > dueAt)
      .length,
    verdicts,
    avoidableShare: shareOf(verdicts.avoidable + verdicts['gate-wrong'], judged),
  };
}

function verdictsOf(given: readonly (Verdict | null)[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = {
    justified: 0,
    avoidable: 0,
    'gate-wrong': 0,
    misused: 0,
  };
  for (const verdict of given) if (verdict !== null) counts[verdict] += 1;
  return counts;
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** By nearest rank, so that each is a value that was measured. */
function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [median, p90] = [at(0.5), at(0.9)];
  return median === undefined || p90 === undefined ? null : { median, p90 };
}
