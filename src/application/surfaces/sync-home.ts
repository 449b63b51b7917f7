import type { TenantId } from '#domain/ids';
import type { HomeClaim, HomePublisher, HomeStore } from '../ports/home.ts';
import type { MineReader } from '../ports/mine.ts';
import { rateLimitOf } from '../ports/surface.ts';
import { isParked } from './is-parked.ts';

export interface HomePorts {
  readonly homes: HomeStore;
  readonly mine: Pick<MineReader, 'mine'>;
  readonly homePublisher: HomePublisher;
}

/**
 * Brings somebody's Home up to the state as it stands now, until it shows the latest. Runs as a job
 * and may run twice: what is rendered depends on the state alone.
 *
 * @throws PublishFailed, LookUpFailed: the job is tried again.
 */
export async function syncHome(ports: HomePorts, tenant: TenantId, id: string): Promise<void> {
  for (;;) {
    const claim = await ports.homes.claim(tenant, id);
    if (claim === null) return;
    try {
      const hash = await show(ports, tenant, claim);
      if (!(await ports.homes.published(tenant, claim, hash))) return;
    } catch (error) {
      const limit = rateLimitOf(error);
      await ports.homes.failed(tenant, claim, limit);
      // The claim left a job for after the pause; failing this one as well would try too early.
      if (limit !== null || isParked(error)) return;
      throw error;
    }
  }
}

async function show(
  { mine, homePublisher }: HomePorts,
  tenant: TenantId,
  { account, hash }: HomeClaim,
): Promise<string | null> {
  const shown = await mine.mine(tenant, account);
  const published = await homePublisher.publishHome(account, shown, hash, tenant);
  if (published !== 'conflict') return published.hash;
  // An answer was lost, or a worker whose claim ran out came later. What is read now is the newest.
  const anew = await mine.mine(tenant, account);
  const again = await homePublisher.publishHome(account, anew, null, tenant);
  return again === 'conflict' ? null : again.hash;
}
