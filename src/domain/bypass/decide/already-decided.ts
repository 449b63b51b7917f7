import { refuse, type Refusal } from '../../refusal.ts';
import type { Bypass } from '../chain.ts';

/** What is said of a request that is not waiting any more: how it came out, by whom and when. */
export function alreadyDecided(bypass: Bypass): Refusal {
  switch (bypass.phase) {
    case 'waiting':
      return refuse({ code: 'not-active', phase: 'waiting' });
    case 'active':
      return refuse({
        code: 'already-decided',
        phase: 'active',
        by: bypass.request.approvals.at(-1)?.approver ?? null,
        at: bypass.grant.activatedAt,
      });
    case 'denied':
    case 'withdrawn':
    case 'lapsed':
    case 'closed':
      return refuse({
        code: 'already-decided',
        phase: bypass.phase,
        by: bypass.by,
        at: bypass.endedAt,
      });
  }
}
