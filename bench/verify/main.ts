import { machineTold } from '../machine.ts';
import { tableOf } from '../table.ts';
import { attestedRow } from './attested.ts';
import { memoryRows } from './memory.ts';
import { provisionalRows } from './provisional.ts';

const MANY = 1_000_000;

/** `npm run bench -- verify [entries]`: how fast the offline verifier is, and what it keeps. */
export async function benchVerify(entries = MANY): Promise<string> {
  const machine = machineTold();
  const rows = [...(await provisionalRows()), await attestedRow(), ...(await memoryRows(entries))];
  return `${machine}\n\n${tableOf(rows)}`;
}
