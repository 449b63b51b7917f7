import type { TenantId } from '#domain/ids';
import type { DigestStore } from '../ports/digests.ts';
import type { TenantStore } from '../ports/tenant-store.ts';
import { digestChannels } from './digest-channels.ts';
import { lastWeek, weekName } from './week.ts';

/** Wants the digest of the last week for each channel that hears one. Of several pokes one finds it due. */
export async function wantDigests(
  { store, digests }: { readonly store: Pick<TenantStore, 'read'>; readonly digests: DigestStore },
  tenant: TenantId,
): Promise<void> {
  const { channels, now } = await store.read(tenant, async (tx) => ({
    channels: digestChannels(await tx.currentPolicy()),
    now: await tx.now(),
  }));
  const week = weekName(lastWeek(now));
  for (const channel of channels.keys()) await digests.want(tenant, { channel, week });
}
