import { HOUR_MS, MINUTE_MS, type Instant } from './instant.ts';

/** No zone was ever further from UTC. */
export const MOST_OFFSET_MS = 14 * HOUR_MS;

/**
 * How far a zone of the IANA database is ahead of UTC at an instant, in ms. A zone that this
 * machine's data lack counts as UTC: a bypass closes and its review opens all the same.
 */
export function utcOffsetMs(zone: string, at: Instant): number {
  const [, sign, hours = '0', minutes = '0'] = OFFSET.exec(offsetText(zone, at)) ?? [];
  const ms = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return sign === '-' ? -ms : ms;
}

/** `GMT`, `GMT+01:00`. */
const OFFSET = /^GMT([+-])(\d{2}):(\d{2})/;

function offsetText(zone: string, at: Instant): string {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}
