import type { BypassId, TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import { loadExpiring } from '../card/load-expiring.ts';
import { loadDrillReport } from '../drill/load-drill-report.ts';
import type { Ports } from '../ports/ports.ts';
import { rateLimitOf, type Note, type Publisher, type StoredNote } from '../ports/surface.ts';
import { linkAddress } from '../sign-in/link-address.ts';
import type { SurfaceStore } from '../ports/surface-store.ts';
import { isParked } from './is-parked.ts';

type NotePorts = Pick<Ports, 'store' | 'seals' | 'signIn' | 'evaluation'> & {
  readonly surfaces: SurfaceStore;
  readonly publisher: Publisher;
};

/** Sends a note once; a crash between sending and recording tells it a second time. @throws PublishFailed */
export async function tellNote(ports: NotePorts, tenant: TenantId, id: string): Promise<void> {
  const row = await ports.surfaces.claimNote(tenant, id);
  if (row === null) return;
  const note = await openedNote(ports, tenant, row.note);
  // One that has no point any more, such as a link after Approve was pressed again: a newer one comes.
  if (note === null) return ports.surfaces.noteTold(tenant, id);
  try {
    await ports.publisher.tell(row.account, row.from, note, tenant);
  } catch (error) {
    if (isParked(error)) return;
    const limit = rateLimitOf(error);
    if (limit === null) throw error;
    return ports.surfaces.noteLimited(tenant, id, limit);
  }
  await ports.surfaces.noteTold(tenant, id);
}

async function openedNote(
  ports: NotePorts,
  tenant: TenantId,
  stored: StoredNote,
): Promise<Note | null> {
  if ('bypass' in stored) return readNow(ports, tenant, stored);
  if (stored.kind !== 'sign-in') return stored;
  const { prepared, ...note } = stored;
  const link = await linkAddress(ports, tenant, prepared);
  return link === null ? null : { ...note, link };
}

/** As it stands now: a bypass that closed before anybody heard that it opened is told as closed. */
async function readNow(
  ports: NotePorts,
  tenant: TenantId,
  { kind, bypass }: Extract<StoredNote, { readonly bypass: BypassId }>,
): Promise<Note | null> {
  return ports.store.read(tenant, async (tx) => {
    if (kind === 'expiring') return loadExpiring(ports, tx, bypass);
    if (kind === 'drill-report') return loadDrillReport(ports, tx, bypass);
    const card = await loadCard(ports, tx, bypass);
    if (card === null) return null;
    // Somebody came meanwhile, or it was decided: the card says so.
    if (kind === 'nobody' && card.nobodyFor.length === 0) return null;
    return { kind, card };
  });
}
