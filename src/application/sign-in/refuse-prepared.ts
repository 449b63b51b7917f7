import type { Refusal } from '#domain/refusal';
import { loadCard } from '../card/load-card.ts';
import { tellRefusal } from '../card/tell-refusal.ts';
import type { Ports } from '../ports/ports.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { PressRow, TenantWrites } from '../ports/tenant-store.ts';
import { openPrepared, type Found } from './find-prepared.ts';

/** Refuses in a transaction of its own, where the one before it was given up. */
export async function refusePrepared(
  ports: Ports,
  found: Found,
  refusal: Refusal,
): Promise<SignInRefusal> {
  const { tenant, row } = found;
  return ports.store.locked(tenant, async (tx) => {
    const open = await openPrepared(tx, row.id);
    if ('refused' in open) return open;
    const press = await tx.press(row.press);
    if (press === null) return refuseSignIn({ code: 'link-unknown' });
    return refusePreparedIn(ports, tx, found, press, refusal);
  });
}

/**
 * Ends link and press, and tells the presser where they pressed. What could only not be looked up
 * just now ends nothing: the same sign-in may be handed in again.
 */
export async function refusePreparedIn(
  ports: Ports,
  tx: TenantWrites,
  { row }: Found,
  press: PressRow,
  refusal: Refusal,
): Promise<SignInRefusal> {
  const card = await loadCard(ports, tx, row.bypass);
  if (card === null) return refuseSignIn({ code: 'link-unknown' });
  if (refusal.code !== 'look-up-failed') {
    await tellRefusal(ports, tx, press, refusal);
    await tx.endPrepared(row.id, 'refused');
    await tx.endPress(press.id, 'refused');
  }
  return refusal.code === 'statement-moved'
    ? refuseSignIn({ code: 'statement-moved' })
    : refuseSignIn({ code: 'not-approved', refusal, card });
}
