import { base64, parseBase64, SHA256_BYTES } from './digest.ts';
import { accepted, refused } from './result.ts';
import type { Result } from './result.ts';
import { parseNote } from './signed-note.ts';

/** A proof, for use offline, that an entry stands in a log (C2SP tlog-proof). */
export type TlogProof = {
  /** The entry's place in the log, from 0. */
  readonly index: number;
  /** The inclusion proof in the checkpoint's tree, from the sibling up (RFC 6962 §2.1.1). */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Anything at all. Not authenticated, so never trusted. */
  readonly extra?: Uint8Array;
};

export type TlogProofRefusal =
  | 'header-missing'
  | 'extra-malformed'
  | 'index-malformed'
  | 'index-out-of-range'
  | 'proof-malformed'
  | 'checkpoint-malformed';

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = /^index (?<index>0|[1-9][0-9]*)$/;
// No tree of a size that we read has a longer path.
const MAX_HASHES = 63;

/** Writes a proof file (`.tlog-proof`). Throws RangeError for what could not be read back. */
export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`${EXTRA}${base64(extra)}`]),
    `index ${index}`,
    ...proof.map(base64),
  ];
  const file = `${lines.join('\n')}\n\n${checkpoint}`;
  const read = parseTlogProof(file);
  if (!read.ok) throw new RangeError(`not a proof: ${read.code}`);
  return file;
}

/** Reads a proof file. Checks neither the signatures nor the inclusion proof. */
export function parseTlogProof(file: string): Result<TlogProof, TlogProofRefusal> {
  // The first empty line ends the proof; the checkpoint has one of its own.
  const split = file.indexOf('\n\n');
  const [header, ...lines] = (split < 0 ? file : file.slice(0, split)).split('\n');
  if (header !== HEADER) return refused('header-missing');
  const extraLine = lines[0]?.startsWith(EXTRA) === true ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : parseBase64(extraLine.slice(EXTRA.length));
  if (extraLine !== undefined && extra === undefined) return refused('extra-malformed');
  const index = parseIndex(lines.shift() ?? '');
  if (!index.ok) return index;
  const proof = parseHashes(lines);
  if (proof === undefined) return refused('proof-malformed');
  const checkpoint = split < 0 ? '' : file.slice(split + 2);
  if (!parseNote(checkpoint).ok) return refused('checkpoint-malformed');
  return accepted({
    index: index.value,
    proof,
    checkpoint,
    ...(extra === undefined ? {} : { extra }),
  });
}

function parseIndex(line: string): Result<number, 'index-malformed' | 'index-out-of-range'> {
  const decimal = INDEX.exec(line)?.groups?.['index'];
  if (decimal === undefined) return refused('index-malformed');
  const index = Number(decimal);
  return Number.isSafeInteger(index) ? accepted(index) : refused('index-out-of-range');
}

function parseHashes(lines: readonly string[]): Uint8Array[] | undefined {
  if (lines.length > MAX_HASHES) return undefined;
  const hashes: Uint8Array[] = [];
  for (const line of lines) {
    const hash = parseBase64(line);
    if (hash?.length !== SHA256_BYTES) return undefined;
    hashes.push(hash);
  }
  return hashes;
}
