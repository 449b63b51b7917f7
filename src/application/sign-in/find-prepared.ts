import type { Instant } from '#domain/instant';
import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import type { SignInSetting } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { PreparedRow } from '../ports/sign-in-store.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { isSecretText, linkHash } from './secret-text.ts';

/** A link that leads somewhere, with what it leads to. */
export interface Found {
  readonly tenant: TenantId;
  readonly row: PreparedRow;
  readonly setting: SignInSetting;
}

/** The prepared approval behind a link, if it can still be completed. */
export async function findPrepared(
  ports: Pick<Ports, 'links' | 'store' | 'signIn'>,
  link: string,
): Promise<Found | SignInRefusal> {
  if (!isSecretText(link)) return refuseSignIn({ code: 'link-unknown' });
  return foundBy(ports, linkHash(link));
}

/** @param hash of a link or of a handle. */
export async function foundBy(
  { links, store, signIn }: Pick<Ports, 'links' | 'store' | 'signIn'>,
  hash: Uint8Array,
): Promise<Found | SignInRefusal> {
  const whose = await links.find(hash);
  if (whose === null) return refuseSignIn({ code: 'link-unknown' });
  if (signIn === null) return refuseSignIn({ code: 'provider-not-set' });
  const { tenant, id } = whose;
  const open = await store.read(tenant, (tx) => openPrepared(tx, id));
  return 'refused' in open ? open : { tenant, row: open, setting: signIn };
}

/** The same in a transaction: inside a commit nobody else can use the link meanwhile. */
export async function openPrepared(
  tx: Pick<TenantReads, 'prepared' | 'now'>,
  id: string,
): Promise<PreparedRow | SignInRefusal> {
  const row = await tx.prepared(id);
  if (row === null) return refuseSignIn({ code: 'link-unknown' });
  return closedBy(row, await tx.now()) ?? row;
}

function closedBy({ ended, expiresAt }: PreparedRow, now: Instant): SignInRefusal | null {
  if (ended === 'used') return refuseSignIn({ code: 'link-used' });
  if (ended === 'refused') return refuseSignIn({ code: 'link-spent' });
  if (ended === 'replaced') return refuseSignIn({ code: 'link-replaced' });
  return now < expiresAt ? null : refuseSignIn({ code: 'link-expired', at: expiresAt });
}
