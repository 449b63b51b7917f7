import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import { openPrepared } from './find-prepared.ts';
import { SEALED_FOR } from './secret-text.ts';

type Needed = Pick<Ports, 'store' | 'seals' | 'signIn'>;

/** The whole address of a link that leads somewhere; `null` for one that does not any more. */
export async function linkAddress(
  ports: Needed,
  tenant: TenantId,
  prepared: string,
): Promise<string | null> {
  const link = await preparedLink(ports, tenant, prepared);
  return link === null || ports.signIn === null ? null : `${ports.signIn.provider.linkBase}${link}`;
}

/** The link alone. */
export async function preparedLink(
  { store, seals }: Omit<Needed, 'signIn'>,
  tenant: TenantId,
  prepared: string,
): Promise<string | null> {
  const row = await store.read(tenant, (tx) => openPrepared(tx, prepared));
  if ('refused' in row || row.link === null) return null;
  const seal = await seals.of(tenant);
  return Buffer.from(seal.open(SEALED_FOR.link(prepared), row.link)).toString('utf8');
}
