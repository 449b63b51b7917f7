import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import { openPrepared } from './find-prepared.ts';
import { SEALED_FOR } from './secret-text.ts';

/** The whole address of a link that leads somewhere; `null` for one that does not any more. */
export async function linkAddress(
  { store, seals, signIn }: Pick<Ports, 'store' | 'seals' | 'signIn'>,
  tenant: TenantId,
  prepared: string,
): Promise<string | null> {
  const row = await store.read(tenant, (tx) => openPrepared(tx, prepared));
  if ('refused' in row || row.link === null || signIn === null) return null;
  const seal = await seals.of(tenant);
  const link = Buffer.from(seal.open(SEALED_FOR.link(prepared), row.link)).toString('utf8');
  return `${signIn.provider.linkBase}${link}`;
}
