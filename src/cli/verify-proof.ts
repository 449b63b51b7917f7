import { openCheckpoint, parseCheckpoint, type Checkpoint } from '#ledger/checkpoint';
import { readCosignatures, type Cosignature } from '#ledger/cosignature';
import { leafHash } from '#ledger/merkle';
import { verifyInclusion } from '#ledger/merkle-verify';
import { parseLeaf } from '#ledger/leaf';
import { parseNote } from '#ledger/signed-note';
import { parseTlogProof } from '#ledger/tlog-proof';
import { counted } from '#ledger/verify/counted';
import { pinnedLogKeys } from '#ledger/verify/checkpoint-check';
import { noteReason } from '#ledger/verify/reasons';
import { pinnedWitnesses } from '#ledger/verify/witness-check';
import { verifyEd25519 } from '#runtime/verify-ed25519';
import { pinnedKeyProblem } from './pinned-key-problem.ts';

export interface ProofPins {
  readonly logKeys: readonly string[];
  readonly witnesses: readonly string[];
  /** How many witnesses must have cosigned. */
  readonly needed: number;
  /** The statement that the entry must be of. */
  readonly statement?: string;
}

export interface ProofVerdict {
  /** 0 holds, 1 does not, 2 unreadable or wrong usage. */
  readonly exitCode: 0 | 1 | 2;
  readonly lines: readonly string[];
}

const unreadable = (line: string): ProofVerdict => ({ exitCode: 2, lines: [line] });
const refused = (why: string): ProofVerdict => ({ exitCode: 1, lines: [`REFUSED: ${why}`] });

/**
 * Verifies a proof file (C2SP tlog-proof, "Verifying a tlog proof"): the checkpoint under a pinned
 * key, the witnesses asked for, and the inclusion of the leaf that stands in `extra`, of which the
 * file itself proves nothing: its hash does. No network.
 */
export function verifyProof(file: string, pins: ProofPins): ProofVerdict {
  if (pins.logKeys.length === 0)
    return unreadable('A pinned log key is needed: --log-key name+id+key');
  if (pins.needed > new Set(pins.witnesses).size)
    return unreadable('--witnesses asks for more witnesses than --witness pins.');
  const read = parseTlogProof(file.replaceAll('\r\n', '\n'));
  if (!read.ok) return unreadable(`This is no proof file (${read.code}).`);
  const { index, proof, checkpoint: note, extra } = read.value;
  const leaf = extra === undefined ? undefined : parseLeaf(extra);
  if (extra === undefined || leaf === undefined)
    return unreadable('The proof file holds no leaf of an audit log in its extra line.');
  try {
    const opened = openPinnedNote(note, pins.logKeys);
    if (typeof opened === 'string') return refused(`the checkpoint: ${noteReason(opened)}`);
    const cosigned = readCosignatures(note, pinnedWitnesses(pins.witnesses, verifyEd25519));
    if (!cosigned.ok)
      return refused('a cosignature in the name of a pinned witness is not by its key');
    if (cosigned.value.length < pins.needed)
      return refused(
        `${counted(cosigned.value.length, 'pinned witness', 'pinned witnesses')} cosigned it; asked for: ${pins.needed}`,
      );
    const { size, root } = opened;
    const included = verifyInclusion({ leafHash: leafHash(extra), index, size, proof, root });
    if (included !== true)
      return refused(`entry ${index} is not shown to stand in the log (${included})`);
    if (pins.statement !== undefined && pins.statement !== leaf.statement)
      return refused(`entry ${index} is of statement ${leaf.statement}, not of ${pins.statement}`);
    return { exitCode: 0, lines: told(opened, index, leaf.statement, cosigned.value) };
  } catch (error) {
    const problem = pinnedKeyProblem(error);
    if (problem !== undefined) return unreadable(problem);
    throw error;
  }
}

/** The checkpoint, if a pinned key signed it for the log that it is named after; else why not. */
function openPinnedNote(note: string, vkeys: readonly string[]): Checkpoint | string {
  const text = parseNote(note);
  const named = text.ok ? parseCheckpoint(text.value.text) : text;
  if (!named.ok) return named.code;
  let refusal = 'no-known-key';
  for (const log of pinnedLogKeys(vkeys, verifyEd25519)) {
    // A log's key has its name (C2SP tlog-checkpoint): one of another log signs nothing here.
    const opened = openCheckpoint(note, { origin: log.name, log });
    if (opened.ok) return opened.value.checkpoint;
    if (opened.code !== 'no-known-key') refusal = opened.code;
  }
  return refusal;
}

function told(
  { origin, size }: Checkpoint,
  index: number,
  statement: string,
  cosigned: readonly Cosignature[],
): readonly string[] {
  return [
    `VERIFIED: entry ${index} of ${origin} is in the log of ${counted(size, 'entry', 'entries')} that a pinned key signed.`,
    `Its statement is ${statement}`,
    ...cosigned.map(
      ({ name, cosignedAt }) => `Cosigned by ${name} at ${new Date(cosignedAt).toISOString()}`,
    ),
    'Proves: this entry stands at this place. Does not prove: that what it says is true, or anything of other entries.',
  ];
}
