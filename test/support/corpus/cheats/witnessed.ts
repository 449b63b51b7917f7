import { WitnessServer } from '#test/support/witness/witness-server';
import { checkpointOf } from '#test/support/replay/sealed-log';
import type { Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import type { Export } from '../export.ts';

/** The witness that an auditor pins. */
export const WITNESS = new WitnessServer('witness.example');

const textOf = (note: string): string => `${note.split('\n\n')[0]}\n`;

/** The log's checkpoint of its first entries, cosigned at this time. */
export function cosigned(
  { export: { entries }, keys }: Base,
  size: number,
  at: number,
  by: WitnessServer = WITNESS,
): { readonly size: number; readonly note: string } {
  const note = checkpointOf(entries.slice(0, size), keys);
  return { size, note: `${note}${by.cosign(textOf(note), Math.floor(at / 1000))}\n` };
}

/** The export with a cosigned checkpoint between its entries. */
export const withCosigned = (
  base: Base,
  checkpoint: { readonly size: number; readonly note: string },
): Export => ({ ...base.export, checkpoints: [checkpoint] });

const pinning = () => ({ witnesses: [WITNESS.vkey] });
const at = (base: Base): number => base.history.now;
const SIZE = 40;

/** Cosignatures that a pinned witness did not give. */
export const WITNESSED: readonly Cheat[] = [
  {
    name: 'a cosignature in the name of a pinned witness, over another checkpoint',
    apply: (base) => {
      const other =
        cosigned(base, SIZE - 1, at(base))
          .note.split('\n')
          .at(-2) ?? '';
      const note = `${checkpointOf(base.export.entries, base.keys)}${other}\n`;
      return { ...base.export, checkpoint: note };
    },
    brought: pinning,
    refused: {
      by: 'witnesses',
      code: 'cosignature-wrong',
      at: theLog,
      words: 'witness',
    },
  },
  {
    name: 'a cosignature whose time was changed',
    apply: (base) => {
      const note = cosigned(base, base.export.entries.length, at(base)).note;
      const [, blob = ''] = /— witness\.example (\S+)\n$/.exec(note) ?? [];
      const bytes = Buffer.from(blob, 'base64');
      bytes.writeUInt32BE(bytes.readUInt32BE(8) - 60, 8);
      return { ...base.export, checkpoint: note.replace(blob, bytes.toString('base64')) };
    },
    brought: pinning,
    refused: {
      by: 'witnesses',
      code: 'cosignature-wrong',
      at: theLog,
      words: 'witness',
    },
  },
];
