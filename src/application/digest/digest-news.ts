import type { Instant } from '#domain/instant';
import type { DigestNews, GateDigest } from '../ports/digests.ts';
import type { BypassFacts } from '../statistics/bypass-facts.ts';
import { oftenOpened } from '../statistics/questions.ts';
import { nameOf, summaries } from '../statistics/summary.ts';
import { weekAfter } from './week.ts';

/** This week and those before it that its trend is made of. */
export const WEEKS = 8;

/**
 * What a channel is told of a week.
 *
 * @param all asked for since the first of the eight weeks.
 * @returns `null` where nobody asked for anything in that week and no review is overdue.
 */
export function digestNews(
  all: readonly BypassFacts[],
  services: readonly string[] | null,
  monday: Instant,
  now: Instant,
): DigestNews | null {
  const until = weekAfter(monday);
  const own = all.filter(
    ({ service, openedAt }) =>
      openedAt < until && (services === null || services.includes(service)),
  );
  const [total] = summaries(own, [], now);
  const inWeek = own.filter(({ openedAt }) => openedAt >= monday);
  const reviewsOverdue = total?.reviewsOverdue ?? 0;
  if (inWeek.length === 0 && reviewsOverdue === 0) return null;
  return {
    from: monday,
    until,
    services,
    gates: gatesOf(own, inWeek, monday, now),
    reviewsOverdue,
    avoidableShare: total?.avoidableShare ?? null,
    often: oftenOpened(own, until),
  };
}

function gatesOf(
  own: readonly BypassFacts[],
  inWeek: readonly BypassFacts[],
  monday: Instant,
  now: Instant,
): readonly GateDigest[] {
  const ofWeek = new Map(summaries(inWeek, ['gate'], now).map((one) => [nameOf(one), one]));
  return summaries(own, ['gate'], now).map((one) => {
    const gate = nameOf(one);
    const week = ofWeek.get(gate);
    return {
      gate,
      weeks: weeksOf(
        own.filter((facts) => facts.gate === gate),
        monday,
      ),
      requests: week?.requests ?? 0,
      approved: week?.approved ?? 0,
      approvalMs: week?.approvalMs ?? null,
      openMs: week?.openMs ?? null,
      deploys: week?.deploys ?? 0,
    };
  });
}

function weeksOf(facts: readonly BypassFacts[], monday: Instant): readonly number[] {
  return Array.from({ length: WEEKS }, (_, place) => {
    const from = weekAfter(monday, place + 1 - WEEKS);
    const until = weekAfter(from);
    return facts.filter(({ openedAt }) => openedAt >= from && openedAt < until).length;
  });
}
