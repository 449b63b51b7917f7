import { readStatement } from '#ledger/read-statement';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { Replay } from '#ledger/replay/replay';
import type { UnsignedEntry } from './test-log.ts';
import { POLICIES } from './tenant-world.ts';

/** Entries as a verifier reads them back from their statements. */
export function recorded(entries: readonly UnsignedEntry[]): readonly ReplayedEntry[] {
  return entries.map(({ statement, digest, followsFrom }, index) => {
    const read = readStatement(statement);
    if (!read.ok) throw new RangeError(`${read.code} at ${read.path}`);
    return { index, digest, followsFrom, event: read.value.event };
  });
}

/** The codes of all rules that the log breaks. */
export function replayCodes(log: readonly ReplayedEntry[]): readonly string[] {
  const replay = new Replay((digest) => POLICIES[digest]);
  const broken = log.flatMap((entry) => replay.apply(entry));
  return [...broken, ...replay.finish()].map((one) => one.code);
}
