import { Command } from 'commander';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

interface TokenFlags {
  readonly tenant: string;
  readonly gate?: string;
  readonly service?: string;
  readonly log: boolean;
  readonly name?: string;
}

/** `breakglass token create`: a token with which one gate may ask, or one that reads the log. */
export function tokenCommands(): Command {
  const token = new Command('token').description('Tokens of gates and of readers of the log.');
  token
    .command('create')
    .description('Make a token for one gate, or one that reads the log. It is printed once.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .option('--gate <gate>', 'the gate that asks; needed without --log')
    .option('--service <service>', 'the only service it may ask for; all of them unless given')
    .option('--log', 'it reads checkpoints and proofs of the log, and decides nothing', false)
    .option('--name <name>', 'what people call it; ci or auditor unless given')
    .action(async (flags: TokenFlags) => {
      const make = creatorOf(flags);
      const created = await withStores(process.env, async (stores) =>
        make(stores.tokens, await knownTenant(stores, flags.tenant)),
      );
      process.stdout.write(`${created}\n`);
      const where = flags.log ? 'where the auditor keeps secrets' : 'in the secrets of your CI';
      process.stderr.write(`Keep it ${where}: it is not shown again.\n`);
    });
  return token;
}

type Tokens = Parameters<Parameters<typeof withStores>[1]>[0]['tokens'];
type Create = (tokens: Tokens, tenant: Parameters<Tokens['create']>[0]) => Promise<string>;

/** One kind or the other: a token that could do both would be one too many. */
function creatorOf({ gate, service, log, name }: TokenFlags): Create {
  if (log) {
    if (gate !== undefined || service !== undefined)
      throw new UsageError('--log goes with neither --gate nor --service: make two tokens.');
    return (tokens, tenant) => tokens.createLogReader(tenant, name ?? 'auditor');
  }
  if (gate === undefined || gate === '')
    throw new UsageError('Write --gate <gate>, or --log for a token that reads the log.');
  return (tokens, tenant) =>
    tokens.create(tenant, { name: name ?? 'ci', gate, service: service ?? null });
}
