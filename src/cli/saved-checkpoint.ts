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

/** What a file is that was given for a checkpoint, where that can be told. */
export function likenessOf(text: string): string | undefined {
  if (/^[^+\s]+\+[0-9a-f]{8}\+\S+\s*$/.test(text)) return 'a log key';
  const [first = ''] = text.split('\n', 1);
  if (first.startsWith('{"format":')) return 'an export';
  if (first.startsWith('{"checkpoint":'))
    return 'a line of an export: save the text of its member "checkpoint"';
  return text.includes('application/vnd.dev.sigstore.trustedroot') ? 'a trusted root' : undefined;
}
