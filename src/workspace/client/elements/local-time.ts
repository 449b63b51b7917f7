/** `2026-11-22T02:47`, as `<input type="datetime-local">` has it, for seconds since the Unix epoch. */
export function localTime(seconds: number, tz: string): string {
  return new Date(seconds * 1000)
    .toLocaleString('sv-SE', { timeZone: tz })
    .slice(0, 16)
    .replace(' ', 'T');
}

/** The seconds that a local time means in a zone. */
export function secondsOfLocal(text: string, tz: string): number {
  const asUtc = Date.parse(`${text}Z`) / 1000;
  const first = asUtc - offsetSeconds(asUtc, tz);
  // Once more: the first guess may stand on the other side of a change of the clocks.
  return asUtc - offsetSeconds(first, tz);
}

function offsetSeconds(seconds: number, tz: string): number {
  return Date.parse(`${localTime(seconds, tz)}Z`) / 1000 - Math.floor(seconds / 60) * 60;
}
