import type { PressAction } from '#application/ports/press';
import type { BypassId } from '#domain/ids';
import { TTL_MS } from '#test/support/application/test-tenant';
import type { PressKind } from './action.ts';

/** The press of this kind on a bypass. */
export function pressOf(kind: PressKind, bypass: BypassId): PressAction {
  switch (kind) {
    case 'approve':
      return { kind, bypass, ttlMs: TTL_MS };
    case 'deny':
    case 'revoke':
      return { kind, bypass, reason: 'stop' };
    case 'extend':
      return { kind, bypass, ttlMs: TTL_MS, justification: 'it takes longer' };
    case 'complete':
      return { kind, bypass, outcome: 'sign rollback images' };
    case 'claim':
    case 'unclaim':
      return { kind: 'claim', bypass, on: kind === 'claim' };
    case 'ask':
      return { kind, bypass, question: 'Is the rollback image the one from yesterday?' };
    case 'withdraw':
    case 'close':
      return { kind, bypass };
  }
}
