import type { Instant } from '#domain/instant';

/**
 * An instant in the reader's own zone
 * (docs.slack.dev/messaging/formatting-message-text, "Date formatting"); UTC where a client cannot.
 */
function token(at: Instant, format: string, fallback: string): string {
  return `<!date^${Math.floor(at / 1000)}^${format}|${fallback}>`;
}

const iso = (at: Instant): string => new Date(at).toISOString();

/** `02:47`. */
export const timeOf = (at: Instant): string => token(at, '{time}', `${iso(at).slice(11, 16)} UTC`);

/** `22 Nov at 02:47`, or `today at 02:47`. */
export const momentOf = (at: Instant): string =>
  token(at, '{date_short_pretty} at {time}', `${iso(at).slice(0, 16).replace('T', ' ')} UTC`);

/** `27 Nov`. */
export const dayOf = (at: Instant): string =>
  token(at, '{date_short}', `${iso(at).slice(0, 10)} UTC`);
