import type { Command } from 'commander';
import type { KnownToken } from '#application/ports/directory-store';
import type { TenantId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../report-failure.ts';
import { span } from './option-values.ts';

interface OneToken {
  readonly tenant: string;
}

interface Rotated extends OneToken {
  readonly keep?: number;
  readonly expiresIn?: number;
}

const TENANT = ['--tenant <name>', 'the tenant, as the policy names it'] as const;
const WHICH = 'its first eight characters, or its id, as `token list` shows them';

/** `token list`, `token revoke` and `token rotate`. */
export function changingTokens(token: Command): void {
  token
    .command('list')
    .description('Show the tokens: what each is for, when it last asked, when it ends.')
    .requiredOption(...TENANT)
    .action(async ({ tenant }: OneToken) => {
      const known = await withStores(process.env, async (stores) =>
        stores.tokens.list(await knownTenant(stores, tenant)),
      );
      process.stdout.write(known.map(tokenLine).join(''));
    });
  token
    .command('revoke')
    .description('End a token at once: the next question with it is refused.')
    .argument('<token>', WHICH)
    .requiredOption(...TENANT)
    .action(async (which: string, { tenant }: OneToken) => {
      const { prefix } = await onToken(which, tenant, async ({ tokens }, of, one) => {
        if (await tokens.revoke(of, one.id)) return one;
        throw new UsageError(`${one.prefix}… had been revoked before.`);
      });
      process.stdout.write(`${prefix}… is revoked.\n`);
    });
  token
    .command('rotate')
    .description('Make a token for the same, printed once. The one before goes on for a while.')
    .argument('<token>', WHICH)
    .requiredOption(...TENANT)
    .option('--keep <time>', 'how long the one before goes on, such as 10m; 1h unless given', span)
    .option('--expires-in <time>', 'when the new one ends; needed if the one before ends', span)
    .action(async (which: string, { tenant, keep = HOUR_MS, expiresIn }: Rotated) => {
      const made = await onToken(which, tenant, ({ tokens }, of, one) => {
        if (one.expiresAt !== null && expiresIn === undefined)
          throw new UsageError(
            'This token ends by itself: write --expires-in <time> for the new one.',
          );
        return tokens.rotate(of, one.id, { keepMs: keep, ttlMs: expiresIn ?? null });
      });
      if (made === null) throw new UsageError('This token has ended: make one with token create.');
      process.stdout.write(`${made}\n`);
      process.stderr.write('Put it where the one before stands: it is not shown again.\n');
    });
}

function onToken<T>(
  which: string,
  name: string,
  work: (stores: Stores, tenant: TenantId, one: KnownToken) => Promise<T>,
): Promise<T> {
  return withStores(process.env, async (stores) => {
    const tenant = await knownTenant(stores, name);
    const known = await stores.tokens.list(tenant);
    const found = known.filter(({ id, prefix }) => id === which || prefix === which);
    const [one, ...others] = found;
    if (one === undefined)
      throw new UsageError('There is no such token: `token list` shows them all.');
    if (others.length > 0)
      throw new UsageError(`Several tokens begin so: write the id of one, from \`token list\`.`);
    return work(stores, tenant, one);
  });
}

function tokenLine(token: KnownToken): string {
  const { id, prefix, name, gate, service, state, lastUsedAt, expiresAt } = token;
  const of = gate === null ? 'reads the log' : `gate ${gate}, ${service ?? 'every service'}`;
  const used = lastUsedAt === null ? 'never used' : `last used ${timeOf(lastUsedAt)}`;
  const ends = expiresAt === null ? [] : [`ends ${timeOf(expiresAt)}`];
  const told = [`${prefix}…`, state, printable(name), printable(of), used, ...ends, id];
  return `${told.join('  ')}\n`;
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
