import type { TenantId } from '#domain/ids';
import { isRefusal, type Refusal } from '#domain/refusal';
import { tellRefusal } from '../card/tell-refusal.ts';
import { commitSession, type CommitSession } from '../commit/commit-session.ts';
import type { Enrolled } from '../people/enrol.ts';
import type { Situation } from '../people/gather-facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressRow, TenantWrites } from '../ports/tenant-store.ts';

/** One press with everything known of who pressed and what it is about. */
export interface PressAtWork {
  readonly press: PressRow;
  readonly actor: Enrolled;
  readonly situation: Situation;
}

/** Runs `work` as one commit with the press's end in it: both stand, or neither does. */
export async function commitPress(
  ports: Ports,
  tenant: TenantId,
  press: PressRow,
  work: (session: CommitSession, tx: TenantWrites) => Promise<readonly object[] | Refusal>,
): Promise<void> {
  await ports.store.locked(tenant, async (tx) => {
    const again = await tx.press(press.id);
    if (again === null || again.outcome !== null) return;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const outcome = await work(session, tx);
    await session.finish();
    if (isRefusal(outcome)) await tellRefusal(ports, tx, press, outcome);
    await tx.endPress(press.id, isRefusal(outcome) ? 'refused' : 'done');
  });
}

/** An answer that changes nothing: a private note, and nothing in the log. */
export async function endRefused(
  ports: Ports,
  tenant: TenantId,
  press: PressRow,
  refusal: Refusal,
): Promise<void> {
  await commitPress(ports, tenant, press, async () => Promise.resolve(refusal));
}
