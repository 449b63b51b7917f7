import { parseCheckpoint } from '#ledger/checkpoint';
import { parseNote } from '#ledger/signed-note';

/**
 * A checkpoint as a file holds it: a C2SP signed note, whose last newline and whose line ends
 * tools change when they save it. `undefined` for a file that is no checkpoint at all; of which
 * log it is and who signed it, the verification says.
 */
export function savedCheckpoint(text: string): string | undefined {
  const note = `${text.replaceAll('\r\n', '\n').trimEnd()}\n`;
  const read = parseNote(note);
  return read.ok && parseCheckpoint(read.value.text).ok ? note : undefined;
}
