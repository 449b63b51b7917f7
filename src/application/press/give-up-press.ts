import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';

/** Tells the presser that their press could not be handled, with the reference that the log has. */
export async function giveUpPress(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  pressId: string,
): Promise<void> {
  await store.locked(tenant, async (tx) => {
    const press = await tx.press(pressId);
    if (press === null || press.outcome !== null) return;
    await tx.addNote(press.account, press.from, { kind: 'failed', reference: press.id });
    // They are told that it had no effect, so it must not have one when the job is brought back.
    await tx.endPress(press.id, 'refused');
  });
}
