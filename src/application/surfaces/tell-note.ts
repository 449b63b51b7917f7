import type { TenantId } from '#domain/ids';
import { PublishFailed, type Publisher } from '../ports/surface.ts';
import type { SurfaceStore } from '../ports/surface-store.ts';

/** Sends a note once; a crash between sending and recording tells it a second time. @throws PublishFailed */
export async function tellNote(
  ports: { readonly surfaces: SurfaceStore; readonly publisher: Publisher },
  tenant: TenantId,
  id: string,
): Promise<void> {
  const row = await ports.surfaces.claimNote(tenant, id);
  if (row === null) return;
  try {
    await ports.publisher.tell(row.account, row.from, row.note);
  } catch (error) {
    if (!(error instanceof PublishFailed) || error.retryAfterMs === null) throw error;
    return ports.surfaces.noteLimited(tenant, id, error.retryAfterMs);
  }
  await ports.surfaces.noteTold(tenant, id);
}
