import { DAY_MS, type Instant } from '#domain/instant';
import type { BypassFacts } from './bypass-facts.ts';

/** As often as this in a month, and somebody should look at the gate. */
const OFTEN = 3;
const MONTH_MS = 30 * DAY_MS;

/** A gate that was opened so often for one service that perhaps the gate is what is wrong. */
export interface OftenOpened {
  readonly gate: string;
  readonly service: string;
  readonly times: number;
}

/** Of the last 30 days, the most often opened in front. Extensions are no opening of their own. */
export function oftenOpened(all: readonly BypassFacts[], now: Instant): readonly OftenOpened[] {
  const times = new Map<string, OftenOpened>();
  for (const { gate, service, activatedAt, isExtension } of all) {
    if (activatedAt === null || isExtension || activatedAt <= now - MONTH_MS) continue;
    const key = `${gate} ${service}`;
    times.set(key, { gate, service, times: (times.get(key)?.times ?? 0) + 1 });
  }
  return [...times.values()]
    .filter((one) => one.times >= OFTEN)
    .toSorted((a, b) => b.times - a.times || a.gate.localeCompare(b.gate, 'en'));
}
