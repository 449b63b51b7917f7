import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import type { Account } from '#application/ports/account';
import { unbindPerson } from '#application/sign-in/unbind-person';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

interface UnbindFlags {
  readonly tenant: string;
  readonly person: string;
  readonly reason: string;
}

/** `breakglass people unbind`: lets a person bind another account at the identity provider. */
export function peopleCommands(): Command {
  const people = new Command('people').description('The accounts that people sign in with.');
  people
    .command('unbind')
    .description(
      'Take away the account that a person signs in with. They bind another one at their next sign-in; the security channel is told.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--person <id>', 'their Slack member id, with <team>/ before it if not at home')
    .requiredOption('--reason <why>', 'why; it stands in the audit log')
    .action(async (flags: UnbindFlags) => {
      await withStores(process.env, (stores) => unbind(stores, flags));
      process.stdout.write(`${flags.person} signs in with no account now.\n`);
    });
  return people;
}

async function unbind(stores: Stores, { tenant: name, person, reason }: UnbindFlags) {
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
