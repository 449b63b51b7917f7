import { Command } from 'commander';
import { tokenScopeMistake } from '#application/decision/token-scope-mistake';
import type { TenantId } from '#domain/ids';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';
import { span } from './option-values.ts';
import { changingTokens } from './token-changes.ts';

interface TokenFlags {
  readonly tenant: string;
  readonly gate?: string;
  readonly service?: string;
  readonly log: boolean;
  readonly statistics: boolean;
  readonly name?: string;
  readonly expiresIn?: number;
}

/** `breakglass token`: tokens with which one gate may ask, or that read the log or statistics. */
export function tokenCommands(): Command {
  const token = new Command('token').description('Tokens of gates, and of readers.');
  token
    .command('create')
    .description('Make a token for one gate, or one that only reads. It is printed once.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .option('--gate <gate>', 'the gate that asks; needed unless it only reads')
    .option('--service <service>', 'the only service it may ask for; all of them unless given')
    .option('--log', 'it reads checkpoints and proofs of the log, and decides nothing', false)
    .option('--statistics', 'it reads how often what was bypassed, and decides nothing', false)
    .option('--name <name>', 'what people call it; ci, auditor or statistics unless given')
    .option('--expires-in <time>', 'when it ends by itself, such as 90d; never unless given', span)
    .action(async (flags: TokenFlags) => {
      const make = creatorOf(flags);
      const created = await withStores(process.env, async (stores) =>
        make(stores, await knownTenant(stores, flags.tenant)),
      );
      process.stdout.write(`${created}\n`);
      process.stderr.write(`Keep it ${placeOf(flags)}: it is not shown again.\n`);
    });
  changingTokens(token);
  return token;
}

type Create = (stores: Stores, tenant: TenantId) => Promise<string>;

function placeOf({ log, statistics }: TokenFlags): string {
  if (log) return 'where the auditor keeps secrets';
  return statistics ? 'where your dashboards keep secrets' : 'in the secrets of your CI';
}

/** One kind or the other: a token that could do both would be one too many. */
function creatorOf(flags: TokenFlags): Create {
  const { gate, service, log, statistics, name, expiresIn } = flags;
  const lives = expiresIn === undefined ? {} : { ttlMs: expiresIn };
  if (log || statistics) {
    if (gate !== undefined || service !== undefined || (log && statistics))
      throw new UsageError(
        '--log and --statistics go alone, without --gate and --service: make several tokens.',
      );
    const token = log
      ? ({ kind: 'log', name: name ?? 'auditor', ...lives } as const)
      : ({ kind: 'statistics', name: name ?? 'statistics', ...lives } as const);
    return ({ tokens }, tenant) => tokens.createReader(tenant, token);
  }
  if (gate === undefined || gate === '')
    throw new UsageError('Write --gate <gate>, or --log or --statistics for a token that reads.');
  const scope = { gate, service: service ?? null };
  return async (stores, tenant) => {
    await checkNames(stores, tenant, scope);
    return stores.tokens.create(tenant, { name: name ?? 'ci', ...scope, ...lives });
  };
}

/** @throws UsageError for a gate or service that the policy in force does not name. */
async function checkNames(
  { store }: Pick<Stores, 'store'>,
  tenant: TenantId,
  { gate, service }: { readonly gate: string; readonly service: string | null },
): Promise<void> {
  const policy = await store.read(tenant, (tx) => tx.currentPolicy());
  if (policy === null) throw new UsageError('This tenant was never started.');
  const mistake = tokenScopeMistake(policy.content, gate, service);
  if (mistake === null) return;
  const { what, name, near, known, together } = mistake;
  if (together !== undefined)
    throw new UsageError(
      `Nothing enforces under ${JSON.stringify(name)}: it is ${together.join(', ')} at once. Make a token for each of these.`,
    );
  const instead = near === null ? `It has: ${known.join(', ')}.` : `Did you mean ${near}?`;
  throw new UsageError(`The policy in force has no ${what} ${JSON.stringify(name)}. ${instead}`);
}
