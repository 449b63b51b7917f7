import { SERVICE } from '#domain/actor';
import type { ExportedEntry } from '#ledger/export/format';
import { checkpointOf, seal } from '#test/support/replay/sealed-log';
import { entryOf } from '#test/support/replay/test-log';
import type { Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import { entryAt, exportOf, type Export } from '../export.ts';

type Rearranged = (entries: readonly ExportedEntry[], at: number) => readonly ExportedEntry[];

/** What can be done to the order of entries, at any place. */
export const REARRANGED: Readonly<Record<string, Rearranged>> = {
  deleted: (entries, at) => entries.toSpliced(at, 1),
  duplicated: (entries, at) => entries.toSpliced(at, 0, entryAt({ entries }, at)),
  'swapped with the next': (entries, at) =>
    entries.toSpliced(at, 2, entryAt({ entries }, at + 1), entryAt({ entries }, at)),
  'moved to the end': (entries, at) => [...entries.toSpliced(at, 1), entryAt({ entries }, at)],
};

/** By someone without a key, in the file alone. */
export const rearranged = (base: Base, how: Rearranged, at: number): Export => ({
  ...base.export,
  entries: how(base.export.entries, at),
});

/** The same, with every index made to fit. */
export function renumbered(base: Base, how: Rearranged, at: number): Export {
  const entries = how(base.export.entries, at).map((entry, index) => ({ ...entry, index }));
  return { ...base.export, entries };
}

/** The same by whoever holds the log's key: renumbered, and under a fresh checkpoint. */
export const rearrangedByTheLog = (base: Base, how: Rearranged, at: number): Export =>
  exportOf(renumbered(base, how, at).entries, base.keys);

/** The checkpoint that an auditor saved when the log had this many entries. */
export const savedAt = ({ export: { entries }, keys }: Base, size: number): string =>
  checkpointOf(entries.slice(0, size), keys);

const CUT = 3;
const cut = ({ export: { entries } }: Base): readonly ExportedEntry[] => entries.slice(0, -CUT);
/** The service itself says that the rest was lost in a restore, whether or not there was one. */
function saidRestored({ export: whole, history, keys }: Base): Export {
  const [, , lostRoot = ''] = whole.checkpoint.split('\n');
  const lostSize = whole.entries.length;
  const said = { at: history.now, actor: SERVICE, detached: { reason: 'a disk failed' } };
  const entries = whole.entries.slice(0, -CUT);
  const event = { type: 'log.restored', ...said, lostSize, lostRoot } as const;
  const sealed = seal([entryOf(event, entries.length, [])], keys);
  const added = sealed.map((one) => ({ ...one, index: entries.length }));
  return exportOf([...entries, ...added], keys);
}

const AFTER_THE_CUT = 'the export has only';

/** The end of the log is missing. */
export const TRUNCATED: readonly Cheat[] = [
  {
    name: 'the last entries cut off',
    apply: (base) => ({ ...base.export, entries: cut(base) }),
    refused: { by: 'inclusion', code: 'size-differs', at: theLog, words: 'the export has 86' },
  },
  {
    name: 'the last entries cut off, under an older checkpoint of the log itself',
    apply: (base) => exportOf(cut(base), base.keys),
    brought: (base) => ({ savedCheckpoint: base.export.checkpoint }),
    refused: {
      by: 'consistency',
      code: 'saved-checkpoint-ahead',
      at: theLog,
      words: AFTER_THE_CUT,
    },
  },
  {
    name: 'the last entries cut off, and an entry of the service that says that a restore did so',
    apply: saidRestored,
    brought: (base) => ({ savedCheckpoint: base.export.checkpoint }),
    refused: {
      by: 'consistency',
      code: 'saved-checkpoint-ahead',
      at: theLog,
      words: AFTER_THE_CUT,
    },
  },
  {
    name: 'all entries but the first cut off, under an older checkpoint of the log itself',
    apply: (base) => exportOf(base.export.entries.slice(0, 1), base.keys),
    brought: (base) => ({ savedCheckpoint: savedAt(base, 2) }),
    refused: {
      by: 'consistency',
      code: 'saved-checkpoint-ahead',
      at: theLog,
      words: AFTER_THE_CUT,
    },
  },
];
