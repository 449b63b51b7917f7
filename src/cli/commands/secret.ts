import { text } from 'node:stream/consumers';
import { Argument, Command } from 'commander';
import { TENANT_SECRETS, type TenantSecret } from '#application/ports/tenant-secrets';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { usableSecret } from '../tenant/usable-secret.ts';

interface Flags {
  readonly tenant: string;
}

/** `breakglass secret set | remove | list`: what a tenant is paged with, where many install the app. */
export function secretCommands(): Command {
  const secret = new Command('secret').description('What a tenant is paged with, sealed.');
  const command = (name: string, what: string) =>
    secret
      .command(name)
      .description(what)
      .requiredOption('--tenant <name>', 'the tenant, as its policy names it');
  const which = () => new Argument('<name>', 'which one').choices([...TENANT_SECRETS]);
  command('set', 'Put a secret in place of the one before. It is read from standard input.')
    .addArgument(which())
    .action(async (name: TenantSecret, { tenant }: Flags) => {
      const isNear = process.env['BREAKGLASS_PAGE_PRIVATE'] === 'yes';
      const value = usableSecret(name, await text(process.stdin), isNear);
      await withStores(process.env, async (stores) =>
        stores.tenantSecrets.put(await knownTenant(stores, tenant), name, value),
      );
      process.stderr.write('It is used within a minute.\n');
    });
  command('remove', 'Take a secret away.')
    .addArgument(which())
    .action(async (name: TenantSecret, { tenant }: Flags) => {
      await withStores(process.env, async (stores) =>
        stores.tenantSecrets.put(await knownTenant(stores, tenant), name, null),
      );
    });
  command('list', 'Show which secrets a tenant has, and none of them.').action(
    async ({ tenant }: Flags) => {
      const has = await withStores(process.env, async (stores) =>
        stores.tenantSecrets.of(await knownTenant(stores, tenant)),
      );
      for (const name of Object.keys(has)) process.stdout.write(`${name}\n`);
    },
  );
  return secret;
}
