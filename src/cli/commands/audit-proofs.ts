import { Command } from 'commander';
import { entryProof, newestCheckpoint } from '#application/audit/log-answers';
import { counted } from '#ledger/verify/counted';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { readKeyFiles } from '../read-key-files.ts';
import { readText } from '../read-text.ts';
import { UsageError } from '../report-failure.ts';
import { verifyProof } from '../verify-proof.ts';
import { writeOut } from '../write-out.ts';
import { collect, wholeNumber } from './option-values.ts';

/** `breakglass audit checkpoint`: what to keep elsewhere. */
export function checkpointCommand(): Command {
  return new Command('checkpoint')
    .description('Print the newest checkpoint, or save it to a file.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .option('--out <file>', 'the file to write; it must not exist')
    .option('--cosigned', 'the newest one that a witness cosigned', false)
    .action(async (flags: { tenant: string; out?: string; cosigned: boolean }) => {
      const found = await withStores(process.env, async (stores) =>
        newestCheckpoint(stores.proofs, await knownTenant(stores, flags.tenant), flags),
      );
      if (found === null)
        throw new UsageError(
          flags.cosigned ? 'No witness has cosigned this log.' : 'The log has no entry yet.',
        );
      const of = counted(found.size, 'entry', 'entries');
      await writeOut(
        found.note,
        flags.out,
        `The checkpoint of ${of} is in ${flags.out}. Keep it where nobody who runs the service can write: audit verify --checkpoint.`,
      );
    });
}

/** `breakglass audit proof`: one entry, for whoever has not the export. */
export function proofCommand(): Command {
  return new Command('proof')
    .description('Save the proof that an entry stands in the log (C2SP tlog-proof).')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--entry <index>', 'its index, as messages and reports name it', wholeNumber(0))
    .option('--out <file>', 'the file to write, such as 42.tlog-proof; it must not exist')
    .action(async (flags: { tenant: string; entry: number; out?: string }) => {
      const proof = await withStores(process.env, async (stores) =>
        entryProof(stores.proofs, await knownTenant(stores, flags.tenant), flags.entry),
      );
      if (proof === null) throw new UsageError(`The log has no entry ${flags.entry} yet.`);
      await writeOut(
        proof,
        flags.out,
        `The proof of entry ${flags.entry} is in ${flags.out}. It needs no export: audit verify-proof.`,
      );
    });
}

interface ProofFlags {
  readonly logKey: readonly string[];
  readonly witness: readonly string[];
  readonly witnesses: number;
  readonly statement?: string;
}

/** `breakglass audit verify-proof`: offline. */
export function verifyProofCommand(): Command {
  return new Command('verify-proof')
    .description('Verify a proof file offline. Exit codes: 0 holds, 1 does not, 2 unreadable.')
    .argument('<file>', 'the proof; its ending is .tlog-proof')
    .requiredOption('--log-key <key>', 'a pinned log key, or @file; may be repeated', collect)
    .option('--witness <key>', "a pinned witness's key, or @file; may be repeated", collect, [])
    .option('--witnesses <n>', 'how many of them must have cosigned', wholeNumber(0), 0)
    .option('--statement <digest>', 'the sha256:… that the entry must be of')
    .action(async (file: string, flags: ProofFlags) => {
      const [logKeys, witnesses] = await Promise.all([
        readKeyFiles(flags.logKey),
        readKeyFiles(flags.witness),
      ]);
      const { exitCode, lines } = verifyProof(await readText('The proof', file), {
        logKeys,
        witnesses,
        needed: flags.witnesses,
        ...(flags.statement === undefined ? {} : { statement: flags.statement }),
      });
      const out = exitCode === 2 ? process.stderr : process.stdout;
      for (const line of lines) out.write(`${line}\n`);
      process.exitCode = exitCode;
    });
}
