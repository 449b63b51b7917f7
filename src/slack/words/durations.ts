const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1_000, name: 's' },
] as const;

/** `1 h 30 min`; at most two units, rounded down. Under a second: `0 s`. */
export function durationWords(ms: number): string {
  const first = UNITS.findIndex((unit) => ms >= unit.ms);
  const [large, small] = UNITS.slice(first === -1 ? UNITS.length - 1 : first);
  if (!large) return '0 s';
  const whole = Math.floor(ms / large.ms);
  const rest = small ? Math.floor((ms % large.ms) / small.ms) : 0;
  const head = `${whole} ${large.name}`;
  return small && rest > 0 ? `${head} ${rest} ${small.name}` : head;
}

const DURATION =
  /^(\d{1,6}(?:\.\d{1,2})?)\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hr|hrs|hours?|d|days?)$/i;
const MS_OF: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `15m`, `1h`, `1.5 h`, `90 min`, `1h30m`; `null` for anything else. Milliseconds. */
export function parseDuration(text: string): number | null {
  const parts = text.trim().match(/\d+(?:\.\d+)?\s*[a-z]+/gi);
  if (!parts || parts.join('').length !== text.trim().length) return null;
  const sizes = parts.map(partMs);
  return sizes.includes(null) ? null : sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}

function partMs(part: string): number | null {
  const [, count, unit] = DURATION.exec(part) ?? [];
  const size = MS_OF[unit?.[0]?.toLowerCase() ?? ''];
  return count === undefined || size === undefined ? null : Math.round(Number(count) * size);
}
