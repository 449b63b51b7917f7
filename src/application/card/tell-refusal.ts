import type { Refusal } from '#domain/refusal';
import { loadCard } from './load-card.ts';
import type { Ports } from '../ports/ports.ts';
import { aboutBypass } from '../ports/press.ts';
import type { PressRow, TenantWrites } from '../ports/tenant-store.ts';

/** The private answer to a press that changes nothing. */
export async function tellRefusal(
  ports: Ports,
  tx: TenantWrites,
  press: PressRow,
  refusal: Refusal,
): Promise<void> {
  // Whoever decides by a link is in front of its page, and may be so because Slack is away.
  if (press.via === 'link') return tx.refuseAttempt(press.id, refusal);
  const bypass = aboutBypass(press.action);
  const card = bypass === null ? null : await loadCard(ports, tx, bypass);
  await tx.addNote(press.account, press.from, {
    kind: 'refusal',
    refusal,
    card,
    tried: press.action.kind,
  });
}
