import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { consistencyProof, inclusionProof, leafHash, rootOf } from '#ledger/merkle';
import { openLineFile } from './line-file.ts';

/** One leaf of the log. */
export interface LogLeaf {
  readonly index: number;
  readonly body: Buffer;
  /** Whole seconds since 1970. */
  readonly integratedTime: number;
  readonly hash: Uint8Array;
}

/** The tree at some size. */
export interface TreeHead {
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/** An append-only RFC 6962 tree over the bodies, kept in one file. */
export interface TransparencyLog {
  /** Resolves once the leaf is on the disk. The same body twice gives the leaf it has. */
  append(body: Buffer): Promise<{ readonly leaf: LogLeaf; readonly added: boolean }>;
  find(leafHashHex: string): LogLeaf | undefined;
  at(index: number): LogLeaf | undefined;
  head(): TreeHead;
  inclusion(index: number): Uint8Array[];
  consistency(oldSize: number): Uint8Array[];
  close(): Promise<void>;
}

const record = z.strictObject({ body: z.base64(), integratedTime: z.int().positive() });

/**
 * Opens the log in `folder`. A new log starts with a genesis leaf, because some verifiers take
 * index 0 for «no index»: no signer's entry may have it.
 *
 * @param nth which log of the authority, counted from 1: each has a key and a tree of its own.
 */
export async function openTransparencyLog(
  folder: string,
  clock: () => Date,
  nth = 1,
): Promise<TransparencyLog> {
  const file = await openLineFile(join(folder, nth === 1 ? 'log.jsonl' : `log-${nth}.jsonl`));
  const leaves = file.lines.map((line, index) => {
    const { body, integratedTime } = record.parse(JSON.parse(line));
    return toLeaf(index, Buffer.from(body, 'base64'), integratedTime);
  });
  const tree = treeOf(leaves);
  let last: Promise<unknown> = Promise.resolve();

  async function write(body: Buffer): Promise<{ leaf: LogLeaf; added: boolean }> {
    const existing = tree.find(hex(leafHash(body)));
    if (existing !== undefined) return { leaf: existing, added: false };
    const leaf = toLeaf(tree.head().size, body, Math.floor(clock().getTime() / 1000));
    // On the disk before it is in the tree: no checkpoint may cover what a crash could take back.
    await file.append(
      JSON.stringify({ body: body.toString('base64'), integratedTime: leaf.integratedTime }),
    );
    tree.add(leaf);
    return { leaf, added: true };
  }

  // One after the other, so that an index is given once.
  function append(body: Buffer): Promise<{ leaf: LogLeaf; added: boolean }> {
    const next = last.then(() => write(body));
    last = next.catch(() => undefined);
    return next;
  }

  if (leaves.length === 0) await append(genesis(clock()));
  return { ...tree, append, close: () => file.close() };
}

interface Tree extends Omit<TransparencyLog, 'append' | 'close'> {
  add(leaf: LogLeaf): void;
}

function treeOf(stored: readonly LogLeaf[]): Tree {
  const leaves: LogLeaf[] = [];
  const hashes: Uint8Array[] = [];
  const byHash = new Map<string, LogLeaf>();
  function add(leaf: LogLeaf): void {
    leaves.push(leaf);
    hashes.push(leaf.hash);
    byHash.set(hex(leaf.hash), leaf);
  }
  stored.forEach(add);
  return {
    add,
    find: (leafHashHex) => byHash.get(leafHashHex),
    at: (index) => leaves[index],
    head: () => ({ size: hashes.length, rootHash: rootOf(hashes) }),
    inclusion: (index) => inclusionProof(hashes, index),
    consistency: (oldSize) => consistencyProof(hashes, oldSize),
  };
}

function toLeaf(index: number, body: Buffer, integratedTime: number): LogLeaf {
  return { index, body, integratedTime, hash: leafHash(body) };
}

function genesis(now: Date): Buffer {
  const spec = { createdAt: now.toISOString() };
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'genesis', spec }));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A stable 19-digit-or-less tree id for a log, from its key. */
export function treeIdOf(logId: Buffer): string {
  const digest = createHash('sha256').update('tree id').update(logId).digest();
  return (digest.readBigUInt64BE(0) >> 1n).toString();
}
