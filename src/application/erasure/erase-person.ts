import { SERVICE } from '#domain/actor';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import { readStatement } from '#ledger/read-statement';
import type { RecordedEvent } from '#ledger/recorded-event';
import { commitSession } from '../commit/commit-session.ts';
import type { Account } from '../ports/account.ts';
import type { ErasureReads, ShownEntry, ShownValue } from '../ports/erasure.ts';
import type { Ports } from '../ports/ports.ts';
import { showAgain } from './show-again.ts';

export type PersonErasure =
  | { readonly outcome: 'erased'; readonly count: number }
  | { readonly outcome: 'unknown-person' }
  /** Their account at the identity provider is bound: that ends first, by an entry of its own. */
  | { readonly outcome: 'bound' }
  /** They have a part in these, which people and deadlines still go by. */
  | { readonly outcome: 'unfinished'; readonly bypasses: readonly BypassId[] };

/**
 * Erases what a person typed and who they are: the values of their entries, their name and their
 * addresses. An entry says that and how many. Every statement, signature and digest stays, so the log
 * verifies as before; what compares a certificate with an erased address is unproven from then on.
 */
export async function erasePerson(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
  account: Account,
  reason: string,
): Promise<PersonErasure> {
  const person = await ports.store.read(tenant, (tx) => tx.person(account));
  if (person === null) return { outcome: 'unknown-person' };
  // Most of a long log is read while others go on writing; what they add is read under the lock.
  const before = await ports.store.read(tenant, (tx) => valuesOf(tx, person.person, 0));
  return ports.store.locked(tenant, async (tx) => {
    if ((await tx.bindingOf(person.person)) !== null) return { outcome: 'bound' };
    const bypasses = await tx.unfinishedOf(person.person);
    if (bypasses.length > 0) return { outcome: 'unfinished', bypasses };
    const since = await valuesOf(tx, person.person, before.next);
    const values = [...before.values, ...since.values];
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const entry = session.record({
      type: 'values.erased',
      at: await tx.now(),
      actor: SERVICE,
      person: person.person,
      beforeAt: null,
      count: values.length,
      detached: { reason },
    });
    await session.finish();
    await tx.erase(entry, values);
    const marked = await tx.forget(person.person);
    await showAgain(tx, [...values.map(({ bypass }) => bypass), ...marked]);
    return { outcome: 'erased', count: values.length };
  });
}

const PAGE = 1_000;

/** @returns those from this index on, and where to go on. */
async function valuesOf(tx: ErasureReads, person: PersonId, from: number) {
  const values: ShownValue[] = [];
  let next = from;
  for (;;) {
    const page = await tx.shownFrom(next, PAGE);
    values.push(
      ...page.flatMap((entry) => namesOf(entry, person).map((name) => ({ ...entry, name }))),
    );
    next = (page.at(-1)?.index ?? next - 1) + 1;
    if (page.length < PAGE) return { values, next };
  }
}

function namesOf({ statement, names }: ShownEntry, person: PersonId): readonly string[] {
  const read = readStatement(statement);
  if (!read.ok) throw new TypeError('an entry of this log cannot be read');
  return isTheirs(read.value.event, person) ? names : [];
}

const isTheirs = (event: RecordedEvent, person: PersonId): boolean =>
  (event.actor.kind === 'person' && event.actor.person === person) ||
  ('person' in event && event.person === person);
