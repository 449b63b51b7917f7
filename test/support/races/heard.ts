import type { Answered } from './history.ts';

/** An answer that was heard at once, from a replica with the right time and its database. */
export function heard(
  has: Partial<Answered> & Pick<Answered, 'moment' | 'tenant' | 'facts' | 'decision'>,
): Answered {
  return {
    kind: 'answered',
    asked: has.moment,
    replica: 0,
    skewMs: 0,
    round: has.moment,
    reason: has.decision,
    entry: null,
    expiresAt: null,
    serverTime: 0,
    database: 'up',
    inTime: true,
    ...has,
  };
}
