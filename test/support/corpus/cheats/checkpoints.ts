import { base64 } from '#ledger/digest';
import { formatVkey } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { checkpointOf, testKeys, type TestKeys } from '#test/support/replay/sealed-log';
import { ORIGIN } from '#test/support/replay/test-log';
import type { Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import { exportOf, type Export } from '../export.ts';

const withNote = (base: Base, note: string): Export => ({ ...base.export, checkpoint: note });

/** One line of the checkpoint changed, the signature left as it was. */
function line(base: Base, number: number, to: (before: string) => string): Export {
  const lines = base.export.checkpoint.split('\n');
  return withNote(base, lines.with(number, to(lines[number] ?? '')).join('\n'));
}

const refused = (words: string): Cheat['refused'] => ({
  by: 'checkpoint',
  code: 'checkpoint-refused',
  at: theLog,
  words: `The checkpoint is not one of this log under a pinned key: ${words}`,
});

const SIGNATURE = 4;
const INVALID = refused('the signature under a pinned key is not over this text');

/** A checkpoint of one's own over the honest entries, signed as `name` by these keys. */
function signedBy(base: Base, keys: TestKeys, name: string, text?: string): string {
  const body = text ?? base.export.checkpoint.split('\n\n')[0] + '\n';
  const vkey = formatVkey(name, keys.logKey);
  return signNote(body, {
    name,
    keyId: Number.parseInt(vkey.split('+')[1] ?? '', 16),
    sign: keys.signLog,
  });
}

const savedRefused = (words: string): Cheat['refused'] => ({
  by: 'consistency',
  code: 'saved-checkpoint-refused',
  at: theLog,
  words: `The saved checkpoint is not one of this log under a pinned key: ${words}`,
});

/** The signed head of the log. */
export const CHECKPOINTS: readonly Cheat[] = [
  {
    name: 'a checkpoint of another origin, its signature kept',
    apply: (base) => line(base, 0, () => 'breakglass.example/other'),
    refused: INVALID,
  },
  {
    name: 'a checkpoint of another size, its signature kept',
    apply: (base) => line(base, 1, (size) => String(Number(size) - 1)),
    refused: INVALID,
  },
  {
    name: 'a checkpoint of another root, its signature kept',
    apply: (base) => line(base, 2, () => base64(new Uint8Array(32))),
    refused: INVALID,
  },
  {
    name: 'a checkpoint with a line more, its signature kept',
    apply: (base) => line(base, 2, (root) => `${root}\nextension`),
    refused: INVALID,
  },
  {
    name: 'a checkpoint with a byte of its signature changed',
    apply: (base) =>
      line(base, SIGNATURE, (signature) => {
        const [dash = '', name = '', text = ''] = signature.split(' ');
        const bytes = Buffer.from(text, 'base64');
        bytes[10] = (bytes[10] ?? 0) ^ 1;
        return [dash, name, bytes.toString('base64')].join(' ');
      }),
    refused: INVALID,
  },
  {
    name: 'a checkpoint under another key id',
    apply: (base) =>
      line(base, SIGNATURE, (signature) => {
        const [dash = '', name = '', text = ''] = signature.split(' ');
        const bytes = Buffer.from(text, 'base64');
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        return [dash, name, bytes.toString('base64')].join(' ');
      }),
    refused: refused('no pinned key is on it'),
  },
  {
    name: 'a checkpoint without a signature',
    apply: (base) => withNote(base, `${base.export.checkpoint.split('\n\n')[0]}\n`),
    refused: refused('it is no checkpoint (no-signatures)'),
  },
  {
    name: 'a checkpoint that is signed by a key of the attacker',
    apply: (base) => withNote(base, signedBy(base, testKeys(), ORIGIN)),
    refused: refused('no pinned key is on it'),
  },
  {
    name: 'a checkpoint of another log, signed by the key of this one',
    apply: (base) =>
      withNote(base, checkpointOf(base.export.entries, base.keys, 'breakglass.example/other')),
    refused: refused('it is of another log'),
  },
  {
    name: 'a text that is no checkpoint, signed by the key of the log',
    apply: (base) => withNote(base, signedBy(base, base.keys, ORIGIN, 'hello\n')),
    refused: refused('it is no checkpoint (lines-malformed)'),
  },
  {
    name: 'an older checkpoint of the log',
    apply: (base) => withNote(base, checkpointOf(base.export.entries.slice(0, 40), base.keys)),
    refused: {
      by: 'inclusion',
      code: 'size-differs',
      at: theLog,
      words: 'The checkpoint is of 40 entries; the export has 89',
    },
  },
  {
    name: 'another root of the same size, signed by the key of the log',
    apply: (base) =>
      withNote(
        base,
        checkpointOf(base.export.entries.with(3, base.export.entries[4] ?? never()), base.keys),
      ),
    refused: {
      by: 'inclusion',
      code: 'root-differs',
      at: theLog,
      words: 'do not give the root of the checkpoint',
    },
  },
  {
    name: 'a saved checkpoint of another log',
    apply: (base) => base.export,
    brought: (base) => ({
      savedCheckpoint: checkpointOf(base.export.entries, base.keys, 'breakglass.example/other'),
    }),
    refused: savedRefused('it is of another log'),
  },
  {
    name: 'a saved checkpoint that the attacker signed',
    apply: (base) => base.export,
    brought: (base) => ({ savedCheckpoint: signedBy(base, testKeys(), ORIGIN) }),
    refused: savedRefused('no pinned key is on it'),
  },
  {
    name: 'a log that forked from the one whose checkpoint was saved',
    apply: (base) => base.export,
    brought: (base) => ({ savedCheckpoint: forked(base).checkpoint }),
    refused: {
      by: 'consistency',
      code: 'saved-root-differs',
      at: theLog,
      words: 'entries are not those of the saved checkpoint',
    },
  },
  {
    name: 'the fork of a log whose checkpoint was saved',
    apply: forked,
    brought: (base) => ({
      savedCheckpoint: checkpointOf(base.export.entries.slice(0, 52), base.keys),
    }),
    refused: {
      by: 'consistency',
      code: 'saved-root-differs',
      at: theLog,
      words: 'The first 52 entries are not those of the saved checkpoint',
    },
  },
];

/** A log of the same keys with the same first 51 entries, in which the drill never took place. */
function forked(base: Base): Export {
  const { entries } = base.export;
  const start = base.indexOf('request.opened', 'drill');
  const end = base.indexOf('bypass.closed', 'drill');
  return exportOf(
    entries.toSpliced(start, end - start + 1).map((entry, index) => ({ ...entry, index })),
    base.keys,
  );
}

function never(): never {
  throw new RangeError('the log is too short');
}
