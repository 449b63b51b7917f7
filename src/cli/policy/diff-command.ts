import { Command } from 'commander';
import type { Change } from '#application/policy/changes/change';
import { changeWords, concernedWords } from '#application/policy/changes/change-words';
import { changedRequests } from '#application/policy/changes/changed-requests';
import type { PastRequest } from '#application/policy/changes/past-requests';
import { policyChanges } from '#application/policy/changes/policy-changes';
import { DAY_MS } from '#domain/instant';
import type { Policy } from '#domain/policy/policy';
import { counted } from '#ledger/verify/counted';
import { span } from '../commands/option-values.ts';
import { UsageError } from '../report-failure.ts';
import { ANY_TEAM, readPolicy } from './read-policy.ts';

const QUARTER_MS = 90 * DAY_MS;

interface Flags {
  readonly export?: string;
  readonly tenant?: string;
  readonly last?: number;
  readonly team: string;
  readonly json: boolean;
}

/** `breakglass policy diff`: what another version changes for whom. */
export function diffCommand(): Command {
  return new Command('diff')
    .description(
      'Say what a new version of a policy changes for whom, loosenings first, and with the log what requests of the last quarter would have got.',
    )
    .argument('<old>', 'the policy document as it was (YAML)')
    .argument('<new>', 'the policy document as it is to be (YAML)')
    .option('--export <file>', 'requests of this export of the log; - is standard input')
    .option('--tenant <name>', 'requests of this tenant, from the database')
    .option('--last <time>', 'requests made since, such as 30d; 90d unless given', span)
    .option('--team <id>', 'the Slack workspace of accounts that name none', ANY_TEAM)
    .option('--json', 'changes as JSON', false)
    .action(async (oldFile: string, newFile: string, flags: Flags) => {
      const before = (await readPolicy(oldFile, flags.team)).version;
      const after = (await readPolicy(newFile, flags.team)).version;
      const changes = policyChanges(before, after);
      const past = await pastRequests(flags);
      const compared = past === null ? null : compare(before.content, after.content, past);
      const loosenings = changes.filter(({ looser }) => looser).length;
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ loosenings, changes, past: compared }, null, 2)}\n`
          : changesWords(changes) + (compared === null ? '' : pastWords(compared)),
      );
    });
}

async function pastRequests({
  export: file,
  tenant,
  last = QUARTER_MS,
}: Flags): Promise<readonly PastRequest[] | null> {
  if (file !== undefined && tenant !== undefined)
    throw new UsageError('Write --export or --tenant, not both.');
  if (file === undefined && tenant === undefined) return null;
  const { requestsInExport, requestsOf } = await import('./past-requests-in.ts');
  return file === undefined ? requestsOf(tenant ?? '', last) : requestsInExport(file, last);
}

interface Compared {
  readonly requests: number;
  readonly changes: readonly Change[];
}

const compare = (before: Policy, after: Policy, past: readonly PastRequest[]): Compared => ({
  requests: past.length,
  changes: changedRequests(
    before,
    after,
    past.map(({ question }) => question),
  ),
});

function changesWords(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing changes for anybody.\n';
  const looser = changes.filter((one) => one.looser);
  const others = changes.filter((one) => !one.looser);
  return [
    section(`${counted(looser.length, 'loosening')}:`, looser),
    section(`${counted(others.length, 'other change')}:`, others),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** What concerns the same requests stands together. */
function section(title: string, all: readonly Change[]): string {
  if (all.length === 0) return '';
  const groups = new Map<string, string[]>([['', []]]);
  for (const { requests, ...change } of all) {
    const head = requests === undefined ? '' : `  For ${concernedWords(requests)}:\n`;
    const lines = groups.get(head) ?? [];
    groups.set(head, lines);
    lines.push(`${head === '' ? '  ' : '    '}${changeWords(change)}\n`);
  }
  return `${title}\n${[...groups].map(([head, lines]) => head + lines.join('')).join('')}`;
}

function pastWords({ requests, changes }: Compared): string {
  const head = `\nOf ${counted(requests, 'request')} in that time`;
  if (changes.length === 0) return `${head}, each would have got the same.\n`;
  const lines = changes.map((one) => {
    const { requests: concerned, ...change } = one;
    return `  ${String(concerned?.count ?? 0).padStart(5)}  ${one.looser ? 'looser' : 'other '}  ${changeWords(change)}\n`;
  });
  return `${head} these would have got something else:\n${lines.join('')}`;
}
