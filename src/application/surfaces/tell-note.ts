import type { TenantId } from '#domain/ids';
import type { Publisher } from '../ports/surface.ts';
import type { SurfaceStore } from '../ports/surface-store.ts';
import type { TenantStore } from '../ports/tenant-store.ts';

/** Sends a note once; a crash between sending and recording tells it a second time. @throws PublishFailed */
export async function tellNote(
  ports: {
    readonly store: TenantStore;
    readonly surfaces: SurfaceStore;
    readonly publisher: Publisher;
  },
  tenant: TenantId,
  id: string,
): Promise<void> {
  const row = await ports.store.read(tenant, (tx) => tx.note(id));
  if (row === null || row.told) return;
  await ports.publisher.tell(row.account, row.from, row.note);
  await ports.surfaces.noteTold(tenant, id);
}
