import { base64 } from './digest.ts';

/** What a witness is asked to cosign (C2SP tlog-witness, "add-checkpoint"). */
export interface AddCheckpoint {
  /** The size that the witness has seen last; 0 if it has seen none. */
  readonly oldSize: number;
  /** The consistency proof from there (RFC 6962 §2.1.2); empty for 0 and for the same size. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly checkpoint: string;
}

const MOST_HASHES = 63;

/** The body of the request. Throws RangeError for a proof that no witness takes. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (proof.length > MOST_HASHES) throw new RangeError('a proof has at most 63 hashes');
  return `old ${oldSize}\n${proof.map((hash) => `${base64(hash)}\n`).join('')}\n${checkpoint}`;
}

/** The size in the body of a 409, `text/x.tlog.size`; `undefined` for anything else. */
export function parseConflict(body: string): number | undefined {
  const [, decimal] = /^(0|[1-9][0-9]{0,15})\n$/.exec(body) ?? [];
  const size = Number(decimal);
  return decimal !== undefined && Number.isSafeInteger(size) ? size : undefined;
}
