import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';
import type { StoredKey } from '../ports/installation-keys.ts';

/**
 * How long a key is published before it signs. Whoever fetched the keys just before keeps them for
 * five minutes (`max-age=300`), and every replica hears of a new one within one.
 */
export const KEY_LEAD_MS = 10 * MINUTE_MS;

/**
 * How long a key stays published once another signs: far longer than the minute that a token is
 * good for, or the half that a decision is.
 */
export const KEY_KEEP_MS = HOUR_MS;

/** `successor` is published and does not sign yet; `former` signs no more; `ended` is published no more. */
export type KeyState = 'successor' | 'signing' | 'former' | 'ended';

export type Scheduled<Key extends StoredKey> = Key & {
  readonly state: KeyState;
  /** When the state ends, where that is known. */
  readonly until: Instant | null;
};

/** What each key is at this moment, in the order of their versions. */
export function scheduleAt<Key extends StoredKey>(
  keys: readonly Key[],
  now: Instant,
): readonly Scheduled<Key>[] {
  const ordered = keys.toSorted((a, b) => a.version - b.version);
  return ordered.map((key, place) => ({ ...key, ...stateOf(key, ordered[place + 1], now) }));
}

function stateOf(
  { signsFrom }: StoredKey,
  next: StoredKey | undefined,
  now: Instant,
): { readonly state: KeyState; readonly until: Instant | null } {
  if (signsFrom !== null && signsFrom > now) return { state: 'successor', until: signsFrom };
  const replacedAt = next?.signsFrom ?? null;
  if (replacedAt === null || replacedAt > now) return { state: 'signing', until: replacedAt };
  const until = replacedAt + KEY_KEEP_MS;
  return until > now ? { state: 'former', until } : { state: 'ended', until };
}

/** Those to publish, the one that signs first. @throws RangeError without one that signs. */
export function publishedAt<Key extends StoredKey>(
  keys: readonly Key[],
  now: Instant,
): readonly [Key, ...Key[]] {
  const scheduled = scheduleAt(keys, now).filter((one) => one.state !== 'ended');
  const signing = scheduled.find((one) => one.state === 'signing');
  if (signing === undefined) throw new RangeError('no key signs');
  return [signing, ...scheduled.filter((one) => one !== signing)];
}
