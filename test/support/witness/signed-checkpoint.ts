import { createHash, createPublicKey, verify } from 'node:crypto';

/** A checkpoint as the witness reads it: its text is what is signed. */
export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly {
    readonly name: string;
    readonly id: Buffer;
    readonly bytes: Buffer;
  }[];
}

/** A log that the witness knows: its name and the raw Ed25519 key. */
export interface KnownLog {
  readonly name: string;
  readonly id: Buffer;
  readonly key: Buffer;
}

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** `name+id+key` of C2SP signed-note, of signature type 01. */
export function knownLog(vkey: string): KnownLog {
  const [name = '', id = '', ...rest] = vkey.split('+');
  const typed = Buffer.from(rest.join('+'), 'base64');
  return { name, id: Buffer.from(id, 'hex'), key: typed.subarray(1) };
}

/** `null` for what is no checkpoint (C2SP tlog-checkpoint, signed-note). */
export function readCheckpoint(note: string): SignedCheckpoint | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, split + 1);
  const [origin = '', decimal = '', root = ''] = text.split('\n');
  const lines = note.slice(split + 2, -1).split('\n');
  if (origin === '' || !/^(0|[1-9]\d*)$/.test(decimal)) return null;
  const hash = Buffer.from(root, 'base64');
  if (hash.length !== 32 || hash.toString('base64') !== root) return null;
  const signatures = lines.map((line) => {
    const [dash, name = '', blob = ''] = line.split(' ');
    const bytes = Buffer.from(blob, 'base64');
    if (dash !== '—' || bytes.length < 5) return null;
    return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
  });
  const read = signatures.filter((one) => one !== null);
  if (read.length < lines.length) return null;
  return { origin, size: Number(decimal), root: hash, text, signatures: read };
}

/** Whether a known key signed it, and no line of a known key is wrong. */
export function isSignedBy(checkpoint: SignedCheckpoint, logs: readonly KnownLog[]): boolean {
  const verdicts = checkpoint.signatures.flatMap(({ name, id, bytes }) => {
    const log = logs.find((one) => one.name === name && one.id.equals(id));
    if (log === undefined) return [];
    const key = createPublicKey({
      key: Buffer.concat([ED25519_SPKI, log.key]),
      format: 'der',
      type: 'spki',
    });
    return [verify(null, Buffer.from(checkpoint.text), key, bytes)];
  });
  return verdicts.length > 0 && verdicts.every(Boolean);
}

const nodeHash = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();

/**
 * Whether a proof shows growth (RFC 6962 §2.1.2), by the recursion of the text: both roots are
 * rebuilt from the proof, the old one from the parts that lie in it.
 */
export function isConsistent(
  old: { readonly size: number; readonly root: Buffer },
  grown: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (old.size === grown.size) return proof.length === 0 && old.root.equals(grown.root);
  const left = [...proof];
  const rebuilt = rebuild(old.size, grown.size, true, old.root, left);
  return (
    rebuilt !== null &&
    left.length === 0 &&
    rebuilt.before.equals(old.root) &&
    rebuilt.after.equals(grown.root)
  );
}

/** SUBPROOF(m, D[n], b) read backwards: takes hashes off the end of what is left of the proof. */
function rebuild(
  m: number,
  n: number,
  isWhole: boolean,
  oldRoot: Buffer,
  left: Buffer[],
): { readonly before: Buffer; readonly after: Buffer } | null {
  if (m === n) {
    const hash = isWhole ? oldRoot : left.pop();
    return hash === undefined ? null : { before: hash, after: hash };
  }
  let k = 1;
  while (k * 2 < n) k *= 2;
  const sibling = left.pop();
  if (sibling === undefined) return null;
  if (m <= k) {
    const below = rebuild(m, k, isWhole, oldRoot, left);
    return below && { before: below.before, after: nodeHash(below.after, sibling) };
  }
  const below = rebuild(m - k, n - k, false, oldRoot, left);
  return (
    below && { before: nodeHash(sibling, below.before), after: nodeHash(sibling, below.after) }
  );
}
