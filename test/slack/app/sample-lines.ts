import type { BypassLine } from '#application/ports/mine';
import { MINUTE_MS } from '#domain/instant';
import { AT, roe, waiting } from './sample-card.ts';

/** An active bypass in one line of a list, with 58 minutes left. */
export const line = (change: Partial<BypassLine> = {}): BypassLine => ({
  bypass: waiting().bypass,
  reference: 1042,
  drill: false,
  phase: 'active',
  gate: 'image-policy',
  scope: { service: 'checkout', environment: 'production', branch: null, artifact: null },
  requester: roe,
  untilAt: AT + 58 * MINUTE_MS,
  own: false,
  ...change,
});

export const listed = <T>(...shown: readonly T[]) => ({ shown, total: shown.length });
