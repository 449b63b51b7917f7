import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { auditChecks } from '#cli/audit-checks';
import { SignatureThreads } from '#cli/signature-pool/signature-threads';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '#ledger/dsse';
import type { ExportedEntry } from '#ledger/export/format';
import { readEnvelope } from '#ledger/verify/envelope';
import type { TestKeys } from '#test/support/replay/sealed-log';
import { benchKeys } from '../log/bench-keys.ts';
import { sealedEntries, sealedLines } from '../log/sealed-lines.ts';
import { spentBy, type Spent } from '../spent.ts';
import { median, type Row } from '../table.ts';
import { NO_AUTHORITY } from './no-authority.ts';
import { fileOf, verifyFile } from './verified.ts';

const ENTRIES = 20_000;
const ROUNDS = 7;
/** Until then the engine still compiles what is done most. */
const WARM_UP_ROUNDS = 4;

interface Round {
  readonly bare: Spent;
  readonly one: Spent;
  readonly two: Spent;
}

/**
 * A log that the service's own key signed, verified in one thread and with two workers, each held
 * against what was measured in the same round.
 */
export async function provisionalRows(): Promise<readonly Row[]> {
  const keys = benchKeys();
  const entries = [...sealedEntries(ENTRIES, keys)];
  const file = await fileOf(sealedLines(entries, keys));
  const checks = auditChecks(NO_AUTHORITY);
  const bare = bareVerification(entries, keys);
  await using pool = new SignatureThreads(2, NO_AUTHORITY);
  const rounds: Round[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1)
    rounds.push({
      bare: await spentBy(bare),
      one: await spentBy(() => verifyFile(file, { keys, checks })),
      two: await spentBy(() => verifyFile(file, { keys, checks, pool })),
    });
  return rowsOf(rounds.slice(WARM_UP_ROUNDS));
}

/** The signatures of these entries alone, by a key that was read once, over bytes at hand. */
function bareVerification(entries: readonly ExportedEntry[], { spki }: TestKeys): () => void {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const signed = entries.flatMap(({ statement, envelope }) => {
    const read = readEnvelope(envelope, statement);
    if (!read.ok || read.envelope.kind !== 'service') return [];
    const message = preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement);
    return [{ message, signature: read.envelope.signature }];
  });
  return () => {
    if (!signed.every((one) => verifySignature('sha256', one.message, key, one.signature)))
      throw new RangeError('a signature of the bench is wrong');
  };
}

function rowsOf(rounds: readonly Round[]): readonly Row[] {
  const each = (ms: number): string => `${((ms * 1000) / ENTRIES).toFixed(1)} µs`;
  const of = (told: (round: Round) => number): string => each(median(rounds.map(told)));
  return [
    {
      what: 'provisional entry, one thread, CPU time',
      measured: of(({ one }) => one.cpuMs),
      against: `${of(({ bare }) => bare.cpuMs)} bare P-256`,
      ratio: median(rounds.map(({ one, bare }) => one.cpuMs / bare.cpuMs)),
      limit: 1.3,
    },
    {
      what: 'two workers, elapsed time',
      measured: of(({ two }) => two.wallMs),
      against: `${of(({ one }) => one.wallMs)} in one thread`,
      ratio: median(rounds.map(({ two, one }) => two.wallMs / one.wallMs)),
      limit: 0.55,
    },
    {
      what: 'two workers, CPU time over two cores',
      measured: of(({ two }) => two.cpuMs / 2),
      against: `${of(({ one }) => one.cpuMs)} in one thread`,
      ratio: median(rounds.map(({ two, one }) => two.cpuMs / 2 / one.cpuMs)),
      limit: 0.55,
    },
  ];
}
