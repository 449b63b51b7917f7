import { SERVICE } from '#domain/actor';
import type { TenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import { showAgain } from './show-again.ts';

/**
 * Values that signatures and sign-ins are held against. They are no texts that somebody typed, and go
 * with their person alone: an auditor could not tell any more who approved what.
 */
const IDENTITIES = ['account', 'email', 'subject', 'idToken'];

/** As many as one commit erases; the rest follows at the next look. */
const MOST = 5_000;

/**
 * Erases what people typed longer ago than the policy keeps it, of chains that have ended and whose
 * review is done. By whole days, so that at most one entry a day says so where little is typed.
 *
 * @returns how many values; 0 where the policy keeps all.
 */
export async function eraseOldTexts(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
): Promise<number> {
  const due = await ports.store.read(tenant, async (tx) => {
    const keptMs = (await tx.currentPolicy())?.directory.textsKeptMs ?? null;
    if (keptMs === null) return null;
    const before = Math.floor(((await tx.now()) - keptMs) / DAY_MS) * DAY_MS;
    const some = await tx.shownBefore(before, IDENTITIES, 1);
    return some.length === 0 ? null : before;
  });
  if (due === null) return 0;
  return ports.store.locked(tenant, async (tx) => {
    const values = await tx.shownBefore(due, IDENTITIES, MOST);
    if (values.length === 0) return 0;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const entry = session.record({
      type: 'values.erased',
      at: await tx.now(),
      actor: SERVICE,
      person: null,
      beforeAt: due,
      count: values.length,
    });
    await session.finish();
    await tx.erase(entry, values);
    const marked = await tx.forgetBefore(due);
    await showAgain(tx, [...values.map(({ bypass }) => bypass), ...marked]);
    return values.length;
  });
}
