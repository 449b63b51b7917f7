import { rootOf } from '#ledger/merkle';
import type { Rule, TenantRecord } from '../history.ts';
import { inEach } from '../reading.ts';

/**
 * Rule 7: logs are gapless, and every checkpoint is consistent with all before it.
 * Reads: the entries' indices and leaf hashes, all checkpoints ever signed, sizes seen at commits.
 */
export const gaplessConsistentLog: Rule = (history) =>
  inEach(7, history, (record) => [
    ...record.entries.flatMap(({ index }, place) =>
      index === place ? [] : [`entry ${index} stands at place ${place}`],
    ),
    ...checkpointFaults(record),
    ...history.observed.flatMap((one) =>
      one.kind === 'committed' && one.tenant === record.tenant && one.size > record.entries.length
        ? [`the log had ${one.size} entries and has ${record.entries.length}`]
        : [],
    ),
  ]);

function checkpointFaults({ entries, checkpoints }: TenantRecord): readonly string[] {
  const leaves = entries.map((one) => new Uint8Array(Buffer.from(one.leaf, 'hex')));
  const last = Math.max(0, ...checkpoints.map((one) => one.size));
  return [
    ...(last === entries.length ? [] : [`the last checkpoint covers ${last}`]),
    // Each covers a prefix of the same leaves, so each is consistent with all before it.
    ...checkpoints.flatMap(({ size, root }) =>
      size <= leaves.length && Buffer.from(rootOf(leaves.slice(0, size))).toString('hex') === root
        ? []
        : [`the checkpoint of size ${size} is of another log`],
    ),
  ];
}
