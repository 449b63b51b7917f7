import { randomUUID } from 'node:crypto';
import { and, eq, or, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { accountKey, type Account } from '#application/ports/account';
import {
  AccountsDisagree,
  type NamedAccount,
  type PeopleStore,
} from '#application/ports/people-store';
import { personId, type PersonId, type TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import { withTenant, type Transaction } from '../transaction.ts';

export function peopleStore(pool: Pool): PeopleStore {
  return {
    personsOf: (tenant, accounts) =>
      withTenant(pool, tenant, 'breakglass_app', async (transaction) => {
        const known = await allKnown(transaction, accounts);
        if (known !== null) return known;
        const persons: PersonId[] = [];
        for (const one of accounts) persons.push(await personOf(transaction, tenant, one));
        return persons;
      }),
  };
}

/** The usual case in one read: every account is there and nobody is to be renamed. */
async function allKnown(
  { db }: Transaction,
  accounts: readonly NamedAccount[],
): Promise<readonly PersonId[] | null> {
  if (accounts.length === 0) return [];
  const all = distinct(accounts.flatMap(({ account, same }) => [account, ...same]));
  const rows = await db
    .select({ account: t.account, name: t.person.name })
    .from(t.account)
    .innerJoin(t.person, eq(t.person.personId, t.account.personId))
    .where(anyOf(all));
  const found = new Map(rows.map((row) => [accountKey(row.account), row]));
  const persons: PersonId[] = [];
  for (const { account, same, name } of accounts) {
    const row = found.get(accountKey(account));
    if (row === undefined || (name !== null && name !== row.name)) return null;
    const { personId: person } = row.account;
    if (same.some((other) => found.get(accountKey(other))?.account.personId !== person))
      return null;
    persons.push(person as PersonId);
  }
  return persons;
}

async function personOf(
  transaction: Transaction,
  tenantId: TenantId,
  { account, same, name }: NamedAccount,
): Promise<PersonId> {
  const accounts = distinct([account, ...same]);
  const known = await knownPersons(transaction, accounts);
  if (known.persons.length > 1)
    throw new AccountsDisagree('accounts listed as one person belong to two people already');
  const missing = accounts.filter((one) => !known.accounts.has(accountKey(one)));
  if (missing.length > 0 && known.accounts.size === 0) {
    // Two that see a person for the first time at once must not make two people of them.
    await transaction.db.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended(${`person:${tenantId}`}, 0))`,
    );
    const again = await knownPersons(transaction, accounts);
    if (again.accounts.size > 0) return personOf(transaction, tenantId, { account, same, name });
  }
  const person = known.persons[0] ?? personId(randomUUID());
  await keep(transaction, tenantId, person, missing, name ?? account.user, name !== null);
  return person;
}

async function keep(
  { db }: Transaction,
  tenantId: TenantId,
  person: PersonId,
  missing: readonly Account[],
  name: string,
  rename: boolean,
): Promise<void> {
  const insert = db.insert(t.person).values({ tenantId, personId: person, name });
  const target = [t.person.tenantId, t.person.personId];
  await (rename
    ? insert.onConflictDoUpdate({ target, set: { name } })
    : insert.onConflictDoNothing());
  for (const { team, user } of missing)
    await db
      .insert(t.account)
      .values({ tenantId, team, user, personId: person })
      .onConflictDoNothing();
}

async function knownPersons({ db }: Transaction, accounts: readonly Account[]) {
  const rows = await db.select().from(t.account).where(anyOf(accounts));
  return {
    persons: [...new Set(rows.map((row) => row.personId as PersonId))],
    accounts: new Set(rows.map(accountKey)),
  };
}

function anyOf(accounts: readonly Account[]) {
  return or(
    ...accounts.map(({ team, user }) => and(eq(t.account.team, team), eq(t.account.user, user))),
  );
}

function distinct(accounts: readonly Account[]): readonly Account[] {
  return [...new Map(accounts.map((one) => [accountKey(one), one])).values()];
}
