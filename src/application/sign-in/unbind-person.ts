import type { TenantId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import type { Account } from '../ports/account.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Takes away the account that a person has bound, by an entry that says why, and ends the links that
 * they have open: whoever holds one of them now may be the reason. They bind another account at their
 * next sign-in; what was signed before stays theirs.
 */
export async function unbindPerson(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
  account: Account,
  reason: string,
): Promise<'unbound' | 'unknown-person' | 'not-bound'> {
  return ports.store.locked(tenant, async (tx) => {
    const known = await tx.person(account);
    if (known === null) return 'unknown-person';
    const { person } = known;
    const bound = await tx.bindingOf(person);
    if (bound === null) return 'not-bound';
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const entry = session.record(
      {
        type: 'person.unbound',
        at: await tx.now(),
        actor: { kind: 'service' },
        person,
        binding: bound.entry,
        detached: { reason },
      },
      { followsFrom: [bound.entry] },
    );
    await session.finish();
    await tx.unbind(bound.entry, entry);
    for (const press of await tx.endLinksOf(person)) await tx.endPress(press, 'refused');
    return 'unbound';
  });
}
