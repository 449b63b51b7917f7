import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Row } from '../table.ts';

const WRITER = new URL('../log/write-log.ts', import.meta.url).pathname;
const VERIFIER = new URL('verify-stdin.ts', import.meta.url).pathname;

const FEW = 10_000;

/** What a verification in a process of its own came to. */
export interface Verified {
  readonly entries: number;
  readonly seconds: number;
  /** The most memory that the process ever had. */
  readonly peakBytes: number;
  /** What was still in use at the end, after a collection. */
  readonly keptBytes: number;
}

/** A log that is made as it is read, in one process, and verified in another. */
async function verifyStream(entries: number): Promise<Verified> {
  const writer = spawn(process.execPath, [WRITER, String(entries)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const verifier = spawn(process.execPath, ['--expose-gc', VERIFIER], {
    stdio: [writer.stdout, 'pipe', 'inherit'],
  });
  // The writer's end is the verifier's alone: else both would read of it.
  writer.stdout.destroy();
  let told = '';
  verifier.stdout?.on('data', (text) => (told += String(text)));
  const [code] = (await once(verifier, 'close')) as [number];
  if (code !== 0) throw new RangeError(`the log of ${entries} entries was not verified`);
  return JSON.parse(told) as Verified;
}

/** Memory at many entries against memory at ten thousand. */
export async function memoryRows(many: number): Promise<readonly Row[]> {
  const [few, all] = [await verifyStream(FEW), await verifyStream(many)];
  const grown = (all.keptBytes - few.keptBytes) / (all.entries - few.entries);
  const rate = Math.round(all.entries / all.seconds);
  return [
    {
      what: `peak memory at ${told(many)} entries`,
      measured: mebibytes(all.peakBytes),
      against: `${mebibytes(few.peakBytes)} at ${told(FEW)}`,
      ratio: all.peakBytes / few.peakBytes,
      limit: 1.5,
    },
    {
      what: `kept for each entry, to ${told(many)} (${told(rate)}/s)`,
      measured: `${grown.toFixed(0)} B`,
      against: '128 B',
      ratio: grown / 128,
      limit: 1,
    },
  ];
}

const told = (count: number): string => count.toLocaleString('en-US');
const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
