import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { acknowledgeRestore } from '#application/restore/acknowledge-restore';
import { compareLog } from '#application/restore/compare-log';
import { parseCheckpoint } from '#ledger/checkpoint';
import { base64 } from '#ledger/digest';
import { parseNote } from '#ledger/signed-note';
import { counted } from '#ledger/verify/counted';
import type { OtherBypass } from '#domain/bypass/context';
import type { TenantId } from '#domain/ids';
import { knownTenant } from '../known-tenant.ts';
import { withStoresAndJobs, type Stores } from '../open-stores.ts';
import { readText } from '../read-text.ts';
import { UsageError } from '../report-failure.ts';
import { savedCheckpoint } from '../saved-checkpoint.ts';

interface CompareFlags {
  readonly tenant: string;
  readonly checkpoint: string;
}

interface AcknowledgeFlags {
  readonly tenant: string;
  readonly reason: string;
  readonly keepOpen: boolean;
}

/** `breakglass log compare | acknowledge`: a database that was restored to an earlier time. */
export function logCommands(): Command {
  const log = new Command('log').description('A log after a restore of its database.');
  log
    .command('compare')
    .description(
      'Hold the log against a checkpoint that left the house. A log that does not have it is held: nothing is recorded and every gate enforces, until it is acknowledged. Exit code 1 then.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--checkpoint <file>', 'as the security channel, the mail or a file has it')
    .action((flags: CompareFlags) =>
      withStoresAndJobs(process.env, (stores) => compare(stores, flags)),
    );
  log
    .command('acknowledge')
    .description(
      'Let a log go on that was rolled back, from where it is. An entry names what is lost, and why.',
    )
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--reason <why>', 'what happened; it stands in the audit log')
    .option('--keep-open', 'although bypasses are open by what was restored', false)
    .action((flags: AcknowledgeFlags) =>
      withStoresAndJobs(process.env, (stores) => acknowledge(stores, flags)),
    );
  return log;
}

async function compare(stores: Stores, { tenant: name, checkpoint }: CompareFlags): Promise<void> {
  const note = savedCheckpoint(await readText('--checkpoint', checkpoint));
  const read = note === undefined ? null : parseNote(note);
  const parsed = read?.ok === true ? parseCheckpoint(read.value.text) : null;
  if (note === undefined || parsed?.ok !== true)
    throw new UsageError(`--checkpoint: ${checkpoint} holds no checkpoint.`);
  const tenant = await knownTenant(stores, name);
  const { origin, size, root } = parsed.value;
  const own = await stores.store.read(tenant, (tx) => tx.logOrigin());
  if (origin !== own)
    throw new UsageError(
      `--checkpoint: it is of the log ${origin}, and that of ${name} is ${own}.`,
    );
  const restores = await acknowledgedBefore(stores, tenant, size);
  const seen = { size, root: base64(root), note, restores };
  const { outcome, size: has } = await compareLog(stores, tenant, seen);
  if (outcome === 'had') {
    const more = has - size;
    process.stdout.write(
      `The log has this head${more === 0 ? '.' : `, and ${counted(more, 'entry', 'entries')} more.`}\n`,
    );
    return;
  }
  process.exitCode = 1;
  if (outcome === 'acknowledged') {
    process.stdout.write(
      'The log does not have this head: it was lost in a restore that was acknowledged since.\n',
    );
    return;
  }
  process.stderr.write(
    `The log does not have this head: it was of ${counted(size, 'entry', 'entries')}, and there are ${has}.\n` +
      'The log is held: nothing is recorded, and every gate enforces.\n' +
      `Find out what happened. If the database was restored on purpose: breakglass log acknowledge --tenant ${name} --reason …\n`,
  );
}

/** A checkpoint has no time; it is of before a restore that is known to have lost as much. */
async function acknowledgedBefore(
  { holds }: Stores,
  tenant: TenantId,
  size: number,
): Promise<number> {
  const { lost, restores } = await holds.acknowledged(tenant);
  const after = lost.findLastIndex((lostSize) => lostSize >= size);
  return after === -1 ? restores : restores - (lost.length - after);
}

async function acknowledge(
  stores: Stores,
  { tenant: name, reason, keepOpen }: AcknowledgeFlags,
): Promise<void> {
  if (reason.trim() === '') throw new UsageError('Write why with --reason.');
  const tenant = await knownTenant(stores, name);
  const ports = { ...stores, newSalt: () => new Uint8Array(randomBytes(16)) };
  const why = { reason: reason.trim(), keepOpen };
  const done = await acknowledgeRestore(ports, tenant, why);
  switch (done.outcome) {
    case 'not-held':
      throw new UsageError(`The log of ${name} is not held: it goes on.`);
    case 'still-open':
      process.stderr.write(
        `By what was restored these are open, and whether anybody ended them since is lost:\n${done.open.map(openLine).join('')}` +
          'Wait until then, or acknowledge with --keep-open and revoke at once, in Slack (/breakglass list), those that were ended.\n',
      );
      process.exitCode = 1;
      return;
    case 'acknowledged':
      process.stdout.write(
        `The log of ${name} goes on from ${counted(done.size, 'entry', 'entries')}. Entry ${done.size} says that it had ${done.lostSize}.\n` +
          'Give auditors a new checkpoint (breakglass audit checkpoint), and tell witnesses: they cosign no log that was set back.\n',
      );
  }
}

function openLine({ gate, scope, expiresAt }: OtherBypass): string {
  const { service, environment, branch, artifact } = scope;
  const rest = [branch, artifact].filter((one) => one !== null).map((one) => ` ${one}`);
  const until = new Date(expiresAt).toISOString();
  return `  ${gate} ${service} ${environment}${rest.join('')} until ${until}\n`;
}
