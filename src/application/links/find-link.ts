import type { BypassId, TenantId } from '#domain/ids';
import { loadCard } from '../card/load-card.ts';
import type { BypassCard } from '../ports/card.ts';
import { refuseLink, type LinkRefusal } from '../ports/decide-links.ts';
import type { AttemptRow } from '../ports/link-store.ts';
import { isSecretText } from '../sign-in/secret-text.ts';
import type { DecidePorts } from './decide-ports.ts';
import { attemptHash, pageLinkHash } from './link-secrets.ts';

export interface FoundLink {
  readonly tenant: TenantId;
  readonly bypass: BypassId;
  readonly card: BypassCard;
}

/** The request behind a link, whatever has become of it. */
export async function findLink(
  { pageLinkStore, store, evaluation }: DecidePorts,
  link: string,
): Promise<FoundLink | LinkRefusal> {
  const hash = isSecretText(link) ? pageLinkHash(link) : null;
  const tenant = hash === null ? null : await pageLinkStore.whose(hash);
  if (hash === null || tenant === null) return refuseLink({ code: 'link-unknown' });
  const row = await pageLinkStore.linked(tenant, hash);
  if (row === null) return refuseLink({ code: 'link-unknown' });
  return store.read(tenant, async (tx) => {
    if ((await tx.now()) >= row.expiresAt) return refuseLink({ code: 'link-over' });
    const card = await loadCard({ evaluation }, tx, row.bypass);
    return card === null
      ? refuseLink({ code: 'link-unknown' })
      : { tenant, bypass: row.bypass, card };
  });
}

export interface FoundAttempt {
  readonly tenant: TenantId;
  readonly row: AttemptRow;
  /** Of the handle that led to it. */
  readonly hash: Uint8Array;
}

/**
 * The browser behind a handle. A handle stands in addresses: another browser that shows it learns
 * nothing, and uses nothing up.
 *
 * @param isOwner whether who asks has the cookie of this hash (SHA-256, hex).
 */
export async function findAttempt(
  { pageLinkStore }: Pick<DecidePorts, 'pageLinkStore'>,
  handle: string,
  isOwner: (browser: string) => boolean,
): Promise<FoundAttempt | LinkRefusal> {
  const hash = isSecretText(handle) ? attemptHash(handle) : null;
  const tenant = hash === null ? null : await pageLinkStore.whose(hash);
  if (hash === null || tenant === null) return refuseLink({ code: 'attempt-over' });
  const row = await pageLinkStore.attempt(tenant, hash);
  if (row === null) return refuseLink({ code: 'attempt-over' });
  return isOwner(Buffer.from(row.browser).toString('hex'))
    ? { tenant, row, hash }
    : refuseLink({ code: 'other-browser' });
}
