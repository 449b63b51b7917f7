import { MINUTE_MS, type Instant } from '../instant.ts';
import type { Active, Chain, Grant } from './chain.ts';

/** People need this long to close in good order, or to have an extension approved. */
const WARN_MS = 10 * MINUTE_MS;

/** When the end of a bypass is near; `null` for one too short to be warned of. */
export function warnAt({
  activatedAt,
  expiresAt,
}: Pick<Grant, 'activatedAt' | 'expiresAt'>): Instant | null {
  const lastsMs = expiresAt - activatedAt;
  return lastsMs < MINUTE_MS ? null : expiresAt - Math.min(WARN_MS, Math.floor(lastsMs / 3));
}

/** Whether another bypass of its chain, an extension, is active for longer. */
export const isOutlasted = ({ bypasses }: Chain, { grant }: Pick<Active, 'grant'>): boolean =>
  bypasses.some((one) => one.phase === 'active' && one.grant.expiresAt > grant.expiresAt);
