import { Command, InvalidArgumentError, Option } from 'commander';
import { csvOf, measured } from '#application/statistics/columns';
import { oftenOpened } from '#application/statistics/questions';
import { readFacts } from '#application/statistics/read-facts';
import { DIMENSIONS, summaries, type Dimension } from '#application/statistics/summary';
import { DAY_MS } from '#domain/instant';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';
import { statisticsTable } from '../statistics-table.ts';
import { span } from './option-values.ts';

interface Flags {
  readonly tenant: string;
  readonly last: number;
  readonly by: readonly Dimension[];
  readonly csv: boolean;
  readonly json: boolean;
}

/** `breakglass statistics`: what bypasses say about gates. */
export function statisticsCommand(): Command {
  return new Command('statistics')
    .description(
      'What bypasses say about gates: how often each was opened, how fast, how long, and what reviews found. Drills are in none of it.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .addOption(
      new Option('--last <time>', 'requests made since, such as 30d')
        .argParser(span)
        .default(90 * DAY_MS, '90d'),
    )
    .option('--by <what>', `by ${DIMENSIONS.join(', ')}, or several with commas`, dimensions, [
      'gate',
    ])
    .option('--csv', 'a file for spreadsheets (RFC 4180)', false)
    .option('--json', 'for programs', false)
    .action((flags: Flags) => withStores(process.env, (stores) => show(stores, flags)));
}

async function show(stores: Stores, { tenant: name, last, by, csv, json }: Flags): Promise<void> {
  if (csv && json) throw new UsageError('Write --csv or --json, not both.');
  const tenant = await knownTenant(stores, name);
  const now = await stores.statistics.now(tenant);
  const facts = await readFacts(stores.statistics, tenant, now - last);
  const all = summaries(facts, by, now);
  const often = oftenOpened(facts, now);
  if (csv) process.stdout.write(csvOf(all, by));
  else if (json)
    process.stdout.write(
      `${JSON.stringify({ since: new Date(now - last), until: new Date(now), by, rows: all.map(measured), often }, null, 2)}\n`,
    );
  else process.stdout.write(statisticsTable(all, by, often, { from: now - last, now }));
}

function dimensions(value: string): readonly Dimension[] {
  const known = value.split(',').map((text) => DIMENSIONS.find((one) => one === text.trim()));
  const found = known.filter((one) => one !== undefined);
  if (found.length < known.length || new Set(found).size < found.length)
    throw new InvalidArgumentError(`Write some of ${DIMENSIONS.join(', ')}, each once.`);
  return found;
}
