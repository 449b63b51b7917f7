import { once } from 'node:events';
import { benchKeys } from './bench-keys.ts';
import { sealedEntries, sealedLines } from './sealed-lines.ts';

/** Writes an export of as many entries as the first argument says to standard output. */
const keys = benchKeys();
let pending = '';
for await (const line of sealedLines(sealedEntries(Number(process.argv[2]), keys), keys)) {
  pending += `${line}\n`;
  if (pending.length < 256 * 1024) continue;
  if (!process.stdout.write(pending)) await once(process.stdout, 'drain');
  pending = '';
}
process.stdout.write(pending);
