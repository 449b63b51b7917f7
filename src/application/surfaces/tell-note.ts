import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import { PublishFailed, type Note, type Publisher, type StoredNote } from '../ports/surface.ts';
import { linkAddress } from '../sign-in/link-address.ts';
import type { SurfaceStore } from '../ports/surface-store.ts';

type NotePorts = Pick<Ports, 'store' | 'seals' | 'signIn'> & {
  readonly surfaces: SurfaceStore;
  readonly publisher: Publisher;
};

/** Sends a note once; a crash between sending and recording tells it a second time. @throws PublishFailed */
export async function tellNote(ports: NotePorts, tenant: TenantId, id: string): Promise<void> {
  const row = await ports.surfaces.claimNote(tenant, id);
  if (row === null) return;
  const note = await openedNote(ports, tenant, row.note);
  // A link that leads nowhere any more: Approve was pressed again, and a newer one is on its way.
  if (note === null) return ports.surfaces.noteTold(tenant, id);
  try {
    await ports.publisher.tell(row.account, row.from, note);
  } catch (error) {
    if (!(error instanceof PublishFailed) || error.retryAfterMs === null) throw error;
    return ports.surfaces.noteLimited(tenant, id, error.retryAfterMs);
  }
  await ports.surfaces.noteTold(tenant, id);
}

async function openedNote(
  ports: NotePorts,
  tenant: TenantId,
  stored: StoredNote,
): Promise<Note | null> {
  if (stored.kind !== 'sign-in') return stored;
  const { prepared, ...note } = stored;
  const link = await linkAddress(ports, tenant, prepared);
  return link === null ? null : { ...note, link };
}
