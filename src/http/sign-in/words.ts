import type { Instant } from '#domain/instant';

const MINUTE_MS = 60_000;
const UNITS = [
  { ms: 86_400_000, name: 'day' },
  { ms: 3_600_000, name: 'hour' },
  { ms: MINUTE_MS, name: 'minute' },
  { ms: 1_000, name: 'second' },
] as const;

const counted = (count: number, name: string): string =>
  `${count} ${name}${count === 1 ? '' : 's'}`;

/** `1 hour 30 minutes`; at most two units, rounded down. */
export function durationWords(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  const [large, small] = UNITS.slice(first === -1 ? UNITS.length - 1 : first);
  if (large === undefined || ms < large.ms) return 'less than a second';
  const head = counted(Math.floor(ms / large.ms), large.name);
  const rest = small === undefined ? 0 : Math.floor((ms % large.ms) / small.ms);
  return small === undefined || rest === 0 ? head : `${head} ${counted(rest, small.name)}`;
}

/** `02:47 UTC`: without a script, nothing here knows the reader's zone. */
export const timeWords = (at: Instant): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** `02:47 UTC, 15 minutes from now`; whole minutes, rounded down. */
export function untilWords(at: Instant, now: Instant): string {
  const minutes = Math.floor((at - now) / MINUTE_MS);
  const left = minutes < 1 ? 'less than a minute' : durationWords(minutes * MINUTE_MS);
  return `${timeWords(at)}, ${at <= now ? 'which has passed' : `${left} from now`}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? 'none';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** A long text, cut where nobody reads on. */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
