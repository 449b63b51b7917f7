import { Command, Option } from 'commander';
import type { TenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';
import { addWebhook, rotateSecret } from '../webhook/add-webhook.ts';
import { deliveryLines, webhookLines } from '../webhook/lines.ts';
import { receiveSecret } from '../webhook/receive-secret.ts';
import { collect, span, wholeNumber } from './option-values.ts';

interface Flags {
  readonly tenant: string;
}

interface DeliveryFlags extends Flags {
  readonly webhook?: string;
  readonly limit: number;
}

/** `breakglass webhook …`: who hears of entries as they happen, and who may say that an incident is over. */
export function webhookCommands(): Command {
  const webhook = new Command('webhook').description(
    'Events to webhooks, and from incident tools.',
  );
  const command = (name: string, what: string) =>
    webhook
      .command(name)
      .description(what)
      .requiredOption('--tenant <name>', 'the tenant, as the policy names it');
  command('add', 'Send events to an address. The secret that signs them is printed once.')
    .argument('<url>', 'an https address')
    .option(
      '--type <type>',
      'only this type, or all that begin so: name* (again for more)',
      collect,
    )
    .action((url: string, flags: Flags & { readonly type?: readonly string[] }) =>
      withTenantOf(flags, async (stores, tenant) => {
        const { id, secret } = await addWebhook(stores.events, tenant, {
          url,
          types: flags.type ?? [],
          allowPrivate: process.env['BREAKGLASS_WEBHOOK_PRIVATE'] === 'yes',
        });
        process.stdout.write(`${id}\n${secret}\n`);
        process.stderr.write(
          'The first line is its id, the second the secret to verify with: it is not shown again.\n',
        );
      }),
    );
  command('list', 'Show the webhooks.').action((flags: Flags) =>
    withTenantOf(flags, async ({ events }, tenant) => {
      for (const line of webhookLines(await events.subscriptions(tenant)))
        process.stdout.write(`${line}\n`);
    }),
  );
  command('test', 'Have the running service send a trial.')
    .argument('<id>', 'the webhook')
    .action((id: string, flags: Flags) =>
      withTenantOf(flags, async ({ events }, tenant) => {
        const delivery = await events.addTrial(tenant, idOf(id));
        if (delivery === null) throw new UsageError('There is no such webhook.');
        process.stdout.write(`${delivery}\n`);
        process.stderr.write('See how it went: breakglass webhook deliveries\n');
      }),
    );
  command('deliveries', 'Show what was sent, the newest first, with every try.')
    .option('--webhook <id>', 'only to this one', idOf)
    .option('--limit <n>', 'so many', wholeNumber(1, 1_000), 20)
    .action(({ webhook: subscription, limit, ...flags }: DeliveryFlags) =>
      withTenantOf(flags, async ({ events }, tenant) => {
        const which = { limit, ...(subscription === undefined ? {} : { subscription }) };
        for (const line of deliveryLines(await events.deliveries(tenant, which)))
          process.stdout.write(`${line}\n`);
      }),
    );
  command('redeliver', 'Have the running service send a delivery once more.')
    .argument('<delivery>', 'as `webhook deliveries` shows it')
    .action((delivery: string, flags: Flags) =>
      withTenantOf(flags, async ({ events }, tenant) => {
        if (!(await events.wantAgain(tenant, idOf(delivery))))
          throw new UsageError('There is no such delivery: they are kept for 30 days.');
      }),
    );
  command(
    'rotate',
    'Make another secret for a webhook, printed once. The one before goes on for a while.',
  )
    .argument('<id>', 'the webhook')
    .option('--keep <time>', 'how long both sign, such as 12h; 24h unless given', span)
    .action((id: string, { keep = DAY_MS, ...flags }: Flags & { readonly keep?: number }) =>
      withTenantOf(flags, async ({ events }, tenant) => {
        process.stdout.write(`${await rotateSecret(events, tenant, idOf(id), keep)}\n`);
        process.stderr.write(
          'Let the receiver take both secrets, then this one alone: it is not shown again.\n',
        );
      }),
    );
  command('remove', 'Send nothing more to a webhook, and forget what was sent.')
    .argument('<id>', 'the webhook')
    .action((id: string, flags: Flags) =>
      withTenantOf(flags, async ({ events }, tenant) => {
        if (!(await events.unsubscribe(tenant, idOf(id))))
          throw new UsageError('There is no such webhook.');
      }),
    );
  command(
    'receive-secret',
    'Make the secret with which an incident tool signs, in place of the last.',
  )
    .addOption(
      new Option('--from <tool>', 'pagerduty gives its own secret: it is read from standard input')
        .choices(['standard', 'pagerduty'])
        .default('standard'),
    )
    .action(({ from, ...flags }: Flags & { readonly from: 'standard' | 'pagerduty' }) =>
      withTenantOf(flags, async ({ incidentSources }, tenant) => {
        const made = await receiveSecret(incidentSources, tenant, from, process.stdin);
        if (made !== null) process.stdout.write(`${made}\n`);
        process.stderr.write(
          `Let the tool POST to /v1/incidents?tenant=${encodeURIComponent(flags.tenant)} of this service.\n`,
        );
      }),
    );
  return webhook;
}

const withTenantOf = (
  { tenant }: Flags,
  work: (stores: Stores, tenant: TenantId) => Promise<void>,
) => withStores(process.env, async (stores) => work(stores, await knownTenant(stores, tenant)));

/** An id as it is printed; anything else would fail within the database. */
function idOf(text: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new UsageError('Write an id as it is printed: eight digits, a dash, and so on.');
}
