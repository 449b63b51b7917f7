import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import type { Account } from '#application/ports/account';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { erasePerson } from '#application/erasure/erase-person';
import { counted } from '#ledger/verify/counted';
import { knownTenant } from '../known-tenant.ts';
import { withStores, withStoresAndJobs, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

interface PersonFlags {
  readonly tenant: string;
  readonly person: string;
  readonly reason: string;
}

/** `breakglass people unbind | erase`: what stands of a person. */
export function peopleCommands(): Command {
  const people = new Command('people').description('The accounts and the personal data of people.');
  people
    .command('unbind')
    .description(
      'Take away the account that a person signs in with. They bind another one at their next sign-in; the security channel is told.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--person <id>', 'their Slack member id, with <team>/ before it if not at home')
    .requiredOption('--reason <why>', 'why; it stands in the audit log')
    .action(async (flags: PersonFlags) => {
      await withStores(process.env, (stores) => unbind(stores, flags));
      process.stdout.write(`${flags.person} signs in with no account now.\n`);
    });
  people
    .command('erase')
    .description(
      'Erase what a person typed, their name and their addresses. An entry says so; the log verifies as before. It cannot be undone.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--person <id>', 'their Slack member id, with <team>/ before it if not at home')
    .requiredOption('--reason <why>', 'why, without their name; it stands in the audit log')
    .action((flags: PersonFlags) =>
      withStoresAndJobs(process.env, (stores) => erase(stores, flags)),
    );
  return people;
}

async function erase(stores: Stores, { tenant: name, person, reason }: PersonFlags): Promise<void> {
  if (reason.trim() === '') throw new UsageError('Write why with --reason.');
  const tenant = await knownTenant(stores, name);
  const account = await accountOf(stores, tenant, person);
  const ports = { ...stores, newSalt: () => new Uint8Array(randomBytes(16)) };
  const done = await erasePerson(ports, tenant, account, reason.trim());
  switch (done.outcome) {
    case 'unknown-person':
      throw new UsageError(`Nobody here has the account ${person}.`);
    case 'bound':
      throw new UsageError(
        `${person} signs in with a bound account. First: breakglass people unbind --tenant ${name} --person ${person} --reason …`,
      );
    case 'unfinished':
      process.stderr.write(
        `${person} has a part in what is not finished: ${done.bypasses.join(', ')}.\n` +
          'Erase once these have ended and their reviews are done; /breakglass list shows them.\n',
      );
      process.exitCode = 1;
      return;
    case 'erased':
      process.stdout.write(
        `Erased ${counted(done.count, 'value', 'values')} of the log, their name and their addresses. Cards are rendered anew.\n` +
          'What left the house stays there: exports, mails, webhooks, and certificates in signatures, which name an address.\n',
      );
  }
}

async function unbind(stores: Stores, { tenant: name, person, reason }: PersonFlags) {
  if (reason.trim() === '') throw new UsageError('Write why with --reason.');
  const tenant = await knownTenant(stores, name);
  const account = await accountOf(stores, tenant, person);
  const ports = { ...stores, newSalt: () => new Uint8Array(randomBytes(16)) };
  const outcome = await unbindPerson(ports, tenant, account, reason.trim());
  if (outcome === 'unknown-person') throw new UsageError(`Nobody here has the account ${person}.`);
  if (outcome === 'not-bound') throw new UsageError(`${person} has bound no account.`);
}

async function accountOf(
  stores: Stores,
  tenant: Awaited<ReturnType<typeof knownTenant>>,
  person: string,
): Promise<Account> {
  const [first = '', second] = person.split('/');
  if (second !== undefined) return { team: first, user: second };
  const policy = await stores.store.read(tenant, (tx) => tx.currentPolicy());
  if (policy === null) throw new UsageError('This tenant was never started.');
  return { team: policy.directory.homeTeam, user: first };
}
