import { Command } from 'commander';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';

interface TokenFlags {
  readonly tenant: string;
  readonly gate: string;
  readonly service?: string;
  readonly name: string;
}

/** `breakglass token create`: a token with which one gate may ask. */
export function tokenCommands(): Command {
  const token = new Command('token').description('Tokens of gates that ask for decisions.');
  token
    .command('create')
    .description('Make a token for one gate. It is printed once and kept nowhere.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--gate <gate>', 'the gate that asks')
    .option('--service <service>', 'the only service it may ask for; all of them unless given')
    .option('--name <name>', 'what people call it', 'ci')
    .action(async ({ tenant, gate, service, name }: TokenFlags) => {
      const created = await withStores(process.env, async (stores) =>
        stores.tokens.create(await knownTenant(stores, tenant), {
          name,
          gate,
          service: service ?? null,
        }),
      );
      process.stdout.write(`${created}\n`);
      process.stderr.write('Keep it in the secrets of your CI: it is not shown again.\n');
    });
  return token;
}
