import type { TenantId } from '#domain/ids';
import { rateLimitOf } from '../ports/surface.ts';
import type { SurfacePorts } from './sync-surface.ts';
import { isParked } from './is-parked.ts';

/**
 * Takes away a message that shows a card and is not the one that is kept up to date: a post whose
 * answer was lost, found by a press on it, or a card that could not be edited any more. Runs as a
 * job and may run twice: what is gone already stays gone.
 *
 * @throws PublishFailed: the job is tried again.
 */
export async function retractCopy(
  ports: Pick<SurfacePorts, 'surfaces' | 'publisher'>,
  tenant: TenantId,
  id: string,
): Promise<void> {
  const copy = await ports.surfaces.copyToRetract(tenant, id);
  if (copy === null) return;
  try {
    await ports.publisher.retract(copy.surface, copy.message);
  } catch (error) {
    if (isParked(error)) return;
    const limit = rateLimitOf(error);
    if (limit === null) throw error;
    return ports.surfaces.retractLimited(tenant, id, limit);
  }
  await ports.surfaces.retracted(tenant, id);
}
